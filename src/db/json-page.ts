import { Prisma } from '../generated/prisma/client';
import type { KeyKind, RowKey, Seek } from '../kernel/paging';
import type { HotLane } from './hot-lane';

/** What a list is sorted by, then by id; never null. */
export interface SortKey {
  readonly key: Prisma.Sql;
  readonly kind: KeyKind;
}

/** Everything a list may be sorted by, under the names its query takes. */
export type Sorts<K extends string> = Readonly<Record<K, SortKey>>;

export interface ListSource {
  /** The list's own table under an alias with the columns `id` and the sort's, such as `products p`. */
  readonly from: Prisma.Sql;
  readonly id: Prisma.Sql;
  /** Conditions on that table, the organization's among them. */
  readonly where: readonly Prisma.Sql[];
  readonly sort: SortKey;
  /** Columns of the table that the view needs. */
  readonly columns: Prisma.Sql;
  /** The JSON of one row, and the joins it takes: they are made for the rows of the page only, which go by the alias `p`. */
  readonly view: Prisma.Sql;
  readonly joins?: Prisma.Sql;
}

export interface PageWanted {
  readonly pageSize: number;
  readonly descending: boolean;
  readonly seek?: Seek | undefined;
  /** From 1; counts all rows. Not together with `seek`. */
  readonly page?: number | undefined;
}

/** A page whose rows are JSON text. */
export interface JsonPage {
  readonly data: string;
  readonly hasMore: boolean;
  /** Of the first and the last row shown. */
  readonly keys: { readonly first: RowKey; readonly last: RowKey } | undefined;
  /** Only for numbered pages. */
  readonly total?: number;
}

const TEXT_OF: Readonly<Record<KeyKind, (key: Prisma.Sql) => Prisma.Sql>> = {
  text: (key) => key,
  instant: (key) => Prisma.sql`to_char(${key} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
  decimal: (key) => Prisma.sql`trim_scale(${key})::text`,
  id: (key) => Prisma.sql`${key}::text`,
};
const CASTS: Readonly<Record<KeyKind, Prisma.Sql>> = {
  text: Prisma.sql`text`,
  instant: Prisma.sql`timestamptz`,
  decimal: Prisma.sql`numeric`,
  id: Prisma.sql`uuid`,
};

/**
 * For a LIMIT that is a parameter the planner reckons with a tenth of the table, so it never settles on one plan for all executions and
 * plans each of them anew, which takes as long as the execution. The page size that nearly everybody asks for is written out.
 */
const STANDARD_PAGE_SIZE = 20;
const STANDARD_LIMIT = Prisma.sql`21`;

/**
 * One statement for a page of a list: the rows are found first (one more than shown tells whether another page follows), then joined, and
 * leave PostgreSQL as JSON text. Before the data stands a line with what a cursor is made of, so that nobody has to parse the rows.
 */
export async function readJsonPage(lane: Pick<HotLane, 'text'>, source: ListSource, wanted: PageWanted): Promise<JsonPage> {
  const { pageSize, seek, page } = wanted;
  const { key: sortKey, kind } = source.sort;
  const backward = seek?.backward === true;
  const downwards = wanted.descending !== backward;
  const direction = downwards ? Prisma.sql`DESC` : Prisma.sql`ASC`;
  const conditions = [...source.where];
  if (seek !== undefined) {
    const [key, id] = seek.values;
    const beyond = downwards ? Prisma.sql`<` : Prisma.sql`>`;
    conditions.push(Prisma.sql`(${sortKey}, ${source.id}) ${beyond} (${key}::${CASTS[kind]}, ${id}::uuid)`);
  }
  const where = Prisma.join(conditions, ' AND ');
  const offset = page === undefined ? Prisma.empty : Prisma.sql`OFFSET ${(page - 1) * pageSize}`;
  const limit = pageSize === STANDARD_PAGE_SIZE ? STANDARD_LIMIT : Prisma.sql`${pageSize + 1}::int`;
  const total = page === undefined ? Prisma.sql`NULL` : Prisma.sql`(SELECT count(*) FROM ${source.from} WHERE ${where})`;
  const order = backward ? Prisma.sql`v.n DESC` : Prisma.sql`v.n`;
  const text = await lane.text(Prisma.sql`
    SELECT json_build_array(count(*), ${total}, json_agg(json_build_array(${TEXT_OF[kind](Prisma.sql`v.key`)}, v.id) ORDER BY v.n) FILTER (WHERE v.n IN (1, ${pageSize}::int)))::text
      || E'\\n' || coalesce(json_agg(v.view ORDER BY ${order}) FILTER (WHERE v.n <= ${pageSize}::int), '[]'::json)::text
    FROM (
      SELECT p.n, p.key, p.id, ${source.view} AS view
      FROM (
        SELECT row_number() OVER (ORDER BY f.key ${direction}, f.id ${direction}) AS n, f.*
        FROM (SELECT ${sortKey} AS key, ${source.columns} FROM ${source.from} WHERE ${where}
              ORDER BY ${sortKey} ${direction}, ${source.id} ${direction} LIMIT ${limit} ${offset}) f
      ) p ${source.joins ?? Prisma.empty}
    ) v`);
  return takeApart(text!, pageSize, backward);
}

function takeApart(text: string, pageSize: number, backward: boolean): JsonPage {
  const end = text.indexOf('\n');
  const [rows, total, ends] = JSON.parse(text.slice(0, end)) as [number, number | null, RowKey[] | null];
  const nearest = ends?.[0];
  const farthest = ends?.at(-1);
  const keys = nearest === undefined || farthest === undefined ? undefined : { first: nearest, last: farthest };
  return {
    data: text.slice(end + 1),
    hasMore: rows > pageSize,
    keys: keys && backward ? { first: keys.last, last: keys.first } : keys,
    ...(total !== null && { total }),
  };
}
