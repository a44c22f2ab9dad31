import { Prisma } from '../generated/prisma/client';

/** STK-4, of one level. Never less than nothing: a back-order in one store takes nothing from another. */
export const availableOf = (level: Prisma.Sql): Prisma.Sql => Prisma.sql`greatest(${level}.on_hand - ${level}.reserved, 0)`;

/**
 * The condition that a product is low: it is not archived, tracks stock, and no more of it is available than its reorder level. Never null;
 * a product without a reorder level is never low. `available` is of one store or of several; null, where there is no level, is nothing.
 */
export const isLow = (product: Prisma.Sql, available: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`(${product}.status <> 'archived' AND ${product}.tracks_stock AND coalesce(${product}.reorder_level >= coalesce(${available}, 0), false))`;
