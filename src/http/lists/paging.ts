/**
 * Lists. The query comes from listQuery(), the answer's shape from pageOf(), both in the module's schemas:
 *
 *   const unitList = listQuery({ sort: ['code', 'name'], default: 'code' }, { category: optional(text(50)) });
 *   const unitPage = pageOf('UnitPage', unitView);
 *
 * The module's queries name once what each sort is in SQL and of which kind, and read a page in one statement:
 *
 *   export const UNIT_SORTS = { code: { key: Prisma.sql`u.code`, kind: 'text' }, … };
 *   list({ sortBy, category, ...wanted }) { return readJsonPage(lane, { from: …, sort: UNIT_SORTS[sortBy], … }, wanted); }
 *
 * The controller joins the two; the rows pass through as the text PostgreSQL wrote:
 *
 *   const wanted = pageWanted(query, UNIT_SORTS);
 *   return answerPage<UnitView>(await queries.list(wanted), wanted);
 *
 * Pages go by keyset, whose cost does not depend on the depth, or by `?page=`, which counts the total.
 */
import type Joi from 'joi';
import type { Nothing } from '../endpoint';
import { custom, Field, type AnyField, type Infer } from '../fields/field';
import { describe, int, list, named, nullable, optional, shape, text, withDefault, type Typed } from '../fields/fields';
import type { Sort } from './cursor';

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
