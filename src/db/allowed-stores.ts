import { Prisma } from '../generated/prisma/client';
import { allowedStores } from '../kernel/store-access';

/** The condition that a column names a store the caller may see; true for callers who see every store. */
export function inAllowedStores(column: Prisma.Sql): Prisma.Sql {
  const allowed = allowedStores();
  return allowed === undefined ? Prisma.sql`true` : Prisma.sql`${column} = ANY (${allowed}::uuid[])`;
}
