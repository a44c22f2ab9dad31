/**
 * Lists. The query comes from listQuery(), the answer's shape from pageOf():
 *
 *   const orderList = listQuery({ sort: ['orderedAt', 'number'], default: '-orderedAt' }, { status: optional(oneOf(…)) });
 *   const orderPage = pageOf('OrderPage', orderView);
 *
 * Keyset (the default, cost independent of depth): seek = readCursor(query.cursor, query.sort, ['instant', 'id']); read limitOf(query) rows
 * after `seek.values`, in reverse order when `seek.backward`; then keysetPage(rows, query, seek, (row) => [row.orderedAt, row.id]).
 * Numbered (`?page=`): read pageSize rows from offsetOf(query), count, then numberedPage(rows, query, total).
 */
import type Joi from 'joi';
import type { Nothing } from '../endpoint';
import { custom, Field, type AnyField, type Infer } from '../fields/field';
import { describe, int, list, named, nullable, optional, shape, text, withDefault, type Typed } from '../fields/fields';
import { writeCursor, type KeyValue, type Seek, type Sort } from './cursor';

export const LARGEST_PAGE = 200;

/** The paging part of a parsed list query. */
export interface PageRequest<K extends string = string> {
  readonly pageSize: number;
  readonly cursor?: string;
  readonly page?: number;
  readonly sort: Sort<K>;
}

interface Sorts<K extends string> {
  readonly sort: readonly K[];
  readonly default: NoInfer<K> | `-${NoInfer<K>}`;
  /** The default when there is a `q`. */
  readonly searching?: NoInfer<K> | `-${NoInfer<K>}`;
}

function sortField<const K extends string>({ sort, default: standard, searching = standard }: Sorts<K>): Field<Sort<K>> {
  const words = sort.flatMap((key) => [key, `-${key}`]);
  const parse = (word: string): Sort<K> =>
    word.startsWith('-') ? { by: word.slice(1) as K, descending: true } : { by: word as K, descending: false };
  const known: ReadonlySet<unknown> = new Set(words);
  // Not Joi's valid(): a value on that list skips every later rule, this conversion too.
  const rule = custom((word) => (known.has(word) ? { value: parse(word as string) } : { problem: `must be one of ${words.join(', ')}` }));
  const joi = rule.default(({ q }: { q?: unknown }) => parse(q === undefined ? standard : searching));
  return new Field<Sort<K>>(joi, () => ({
    type: 'string',
    enum: words,
    default: standard,
    description: `A leading minus sorts downwards.${searching === standard ? '' : ` With q the default is ${searching}.`}`,
  }));
}

/** The query of a list: paging, a sort from an allow-list, and the list's own filters. */
export function listQuery<const K extends string, S extends Readonly<Record<string, AnyField>> = Nothing>(
  sorts: Sorts<K>,
  filters: S = {} as S,
): Field<PageRequest<K> & Typed<S>> {
  const whole = shape({
    pageSize: withDefault(describe(int(1, LARGEST_PAGE), 'Rows of one page.'), 20),
    cursor: optional(describe(text(2048), 'nextCursor or previousCursor of an answer to the same sort and filters.')),
    page: optional(describe(int(1, 100_000), 'Instead of cursor: number of the page, from 1; the answer then tells the total.')),
    sort: sortField(sorts),
    ...filters,
  });
  const joi = (whole.joi as Joi.ObjectSchema).oxor('cursor', 'page').messages({ 'object.oxor': 'takes either cursor or page, not both' });
  return new Field(joi, whole.document);
}

export const paginationView = named(
  'Pagination',
  shape({
    pageSize: int(1, LARGEST_PAGE),
    nextCursor: nullable(text(2048)),
    previousCursor: optional(nullable(text(2048))),
    page: optional(int(1, 100_000)),
    total: optional(int(0, Number.MAX_SAFE_INTEGER)),
  }),
);
export type Pagination = Infer<typeof paginationView>;

export interface Page<T> {
  data: T[];
  pagination: Pagination;
}

/** The answer of a list, as a named component. */
export const pageOf = <T>(name: string, item: Field<T>): Field<Page<T>> =>
  named(name, shape({ data: list(item, { max: LARGEST_PAGE }), pagination: paginationView }));

/** Rows to read for a keyset page: one more than shown tells whether another page follows. */
export const limitOf = ({ pageSize }: PageRequest): number => pageSize + 1;

/** Rows to skip for a numbered page. */
export const offsetOf = ({ page, pageSize }: PageRequest): number => ((page ?? 1) - 1) * pageSize;

/** A page of rows read by keyset: up to limitOf() of them, nearest first (so upside down when going backward). */
export function keysetPage<T>(
  rows: readonly T[],
  request: PageRequest,
  seek: Seek | undefined,
  keyOf: (row: T) => readonly KeyValue[],
): Page<T> {
  const shown = rows.slice(0, request.pageSize);
  if (seek?.backward === true) shown.reverse();
  const hasMore = rows.length > request.pageSize;
  const first = shown[0];
  const last = shown.at(-1);
  const keys = first === undefined || last === undefined ? undefined : { first: keyOf(first), last: keyOf(last) };
  return { data: shown, pagination: keysetPagination(request, seek, hasMore, keys) };
}

/** For lists whose JSON text PostgreSQL builds: the pagination from the key values of the first and last row shown. */
export function keysetPagination(
  { pageSize, sort }: PageRequest,
  seek: Seek | undefined,
  hasMore: boolean,
  keys: { readonly first: readonly KeyValue[]; readonly last: readonly KeyValue[] } | undefined,
): Pagination {
  const backward = seek?.backward === true;
  // Going backward there is always a next page: the one we came from.
  const next = keys !== undefined && (backward || hasMore) ? writeCursor(sort, { values: keys.last, backward: false }) : null;
  const previous =
    keys !== undefined && (backward ? hasMore : seek !== undefined) ? writeCursor(sort, { values: keys.first, backward: true }) : null;
  return { pageSize, nextCursor: next, previousCursor: previous };
}

export const numberedPage = <T>(rows: readonly T[], { page = 1, pageSize }: PageRequest, total: number): Page<T> => ({
  data: [...rows],
  pagination: { pageSize, nextCursor: null, page, total },
});

/** A page whose rows are JSON text already, for rawJson(). */
export const rawPage = (data: string, pagination: Pagination): string => `{"data":${data},"pagination":${JSON.stringify(pagination)}}`;
