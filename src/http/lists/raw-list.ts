import type { KeyKind, RowKey, Seek } from '../../kernel/paging';
import { rawJson, type RawJson } from '../reply';
import { readCursor, writeCursor } from './cursor';
import type { Page, PageRequest, Pagination } from './paging';

/** What a list query of the database answered: rows as JSON text with what their cursors are made of. */
interface RawRows {
  readonly data: string;
  readonly hasMore: boolean;
  /** Of the first and the last row shown; undefined when there is none. */
  readonly keys: { readonly first: RowKey; readonly last: RowKey } | undefined;
  /** Only for numbered pages. */
  readonly total?: number;
}

interface Wanted<K extends string> {
  readonly sortBy: K;
  readonly descending: boolean;
  readonly seek: Seek | undefined;
}

/**
 * What a parsed list query asks the database for. `sorts` tells of what kind each key is that the list may be sorted by.
 * @throws InvalidInput for a cursor that was not made for this list and sort
 */
export function pageWanted<K extends string, Q extends PageRequest<K>>(
  query: Q,
  sorts: Readonly<Record<K, { readonly kind: KeyKind }>>,
): Q & Wanted<K> {
  const { by, descending } = query.sort;
  return { ...query, sortBy: by, descending, seek: readCursor(query.cursor, query.sort, sorts[by].kind) };
}

/** Keyset, or numbered when a total was counted. */
export function paginationOf(rows: RawRows, wanted: PageRequest & Wanted<string>): Pagination {
  const { page = 1, pageSize, sort, seek } = wanted;
  if (rows.total !== undefined) return { pageSize, nextCursor: null, page, total: rows.total };
  const { keys, hasMore } = rows;
  if (keys === undefined) return { pageSize, nextCursor: null, previousCursor: null };
  const backward = seek?.backward === true;
  // Going backward there is always a next page: the one we came from.
  const hasNext = backward || hasMore;
  const hasPrevious = backward ? hasMore : seek !== undefined;
  return {
    pageSize,
    nextCursor: hasNext ? writeCursor(sort, { values: keys.last, backward: false }) : null,
    previousCursor: hasPrevious ? writeCursor(sort, { values: keys.first, backward: true }) : null,
  };
}

/** The answer of a list whose rows PostgreSQL wrote as JSON. */
export const answerPage = <T>(rows: RawRows, wanted: PageRequest & Wanted<string>): RawJson<Page<T>> =>
  rawJson(`{"data":${rows.data},"pagination":${JSON.stringify(paginationOf(rows, wanted))}}`);
