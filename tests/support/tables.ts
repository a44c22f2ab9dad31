import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import { newId } from '../../src/kernel/ids';

export interface Column {
  readonly name: string;
  /** As PostgreSQL writes it, such as `timestamp with time zone`. */
  readonly type: string;
  /** NOT NULL without a default: an INSERT must give it. */
  readonly needed: boolean;
  readonly generated: boolean;
}

export interface Table {
  /** A quoted identifier. */
  readonly name: string;
  readonly columns: readonly Column[];
}

/** Every table of the application, from the catalogue. */
export async function tablesOf(client: Client): Promise<Table[]> {
  const { rows } = await client.query<Table>(`
    SELECT quote_ident(c.relname) AS name, json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, NULL),
        'needed', a.attnotnull AND NOT a.atthasdef AND a.attidentity = '', 'generated', a.attgenerated <> '') ORDER BY a.attnum) AS columns
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    GROUP BY c.relname ORDER BY c.relname`);
  return rows;
}

const VALUES: Readonly<Record<string, () => unknown>> = {
  uuid: newId,
  text: () => randomBytes(6).toString('hex'),
  boolean: () => true,
  integer: () => 1,
  smallint: () => 1,
  bigint: () => 1,
  numeric: () => '1',
  date: () => '2026-01-01',
  'timestamp with time zone': () => new Date(0),
  jsonb: () => '{}',
  bytea: () => randomBytes(32),
  'text[]': () => [],
  'uuid[]': () => [],
};

/** Values for the columns that an INSERT must give: of the right type, and nothing more is claimed for them. */
export function rowOf(columns: readonly Column[], given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const row: Record<string, unknown> = { ...given };
  for (const { name, type, needed } of columns) {
    if (!needed || name in given) continue;
    const make = VALUES[type];
    if (make === undefined) throw new Error(`No value is known for the type ${type} of column ${name}: add one here`);
    row[name] = make();
  }
  return row;
}
