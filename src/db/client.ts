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
    connectionString: runtimeUrl,
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
