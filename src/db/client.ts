import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '../generated/prisma/client';
import { statementName } from './hot-lane';
import { TenantPool } from './tenant-pool';

export interface DatabaseClient {
  readonly pool: TenantPool;
  readonly prisma: PrismaClient;
  close(): Promise<void>;
}

/** The one pool of this process and the Prisma client on top of it. The role's own settings carry the time limits of statements and locks. */
export function connect(runtimeUrl: string, poolSize: number): DatabaseClient {
  const pool = new TenantPool({
    connectionString: inUtc(runtimeUrl),
    max: poolSize,
    application_name: 'quartermaster',
    statement_timeout: 5_000,
    lock_timeout: 2_000,
    idle_in_transaction_session_timeout: 10_000,
  });
  const prisma = new PrismaClient({
    adapter: new PrismaPg(pool, { statementNameGenerator: ({ sql }: { sql: string }) => statementName(sql) }),
  });
  const close = async (): Promise<void> => {
    await prisma.$disconnect();
    if (!pool.ended) await pool.end();
  };
  return { pool, prisma, close };
}

/** Prisma's driver adapter drops the offset of a timestamptz, so every connection must speak UTC, whatever the server's own zone is. */
function inUtc(url: string): string {
  const address = new URL(url);
  const options = address.searchParams.get('options');
  address.searchParams.set('options', [...(options === null ? [] : [options]), '-c timezone=UTC'].join(' '));
  address.search = address.search.replaceAll('+', '%20'); // not every client takes + for a space
  return address.toString();
}
