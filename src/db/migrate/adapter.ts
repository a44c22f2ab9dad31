/**
 * A driver adapter for Prisma's WASM schema engine, on one connection.
 *
 * Why not the factory of @prisma/adapter-pg (7.10.0):
 *  - executeScript() splits on ';' and so cuts $$ function bodies, DO blocks and string literals apart;
 *  - it has no mapping for type "char" (oid 18), which the catalogue queries of a live comparison return;
 *  - connectToShadowDb() keeps `connectionString`, which wins over `database`: the "shadow" connection is on the real database,
 *    and the shadow database is dropped before the pool is closed;
 *  - a pool gives every statement any connection, so pg_advisory_lock() guards nothing.
 */
import { randomUUID } from 'node:crypto';
import { Client, escapeIdentifier, type FieldDef } from 'pg';
import {
  ColumnTypeEnum,
  DriverAdapterError,
  type ColumnType,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
  type SqlQuery,
  type SqlResultSet,
  type Transaction,
} from '@prisma/driver-adapter-utils';

const ADAPTER_NAME = 'quartermaster-migrations';

const SCALAR: Readonly<Record<number, ColumnType>> = {
  16: ColumnTypeEnum.Boolean,
  17: ColumnTypeEnum.Bytes,
  18: ColumnTypeEnum.Character, // "char"
  19: ColumnTypeEnum.Text, // name
  20: ColumnTypeEnum.Int64,
  21: ColumnTypeEnum.Int32,
  23: ColumnTypeEnum.Int32,
  25: ColumnTypeEnum.Text,
  26: ColumnTypeEnum.Int64, // oid
  114: ColumnTypeEnum.Json,
  700: ColumnTypeEnum.Float,
  701: ColumnTypeEnum.Double,
  1042: ColumnTypeEnum.Text,
  1043: ColumnTypeEnum.Text,
  1082: ColumnTypeEnum.Date,
  1114: ColumnTypeEnum.DateTime,
  1184: ColumnTypeEnum.DateTime,
  1700: ColumnTypeEnum.Numeric,
  2950: ColumnTypeEnum.Uuid,
  3802: ColumnTypeEnum.Json,
  1000: ColumnTypeEnum.BooleanArray,
  1002: ColumnTypeEnum.CharacterArray,
  1003: ColumnTypeEnum.TextArray, // name[]
  1005: ColumnTypeEnum.Int32Array,
  1007: ColumnTypeEnum.Int32Array,
  1009: ColumnTypeEnum.TextArray,
  1015: ColumnTypeEnum.TextArray,
  1016: ColumnTypeEnum.Int64Array,
  1028: ColumnTypeEnum.Int64Array,
};
/** Types whose node-postgres parser gives what the engine expects; every other value stays text. */
const KEEP_PARSED = new Set([16, 17, 20, 21, 23, 26, 700, 701, 1000, 1002, 1003, 1005, 1007, 1009, 1015, 1016, 1028]);

/** regclass, xml, user types …: text is what the wire carries. */
const columnType = (field: FieldDef): ColumnType => SCALAR[field.dataTypeID] ?? ColumnTypeEnum.Text;

interface PgErrorLike {
  code?: string;
  severity?: string;
  message: string;
  detail?: string;
  column?: string;
  hint?: string;
}

/** The engine wants to know what happened by kind; what did not come from PostgreSQL stays as it is. */
function translated(error: unknown): unknown {
  const { code, message, severity = 'ERROR', detail, column, hint } = error as PgErrorLike;
  if (code === undefined) return error;
  const original = { originalCode: code, originalMessage: message };
  // By this kind it learns that _prisma_migrations is not there yet.
  if (code === '42P01')
    return new DriverAdapterError({ ...original, kind: 'TableDoesNotExist', table: /"([^"]+)"/.exec(message)?.[1] ?? '' });
  return new DriverAdapterError({ ...original, kind: 'postgres', code, severity, message, detail, column, hint });
}

class SingleClientAdapter implements SqlDriverAdapter {
  readonly provider = 'postgres' as const;
  readonly adapterName = ADAPTER_NAME;

