import type { KeyValue, Seek } from './cursor';
import { keysetPagination, rawPage, type Page, type PageRequest } from './paging';
import { rawJson, type RawJson } from './reply';

/** What a list query of the database answered: rows as JSON text with what their cursors are made of. */
interface RawRows {
  readonly data: string;
  readonly hasMore: boolean;
  readonly keys: { readonly first: readonly KeyValue[]; readonly last: readonly KeyValue[] } | undefined;
  /** Only for numbered pages. */
  readonly total?: number;
}

/** The answer of a list whose rows PostgreSQL wrote as JSON: keyset, or numbered when a total was counted. */
export function answerPage<T>(rows: RawRows, request: PageRequest, seek: Seek | undefined): RawJson<Page<T>> {
  const { page = 1, pageSize } = request;
  const pagination =
    rows.total === undefined
      ? keysetPagination(request, seek, rows.hasMore, rows.keys)
      : { pageSize, nextCursor: null, page, total: rows.total };
  return rawJson(rawPage(rows.data, pagination));
}
