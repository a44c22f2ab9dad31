import { inStores } from '../../db/allowed-stores';
import type { HotLane } from '../../db/hot-lane';
import { readJsonPage, type JsonPage, type PageWanted, type Sorts } from '../../db/json-page';
import { Prisma } from '../../generated/prisma/client';
import { currentOrganizationId } from '../../kernel/context';
import type { MovementKind } from './domain/stock-movement';

export interface MovementsWanted extends PageWanted {
  readonly productId?: string | undefined;
  readonly storeId?: string | undefined;
  readonly kind?: readonly MovementKind[] | undefined;
  readonly reason?: string | undefined;
  /** Occurred at this moment or later. */
  readonly from?: Date | undefined;
  /** Occurred before this moment. */
  readonly to?: Date | undefined;
  readonly sourceId?: string | undefined;
}

export const MOVEMENT_SORTS: Sorts<'occurredAt'> = { occurredAt: { key: Prisma.sql`f.occurred_at`, kind: 'instant' } };

/** Of a movement `p`, its `product` and its `store`. */
const VIEW = Prisma.sql`(SELECT row_to_json(movement_view) FROM (
  SELECT p.id, product.id AS "productId", product.sku, product.name, store.id AS "storeId", store.code AS "storeCode", p.kind,
    quantity_text(p.quantity) AS quantity, price_text(p.unit_cost, product.currency) AS "unitCost", money_text(p.value, product.currency) AS value,
    quantity_text(p.quantity_after) AS "quantityAfter", money_text(p.value_after, product.currency) AS "valueAfter", product.currency,
    p.reason, p.note,
    CASE WHEN p.source_id IS NOT NULL THEN (SELECT row_to_json(source_view) FROM (SELECT p.source_type AS type, p.source_id AS id, p.source_line_id AS "lineId") source_view) END AS source,
    p.actor_id AS "actorId", instant_text(p.occurred_at) AS "occurredAt", instant_text(p.recorded_at) AS "recordedAt") movement_view)`;

const joins = (): Prisma.Sql => Prisma.sql`
  JOIN products product ON product.organization_id = ${currentOrganizationId()}::uuid AND product.id = p.product_id
  JOIN stores store ON store.organization_id = ${currentOrganizationId()}::uuid AND store.id = p.store_id`;

/** The ledger of movements, read in one statement each. */
export class LedgerQueries {
  constructor(private readonly lane: Pick<HotLane, 'text'>) {}

  /** @throws StoreForbidden */
  movements({ productId, storeId, kind, reason, from, to, sourceId, ...wanted }: MovementsWanted): Promise<JsonPage> {
    const where = [Prisma.sql`f.organization_id = ${currentOrganizationId()}::uuid`, inStores(Prisma.sql`f.store_id`, storeId)];
    if (productId !== undefined) where.push(Prisma.sql`f.product_id = ${productId}::uuid`);
    if (kind !== undefined) where.push(Prisma.sql`f.kind = ANY (${kind}::text[])`);
    if (reason !== undefined) where.push(Prisma.sql`f.reason = ${reason}`);
    if (from !== undefined) where.push(Prisma.sql`f.occurred_at >= ${from}::timestamptz`);
    if (to !== undefined) where.push(Prisma.sql`f.occurred_at < ${to}::timestamptz`);
    if (sourceId !== undefined) where.push(Prisma.sql`f.source_id = ${sourceId}::uuid`);
    return readJsonPage(
      this.lane,
      {
        from: Prisma.sql`stock_movements f`,
        id: Prisma.sql`f.id`,
        sort: MOVEMENT_SORTS.occurredAt,
        where,
        columns: Prisma.sql`f.*`,
        view: VIEW,
        joins: joins(),
      },
      wanted,
    );
  }

  /** A movement that exists. */
  async movement(movementId: string): Promise<string> {
    const view = await this.lane.text(Prisma.sql`
      SELECT ${VIEW}::text FROM stock_movements p ${joins()}
      WHERE p.organization_id = ${currentOrganizationId()}::uuid AND p.id = ${movementId}::uuid`);
    return view!;
  }
}
