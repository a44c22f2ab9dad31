import { inAllowedStores } from '../../db/allowed-stores';
import { answerValues, type Answer, claimColumns, type ClaimRow, type IdempotencyClaim } from '../../db/idempotency';
import type { HotLane, Lane } from '../../db/hot-lane';
import { eventRows, insertEvents } from '../../events/event-store';
import type { DomainEvent } from '../../events/event';
import { Prisma } from '../../generated/prisma/client';
import { currentOrganizationId } from '../../kernel/context';
import { Decimal } from '../../kernel/decimal';
import type { Demand } from '../inventory/domain/stock-level';
import type { Address } from '../../kernel/address';
import type { Order } from './domain/order';
import type { Credit } from './domain/order-money';
import type { LineUnit, OrderableProduct } from './domain/order-composition';
import {
  PRODUCT_COLUMNS,
  type ProductRow,
  productSources,
  productsStatement,
  toProduct,
  toUnit,
  type UnitRow,
  unitsStatement,
} from './order-catalogue.repository';
import { type CreditRow, toCredit } from './orders.repository';
import { LINE_COLUMNS, linesRecordset, ORDER_COLUMNS, orderValues } from './order-statements.repository';

export interface PlacementStore {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly currency: string;
}

export interface PlacementCustomer {
  readonly id: string;
  readonly name: string;
  readonly billingAddress: Address | null;
  readonly shippingAddress: Address | null;
  /** Days. */
  readonly paymentTerms: number;
}

/** A product with the stock of the order's store. */
export interface PlacementProduct extends OrderableProduct {
  /** Zero when the store has no level of it. */
  readonly onHand: Decimal;
  readonly reserved: Decimal;
  readonly hasLevel: boolean;
}

type PlacementRow = ProductRow & { on_hand?: string | null; reserved?: string | null };

export interface PlacementQuestion {
  readonly claim: IdempotencyClaim | undefined;
  readonly storeId: string | undefined;
  readonly customerId: string | undefined;
  readonly productIds: readonly string[];
  readonly unitIds: readonly string[];
  /** True to take the locks of the levels; false for drafts, which reserve nothing. */
  readonly lock: boolean;
}

export interface PlacementFacts {
  readonly claim: ClaimRow | undefined;
  readonly store: PlacementStore | null;
  readonly customer: PlacementCustomer | null;
  /** Null without a limit. */
  readonly credit: Credit | null;
  readonly products: ReadonlyMap<string, PlacementProduct>;
  readonly units: ReadonlyMap<string, LineUnit>;
}

interface PartiesRow extends ClaimRow {
  store: PlacementStore | null;
  customer: PlacementCustomer | null;
  credit: CreditRow | null;
}

/** What is written when an order is placed. */
export interface Placement {
  readonly order: Order;
  readonly demands: readonly Demand[];
  readonly event: DomainEvent;
  readonly stored: { readonly claim: IdempotencyClaim; readonly answer: Answer } | undefined;
}

/**
 * The hot lane of order placement: everything it needs to know in one round trip (with the levels locked in lock order), everything it
 * writes in one statement that travels with COMMIT. Every writing CTE ends in RETURNING: without it Citus takes another path, which
 * row-level security forbids.
 */
export class PlacementRepository {
  constructor(private readonly lane: HotLane) {}

  run<T>(work: (lane: Lane) => Promise<T>): Promise<T> {
    return this.lane.run(work);
  }

  async learn(lane: Lane, question: PlacementQuestion): Promise<PlacementFacts> {
    const [parties, products, units] = await Promise.all([
      lane.rows<PartiesRow>(partiesStatement(question)),
      lane.rows<PlacementRow>(question.lock ? lockedProductsStatement(question) : productsStatement(question.productIds)),
      question.unitIds.length > 0 ? lane.rows<UnitRow>(unitsStatement(question.unitIds)) : [],
    ]);
    return {
      claim: question.claim && { mine: parties[0]!.mine, known: parties[0]!.known },
      store: parties[0]?.store ?? null,
      customer: parties[0]?.customer ?? null,
      credit: parties[0]?.credit ? toCredit(parties[0].credit) : null,
      products: new Map(products.map((row) => [row.id, withStock(row)])),
      units: new Map(units.map((row) => [row.id, toUnit(row)])),
    };
  }

  /** Empty levels for back-ordered products that the store has never held, so that they can be locked and reserved. */
  async ensureLevels(lane: Lane, storeId: string, productIds: readonly string[]): Promise<void> {
    await lane.rows(Prisma.sql`
      INSERT INTO stock_levels (organization_id, product_id, store_id, allows_backorder)
      SELECT p.organization_id, p.id, ${storeId}::uuid, p.allows_backorder FROM products p
      WHERE p.organization_id = ${currentOrganizationId()}::uuid AND p.id = ANY (${productIds}::uuid[])
      ON CONFLICT DO NOTHING RETURNING 1`);
  }

  /** Writes all of it and commits, or nothing: false when a level could not give what was asked. */
  async write(lane: Lane, placement: Placement, now: Date): Promise<boolean> {
    const [written] = await lane.rowsAndCommit<{ complete: boolean }>(placementStatement(placement, now));
    return written!.complete;
  }
}

