import { inAllowedStores } from '../../db/allowed-stores';
import type { UnitOfWork } from '../../db/unit-of-work';
import { Prisma } from '../../generated/prisma/client';
import { currentContext, currentOrganizationId } from '../../kernel/context';
import { Decimal } from '../../kernel/decimal';
import { newId } from '../../kernel/ids';
import type { Demand, LevelKey, StockLevel } from './domain/stock-level';
import type { Movement, NewMovement } from './domain/stock-movement';

interface LevelRow {
  product_id: string;
  store_id: string;
  on_hand: string;
  reserved: string;
  value: string;
  allows_backorder: boolean;
}

interface MovementRow {
  id: string;
  product_id: string;
  store_id: string;
  kind: Movement['kind'];
  quantity: string;
  unit_cost: string;
  value: string;
  quantity_after: string;
  value_after: string;
  occurred_at: Date;
}

export interface StockedProduct {
  readonly id: string;
  readonly tracksStock: boolean;
  /** Per stock unit. */
  readonly cost: Decimal | null;
  readonly unit: { readonly code: string; readonly isWhole: boolean };
}

/** A line's promise of stock, as it is made or changed. */
export interface ReservationChange extends LevelKey {
  readonly orderId: string;
  readonly orderLineId: string;
  /** Always positive; the method says in which direction. */
  readonly quantity: Decimal;
}

