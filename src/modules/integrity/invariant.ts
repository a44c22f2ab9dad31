import { Prisma } from '../../generated/prisma/client';

/** A table of the tenant plane as the catalogue knows it. Names are quoted identifiers, safe to write into a statement. */
export interface TenantTable {
  readonly name: string;
  /** `'id', id` … for jsonb_build_object: which row it is. */
  readonly keyPairs: string;
  readonly numericColumns: readonly string[];
  readonly hasId: boolean;
  readonly hasVersion: boolean;
}

/** What a statement is about. */
export interface Subject {
  /** The organization's id as a typed parameter; every tenant table is asked for it by name. */
  readonly organization: Prisma.Sql;
  readonly now: Date;
  readonly tables: readonly TenantTable[];
}

/**
 * Something that is always true of the data, stated as one SELECT with one row per thing examined and one column `example`: null when the
 * thing is in order, else a JSON object that says what is wrong with it. Write the column with `must`.
 */
export interface Invariant {
  /** INV-n of the reliability rules, with a suffix where one rule takes several statements; or the domain rule it belongs to. */
  readonly id: string;
  readonly description: string;
  readonly rows: (subject: Subject) => Prisma.Sql;
}

/** The column `example`: `condition` must be true; false and unknown are violations. */
export const must = (condition: Prisma.Sql, example: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`CASE WHEN (${condition}) THEN NULL ELSE jsonb_build_object(${example}) END AS example`;

/** Identifiers come from the catalogue, quoted by PostgreSQL. */
export const identifier = (quoted: string): Prisma.Sql => Prisma.raw(quoted);

/** One statement over several tables; a statement that answers no row when there is none. */
export const overTables = (tables: readonly TenantTable[], select: (table: TenantTable) => Prisma.Sql, none: Prisma.Sql): Prisma.Sql =>
  tables.length === 0 ? none : Prisma.join(tables.map(select), ' UNION ALL ');
