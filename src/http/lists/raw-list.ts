import { rawJson, type RawJson } from '../reply';
import type { KeyValue, Seek } from './cursor';
import { keysetPagination, rawPage, type Page, type PageRequest, type Pagination } from './paging';

/** What a list query of the database answered: rows as JSON text with what their cursors are made of. */
interface RawRows {
  readonly data: string;
  readonly hasMore: boolean;
  readonly keys: { readonly first: readonly KeyValue[]; readonly last: readonly KeyValue[] } | undefined;
  /** Only for numbered pages. */
  readonly total?: number;
}

/** Keyset, or numbered when a total was counted. */
export function paginationOf(rows: RawRows, request: PageRequest, seek: Seek | undefined): Pagination {
  const { page = 1, pageSize } = request;
  if (rows.total === undefined) return keysetPagination(request, seek, rows.hasMore, rows.keys);
  return { pageSize, nextCursor: null, page, total: rows.total };
}

/** The answer of a list whose rows PostgreSQL wrote as JSON. */
export const answerPage = <T>(rows: RawRows, request: PageRequest, seek: Seek | undefined): RawJson<Page<T>> =>
  rawJson(rawPage(rows.data, paginationOf(rows, request, seek)));