  constructor(
    private readonly client: Client,
    private readonly schema: string,
    private readonly onDispose: () => Promise<void>,
  ) {}

  async queryRaw({ sql, args }: SqlQuery): Promise<SqlResultSet> {
    try {
      const res = await this.client.query<unknown[]>({
        text: sql,
        values: args.map((a) => (a instanceof Date ? a.toISOString() : a)),
        rowMode: 'array',
        types: {
          getTypeParser: (oid: number, format?: string) => {
            if (KEEP_PARSED.has(oid)) return this.client.getTypeParser(oid, format as 'text');
            if (oid === 1184) return (v: string) => v.replace(' ', 'T').replace(/([+-]\d{2})$/, '$1:00');
            if (oid === 1114) return (v: string) => `${v.replace(' ', 'T')}+00:00`;
            return (v: string) => v;
          },
        },
      });
      return { columnNames: res.fields.map((f) => f.name), columnTypes: res.fields.map(columnType), rows: res.rows };
    } catch (error) {
      throw translated(error);
    }
  }

  async executeRaw({ sql, args }: SqlQuery): Promise<number> {
    try {
      return (await this.client.query(sql, args)).rowCount ?? 0;
    } catch (error) {
      throw translated(error);
    }
  }

  /** Whole script in one simple-protocol message, as the native engine does: $$ bodies survive, one implicit transaction. */
  async executeScript(script: string): Promise<void> {
    if (script.trim() === '') return;
    try {
      await this.client.query(script);
    } catch (error) {
      throw translated(error);
    }
  }

  async startTransaction(): Promise<Transaction> {
    await this.executeScript('BEGIN');
    return {
      provider: this.provider,
      adapterName: this.adapterName,
      options: { usePhantomQuery: false },
      queryRaw: (q) => this.queryRaw(q),
      executeRaw: (q) => this.executeRaw(q),
      commit: () => this.executeScript('COMMIT'),
      rollback: () => this.executeScript('ROLLBACK'),
    };
  }

  getConnectionInfo() {
    return { schemaName: this.schema, supportsRelationJoins: true };
  }

  dispose(): Promise<void> {
    return this.onDispose();
  }
}

function withDatabase(url: string, database: string): string {
  const address = new URL(url);
  address.pathname = `/${encodeURIComponent(database)}`;
  return address.toString();
}

/** Prisma's own parameter of a connection address: which schema the tables are in. */
const schemaOf = (url: string): string => new URL(url).searchParams.get('schema') ?? 'public';

async function open(url: string): Promise<Client> {
  const address = new URL(url);
  address.searchParams.delete('schema'); // node-postgres does not know it
  const client = new Client({ connectionString: address.toString(), application_name: ADAPTER_NAME, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined); // reported by the query under way
  await client.connect();
  await client.query(`SET search_path = ${escapeIdentifier(schemaOf(url))}`);
  return client;
}

/**
 * @param url the database to work on
 * @param shadowUrl a server to make shadow databases on (empty databases in which the migrations are replayed, to see what they give)
 */
export function migrationAdapterFactory(url: string, shadowUrl: string): SqlMigrationAwareDriverAdapterFactory {
  return {
    provider: 'postgres',
    adapterName: ADAPTER_NAME,
    async connect() {
      const client = await open(url);
      return new SingleClientAdapter(client, schemaOf(url), () => client.end());
    },
    async connectToShadowDb() {
      const name = `prisma_migrate_shadow_db_${randomUUID()}`;
      const admin = await open(shadowUrl);
      const drop = async (client?: Client): Promise<void> => {
        await client?.end().catch(() => undefined);
        await admin.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
        await admin.end();
      };
      try {
        await admin.query(`CREATE DATABASE "${name}" TEMPLATE template0`);
        const client = await open(withDatabase(shadowUrl, name));
        return new SingleClientAdapter(client, schemaOf(shadowUrl), () => drop(client));
      } catch (error) {
        await drop();
        throw error;
      }
    },
  };
}