/** Set-based SQL on levels, reservations and movements: always inside a unit of work, levels always locked in one order. */
export class StockRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  private get tx(): Prisma.TransactionClient {
    return this.unitOfWork.transaction;
  }

  /**
   * Makes empty levels where there are none yet, so that they can be locked. Keys of unknown products or stores are passed over. In lock
   * order, because a level that somebody else is just making is waited for; the product is shared, so that its allowsBackorder, which the
   * level copies, cannot change meanwhile.
   */
  async ensureLevels(keys: readonly LevelKey[]): Promise<void> {
    const organizationId = currentOrganizationId();
    await this.tx.$executeRaw`
      INSERT INTO stock_levels (organization_id, product_id, store_id, allows_backorder)
      SELECT p.organization_id, p.id, s.id, p.allows_backorder
      FROM unnest(${keys.map((key) => key.productId)}::uuid[], ${keys.map((key) => key.storeId)}::uuid[]) AS k (product_id, store_id)
      JOIN products p ON p.organization_id = ${organizationId}::uuid AND p.id = k.product_id
      JOIN stores s ON s.organization_id = ${organizationId}::uuid AND s.id = k.store_id
      WHERE NOT EXISTS (SELECT FROM stock_levels l WHERE l.organization_id = ${organizationId}::uuid AND l.product_id = p.id AND l.store_id = s.id)
      ORDER BY p.id, s.id FOR SHARE OF p
      ON CONFLICT DO NOTHING`;
  }

  /** Locks the levels that exist, in lock order. */
  async lockLevels(keys: readonly LevelKey[]): Promise<StockLevel[]> {
    const rows = await this.tx.$queryRaw<LevelRow[]>`
      SELECT product_id::text, store_id::text, on_hand::text, reserved::text, value::text, allows_backorder
      FROM stock_levels
      WHERE organization_id = ${currentOrganizationId()}::uuid
        AND (product_id, store_id) IN (SELECT * FROM unnest(${keys.map((key) => key.productId)}::uuid[], ${keys.map((key) => key.storeId)}::uuid[]))
      ORDER BY product_id, store_id FOR NO KEY UPDATE`;
    return rows.map(toLevel);
  }

  /** STK-6: one guarded statement; false (and nothing kept, because the caller throws) when a level can't give what is asked. */
  async addReserved(demands: readonly Demand[]): Promise<boolean> {
    const changed = await this.tx.$executeRaw`
      UPDATE stock_levels l SET reserved = l.reserved + d.quantity, updated_at = now()
      FROM unnest(${demands.map((d) => d.productId)}::uuid[], ${demands.map((d) => d.storeId)}::uuid[], ${demands.map((d) => d.quantity.toFixed())}::numeric[])
        AS d (product_id, store_id, quantity)
      WHERE l.organization_id = ${currentOrganizationId()}::uuid AND l.product_id = d.product_id AND l.store_id = d.store_id
        AND (l.allows_backorder OR l.on_hand - l.reserved >= d.quantity)`;
    return changed === demands.length;
  }

  /** Makes the lines' reservations, or lets those they have grow. */
  async growReservations(changes: readonly ReservationChange[], now: Date): Promise<void> {
    await this.tx.$executeRaw`
      INSERT INTO stock_reservations AS r (organization_id, id, product_id, store_id, order_id, order_line_id, quantity, open_quantity, status, created_at)
      SELECT ${currentOrganizationId()}::uuid, c.id, c.product_id, c.store_id, c.order_id, c.order_line_id, c.quantity, c.quantity, 'active', ${now}
      FROM unnest(${changes.map(() => newId())}::uuid[], ${changes.map((c) => c.productId)}::uuid[], ${changes.map((c) => c.storeId)}::uuid[],
        ${changes.map((c) => c.orderId)}::uuid[], ${changes.map((c) => c.orderLineId)}::uuid[], ${changes.map((c) => c.quantity.toFixed())}::numeric[])
        AS c (id, product_id, store_id, order_id, order_line_id, quantity)
      ON CONFLICT (organization_id, order_line_id) DO UPDATE
        SET quantity = r.quantity + EXCLUDED.quantity, open_quantity = r.open_quantity + EXCLUDED.open_quantity, status = 'active'`;
  }

  /** Takes quantities off the lines' open reservations; a trigger takes them off what their levels have reserved. False when one holds less. */
  async shrinkReservations(changes: readonly ReservationChange[], ending: 'consumed' | 'released'): Promise<boolean> {
    const changed = await this.tx.$executeRaw`
      UPDATE stock_reservations r
      SET open_quantity = r.open_quantity - c.quantity, status = CASE WHEN r.open_quantity = c.quantity THEN ${ending} ELSE 'active' END
      FROM unnest(${changes.map((c) => c.orderLineId)}::uuid[], ${changes.map((c) => c.quantity.toFixed())}::numeric[]) AS c (order_line_id, quantity)
      WHERE r.organization_id = ${currentOrganizationId()}::uuid AND r.order_line_id = c.order_line_id AND r.status = 'active' AND r.open_quantity >= c.quantity`;
    return changed === changes.length;
  }

  /** Appends to the ledger in the order given; a trigger changes the levels and computes value and the quantities after. */
  async insertMovements(movements: readonly NewMovement[]): Promise<Movement[]> {
    const rows = movements.map((movement) => ({
      id: newId(),
      product_id: movement.productId,
      store_id: movement.storeId,
      kind: movement.kind,
      quantity: movement.quantity.toFixed(),
      unit_cost: (movement.unitCost ?? new Decimal(0)).toFixed(),
      value: movement.value?.toFixed() ?? null,
      source_type: movement.source?.type ?? null,
      source_id: movement.source?.id ?? null,
      source_line_id: movement.source?.lineId ?? null,
      reason: movement.reason ?? null,
      note: movement.note ?? null,
      occurred_at: movement.occurredAt,
    }));
    const inserted = await this.tx.$queryRaw<MovementRow[]>`
      INSERT INTO stock_movements (organization_id, id, product_id, store_id, kind, quantity, unit_cost, value, source_type, source_id, source_line_id, reason, note, actor_id, occurred_at)
      SELECT ${currentOrganizationId()}::uuid, m.id, m.product_id, m.store_id, m.kind, m.quantity, m.unit_cost, m.value, m.source_type, m.source_id, m.source_line_id, m.reason, m.note,
             ${currentContext().actor.id}::uuid, m.occurred_at
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS m (id uuid, product_id uuid, store_id uuid, kind text, quantity numeric, unit_cost numeric, value numeric, source_type text,
        source_id uuid, source_line_id uuid, reason text, note text, occurred_at timestamptz)
      RETURNING id::text, product_id::text, store_id::text, kind, quantity::text, unit_cost::text, value::text, quantity_after::text, value_after::text, occurred_at`;
    return inserted.map(toMovement);
  }

  /** Names for people, for the refusal of a request. */
  async namesOf(productIds: readonly string[]): Promise<Map<string, { sku: string; name: string }>> {
    const rows = await this.unitOfWork.client.product.findMany({
      where: { organizationId: currentOrganizationId(), id: { in: [...productIds] } },
      select: { id: true, sku: true, name: true },
    });
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** Shared until commit, so that its unit and whether it tracks stock stay as they are while the goods move (QTY-3). */
  async shareProduct(productId: string): Promise<StockedProduct | null> {
    const organizationId = currentOrganizationId();
    const [row] = await this.tx.$queryRaw<Array<{ tracks_stock: boolean; cost: string | null; code: string; is_whole: boolean }>>`
      SELECT p.tracks_stock, p.cost::text, u.code, u.is_whole
      FROM products p JOIN units u ON u.organization_id = ${organizationId}::uuid AND u.id = p.unit_id
      WHERE p.organization_id = ${organizationId}::uuid AND p.id = ${productId}::uuid FOR SHARE OF p`;
    return row === undefined
      ? null
      : {
          id: productId,
          tracksStock: row.tracks_stock,
          cost: row.cost === null ? null : new Decimal(row.cost),
          unit: { code: row.code, isWhole: row.is_whole },
        };
  }

  /**
   * The store asked for, when it is in use; the oldest one that the caller may use when none is asked for. Shared: it can't be archived
   * before commit.
   */
  async shareUsableStore(storeId: string | undefined): Promise<string | null> {
    const chosen = storeId === undefined ? inAllowedStores(Prisma.sql`id`) : Prisma.sql`id = ${storeId}::uuid`;
    const [row] = await this.tx.$queryRaw<Array<{ id: string }>>`
      SELECT id::text FROM stores WHERE organization_id = ${currentOrganizationId()}::uuid AND archived_at IS NULL AND ${chosen}
      ORDER BY created_at, id LIMIT 1 FOR SHARE`;
    return row?.id ?? null;
  }

  /** Those of the stores that are in use, and the oldest one that the caller may use. Shared until commit. */
  async shareUsableStores(storeIds: readonly string[]): Promise<{ usable: Set<string>; oldest: string | null }> {
    const organizationId = currentOrganizationId();
    const rows = await this.tx.$queryRaw<Array<{ id: string; oldest: boolean }>>`
      WITH oldest AS (
        SELECT id FROM stores WHERE organization_id = ${organizationId}::uuid AND archived_at IS NULL AND ${inAllowedStores(Prisma.sql`id`)} ORDER BY created_at, id LIMIT 1)
      SELECT s.id::text, s.id = (SELECT id FROM oldest) AS oldest FROM stores s
      WHERE s.organization_id = ${organizationId}::uuid AND s.archived_at IS NULL AND (s.id = ANY (${storeIds}::uuid[]) OR s.id = (SELECT id FROM oldest))
      ORDER BY s.id FOR SHARE OF s`;
    return { usable: new Set(rows.map(({ id }) => id)), oldest: rows.find(({ oldest }) => oldest)?.id ?? null };
  }
}

const toLevel = (row: LevelRow): StockLevel => ({
  productId: row.product_id,
  storeId: row.store_id,
  onHand: new Decimal(row.on_hand),
  reserved: new Decimal(row.reserved),
  value: new Decimal(row.value),
  allowsBackorder: row.allows_backorder,
});

const toMovement = (row: MovementRow): Movement => ({
  id: row.id,
  productId: row.product_id,
  storeId: row.store_id,
  kind: row.kind,
  quantity: new Decimal(row.quantity),
  unitCost: new Decimal(row.unit_cost),
  value: new Decimal(row.value),
  quantityAfter: new Decimal(row.quantity_after),
  valueAfter: new Decimal(row.value_after),
  occurredAt: row.occurred_at,
});
