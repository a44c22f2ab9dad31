import { Prisma } from '../generated/prisma/client';
import { allowedStores, requireStore } from '../kernel/store-access';

/** The condition that a column names a store the caller may see; true for callers who see every store. */
export function inAllowedStores(column: Prisma.Sql): Prisma.Sql {
  const allowed = allowedStores();
  return allowed === undefined ? Prisma.sql`true` : Prisma.sql`${column} = ANY (${allowed}::uuid[])`;
}

/** The condition that a column names the store asked for, else one that the caller may see. @throws StoreForbidden */
export function inStores(column: Prisma.Sql, storeId: string | undefined): Prisma.Sql {
  if (storeId === undefined) return inAllowedStores(column);
  requireStore(storeId);
  return Prisma.sql`${column} = ${storeId}::uuid`;
}