/** The idempotency key's row too: one statement less in the round trip. */
function partiesStatement({ claim, storeId, customerId, lock }: PlacementQuestion): Prisma.Sql {
  const organizationId = currentOrganizationId();
  const customer =
    customerId === undefined
      ? Prisma.sql`NULL::jsonb`
      : Prisma.sql`(SELECT jsonb_build_object('id', id, 'name', name, 'billingAddress', billing_address, 'shippingAddress', shipping_address, 'paymentTerms', payment_terms)
          FROM customers WHERE organization_id = ${organizationId}::uuid AND id = ${customerId}::uuid AND anonymised_at IS NULL)`;
  // Locks the customer's row, as a guard, before the levels are locked; nothing of it for a draft, which owes nothing.
  const credit =
    customerId === undefined || !lock
      ? Prisma.sql`NULL::jsonb`
      : Prisma.sql`(SELECT jsonb_build_object('credit_limit', g.credit_limit::text, 'owed', g.owed::text, 'currency', g.currency)
          FROM guard_customer_credit(${organizationId}::uuid, ${customerId}::uuid) g)`;
  return Prisma.sql`
    SELECT ${claim ? claimColumns(claim) : Prisma.sql`true AS mine, NULL AS known`},
           (SELECT jsonb_build_object('id', s.id, 'code', s.code, 'name', s.name, 'currency', s.currency) FROM (${storeStatement(storeId)}) s) AS store,
           ${customer} AS customer, ${credit} AS credit`;
}

/** The store asked for, else the oldest that the caller may use, when it is in use. */
function storeStatement(storeId: string | undefined): Prisma.Sql {
  const chosen = storeId === undefined ? inAllowedStores(Prisma.sql`id`) : Prisma.sql`id = ${storeId}::uuid`;
  return Prisma.sql`SELECT id, code, name, currency FROM stores
    WHERE organization_id = ${currentOrganizationId()}::uuid AND archived_at IS NULL AND ${chosen} ORDER BY created_at, id LIMIT 1`;
}

function lockedProductsStatement({ storeId, productIds }: PlacementQuestion): Prisma.Sql {
  const organizationId = currentOrganizationId();
  return Prisma.sql`
    WITH levels AS (
      SELECT product_id, on_hand, reserved FROM stock_levels
      WHERE organization_id = ${organizationId}::uuid AND store_id = (SELECT id FROM (${storeStatement(storeId)}) s) AND product_id = ANY (${productIds}::uuid[])
      ORDER BY product_id FOR NO KEY UPDATE)
    SELECT ${PRODUCT_COLUMNS}, l.on_hand, l.reserved
    FROM ${productSources()} LEFT JOIN levels l ON l.product_id = p.id
    WHERE p.organization_id = ${organizationId}::uuid AND p.id = ANY (${productIds}::uuid[])`;
}

const withStock = (row: PlacementRow): PlacementProduct => ({
  ...toProduct(row),
  onHand: new Decimal(row.on_hand ?? 0),
  reserved: new Decimal(row.reserved ?? 0),
  hasLevel: row.on_hand != null,
});

/** STK-6: the guarded UPDATE decides; every INSERT hangs on `complete`, so an incomplete taking writes nothing else and is rolled back. */
function placementStatement({ order, demands, event, stored }: Placement, now: Date): Prisma.Sql {
  const organizationId = currentOrganizationId();
  const { rows: events } = eventRows([event], now);
  const answer = stored
    ? Prisma.sql`, new_answer AS (
        INSERT INTO idempotency_keys (organization_id, principal, key, fingerprint, status, body, headers)
        SELECT ${answerValues(stored.claim, stored.answer)} FROM complete WHERE complete RETURNING 1)`
    : Prisma.empty;
  // A draft demands nothing, so it promises nothing either.
  const reservations =
    demands.length === 0
      ? Prisma.empty
      : Prisma.sql`new_reservations AS (
      INSERT INTO stock_reservations (organization_id, id, product_id, store_id, order_id, order_line_id, quantity, open_quantity, created_at)
      SELECT ${organizationId}::uuid, l.reservation_id, l.product_id, ${order.store.id}::uuid, ${order.id}::uuid, l.id, l.quantity, l.quantity, ${now}
      FROM complete, ${linesRecordset(order)} WHERE complete AND l.tracks_stock RETURNING 1),
    `;
  return Prisma.sql`
    WITH taken AS (
      UPDATE stock_levels l SET reserved = l.reserved + d.quantity, updated_at = now()
      FROM unnest(${demands.map((d) => d.productId)}::uuid[], ${demands.map((d) => d.quantity.toFixed())}::numeric[]) AS d (product_id, quantity)
      WHERE l.organization_id = ${organizationId}::uuid AND l.store_id = ${order.store.id}::uuid AND l.product_id = d.product_id
        AND (l.allows_backorder OR l.on_hand - l.reserved >= d.quantity)
      RETURNING 1),
    complete AS (SELECT count(*) = ${demands.length}::integer AS complete FROM taken),
    new_order AS (
      INSERT INTO orders (${ORDER_COLUMNS}) SELECT ${orderValues(order)} FROM complete WHERE complete RETURNING 1),
    new_lines AS (
      INSERT INTO order_lines (${LINE_COLUMNS})
      SELECT ${organizationId}::uuid, l.id, ${order.id}::uuid, l.line_number, l.product_id, l.sku, l.name, l.tracks_stock, l.quantity, l.entered_quantity, l.unit, l.unit_factor, l.stock_unit_factor, l.unit_is_whole,
             l.unit_price, l.price_is_manual, l.unit_cost, l.gross, l.discount_percent, l.discount_amount, l.document_discount, l.tax_rate_id, l.tax_rate, l.tax_inclusive, l.tax_amount, l.total
      FROM complete, ${linesRecordset(order)} WHERE complete RETURNING 1),
    ${reservations}new_event AS (${insertEvents(events, Prisma.sql`, complete WHERE complete`)} RETURNING 1)${answer}
    SELECT complete FROM complete`;
}
