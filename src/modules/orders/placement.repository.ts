import { inAllowedStores } from '../../db/allowed-stores';
import { answerValues, claimColumns, type ClaimRow } from '../../db/idempotency';
import type { HotLane, Lane } from '../../db/hot-lane';
import { eventRows, insertEvents } from '../../events/event-store';
import type { DomainEvent } from '../../events/event';
import { Prisma } from '../../generated/prisma/client';
import { currentOrganizationId } from '../../kernel/context';
import { Decimal } from '../../kernel/decimal';
import type { Answer, IdempotencyClaim } from '../../kernel/idempotency';
import type { Demand } from '../inventory/domain/stock-level';
import type { Address } from '../../kernel/address';
import type { Order } from './domain/order';
import type { Credit } from './domain/order-money';
import type { LineUnit, OrderableProduct } from './domain/order-composition';
import {
  PRODUCT_COLUMNS,
  type ProductRow,
  productSources,
  toProduct,
  toUnit,
  type UnitRow,
  unitsStatement,
} from './order-catalogue.repository';
import { type CreditRow, toCredit } from './orders.repository';
import { LINE_COLUMNS, linesRecordset, lineValues, ORDER_COLUMNS, orderValues } from './order-statements.repository';

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
}

/** A product with the stock of the order's store. */
export interface PlacementProduct extends OrderableProduct {
  /** Zero when the store has no level of it. */
  readonly onHand: Decimal;
  readonly reserved: Decimal;
  readonly hasLevel: boolean;
}

type PlacementRow = ProductRow & { on_hand: string | null; reserved: string | null; level_allows_backorder: boolean | null };

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

interface FactsRow extends ClaimRow {
  store: PlacementStore | null;
  customer: (PlacementCustomer & { credit: CreditRow | null }) | null;
  products: PlacementRow[];
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
    const [facts, units] = await Promise.all([
      lane.rows<FactsRow>(factsStatement(question)),
      question.unitIds.length > 0 ? lane.rows<UnitRow>(unitsStatement(question.unitIds)) : [],
    ]);
    const { mine, known, store, customer, products } = facts[0]!;
    return {
      claim: question.claim && { mine, known },
      store,
      customer,
      credit: customer?.credit ? toCredit(customer.credit) : null,
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

  /** Writes all of it and commits, or nothing: a level that can't give what was asked is an error (QM409), and the whole is tried again. */
  async write(lane: Lane, placement: Placement, now: Date): Promise<void> {
    await lane.rowsAndCommit(placementStatement(placement, now));
  }
}

/**
 * Claim, parties, products and locked levels in one statement of one row: a statement more costs its parsing, its portal and two messages.
 * The locks are taken in lock order, because the levels are looked for by the store that `parties` has found, after the key and the
 * customer's guard were taken there.
 */
function factsStatement({ claim, storeId, customerId, productIds, lock }: PlacementQuestion): Prisma.Sql {
  const organizationId = currentOrganizationId();
  const levels = lock
    ? Prisma.sql`SELECT product_id, on_hand, reserved, allows_backorder FROM stock_levels
        WHERE organization_id = ${organizationId}::uuid AND store_id = (SELECT (store ->> 'id')::uuid FROM parties) AND product_id = ANY (${productIds}::uuid[])
        ORDER BY product_id FOR NO KEY UPDATE`
    : Prisma.sql`SELECT NULL::uuid AS product_id, NULL::numeric AS on_hand, NULL::numeric AS reserved, NULL::boolean AS allows_backorder WHERE false`;
  return Prisma.sql`
    WITH parties AS MATERIALIZED (
      SELECT ${claim ? claimColumns(claim) : Prisma.sql`true AS mine, NULL::json AS known`},
             (SELECT json_build_object('id', s.id, 'code', s.code, 'name', s.name, 'currency', s.currency) FROM (${storeStatement(storeId)}) s) AS store,
             ${customerId === undefined ? Prisma.sql`NULL::json` : Prisma.sql`(${customerStatement(customerId, lock)})`} AS customer),
    levels AS (${levels})
    SELECT parties.*, (SELECT coalesce(json_agg(row_to_json(p)), '[]') FROM (
      SELECT ${PRODUCT_COLUMNS}, l.on_hand::text, l.reserved::text, l.allows_backorder AS level_allows_backorder
      FROM ${productSources()} LEFT JOIN levels l ON l.product_id = p.id
      WHERE p.organization_id = ${organizationId}::uuid AND p.id = ANY (${productIds}::uuid[])) p) AS products
    FROM parties`;
}

/** The store asked for, else the oldest that the caller may use, when it is in use. Shared, as the foreign key will: whoever archives it waits. */
function storeStatement(storeId: string | undefined): Prisma.Sql {
  const chosen = storeId === undefined ? inAllowedStores(Prisma.sql`id`) : Prisma.sql`id = ${storeId}::uuid`;
  return Prisma.sql`SELECT id, code, name, currency FROM stores
    WHERE organization_id = ${currentOrganizationId()}::uuid AND archived_at IS NULL AND ${chosen} ORDER BY created_at, id LIMIT 1 FOR KEY SHARE`;
}

/** With a limit, and when the order is to be owed (a draft is not), also what is owed already, under the lock of the customer's row. */
function customerStatement(customerId: string, guard: boolean): Prisma.Sql {
  const credit = guard
    ? Prisma.sql`CASE WHEN c.credit_limit IS NOT NULL THEN (
          SELECT json_build_object('credit_limit', g.credit_limit::text, 'owed', g.owed::text, 'currency', g.currency)
          FROM guard_customer_credit(c.organization_id, c.id) g) END`
    : Prisma.sql`NULL::json`;
  return Prisma.sql`
    SELECT json_build_object('id', c.id, 'name', c.name, 'billingAddress', c.billing_address, 'shippingAddress', c.shipping_address, 'credit', ${credit})
    FROM customers c WHERE c.organization_id = ${currentOrganizationId()}::uuid AND c.id = ${customerId}::uuid AND c.anonymised_at IS NULL`;
}

const withStock = (row: PlacementRow): PlacementProduct => ({
  ...toProduct(row),
  // As the locked level has it, which the guarded UPDATE looks at: the product may have been changed since.
  allowsBackorder: row.level_allows_backorder ?? row.allows_backorder,
  onHand: new Decimal(row.on_hand ?? 0),
  reserved: new Decimal(row.reserved ?? 0),
  hasLevel: row.on_hand !== null,
});

/**
 * STK-6: the guarded UPDATE decides. COMMIT is on its way already, so an incomplete taking has to be an error, or what it took of other
 * levels would stay.
 */
function placementStatement({ order, demands, event, stored }: Placement, now: Date): Prisma.Sql {
  const organizationId = currentOrganizationId();
  const { rows: events } = eventRows([event], now);
  const answer = stored
    ? Prisma.sql`, new_answer AS (
        INSERT INTO idempotency_keys (organization_id, principal, key, fingerprint, status, body, headers)
        SELECT ${answerValues(stored.claim, stored.answer)} RETURNING 1)`
    : Prisma.empty;
  // A draft demands nothing, so it promises nothing either.
  const reservations =
    demands.length === 0
      ? Prisma.empty
      : Prisma.sql`new_reservations AS (
      INSERT INTO stock_reservations (organization_id, id, product_id, store_id, order_id, order_line_id, quantity, open_quantity, created_at)
      SELECT ${organizationId}::uuid, l.reservation_id, l.product_id, ${order.store.id}::uuid, ${order.id}::uuid, l.id, l.quantity, l.quantity, ${now}
      FROM lines l WHERE l.tracks_stock RETURNING 1),
    `;
  return Prisma.sql`
    WITH taken AS (
      UPDATE stock_levels l SET reserved = l.reserved + d.quantity, updated_at = now()
      FROM unnest(${demands.map((d) => d.productId)}::uuid[], ${demands.map((d) => d.quantity.toFixed())}::numeric[]) AS d (product_id, quantity)
      WHERE l.organization_id = ${organizationId}::uuid AND l.store_id = ${order.store.id}::uuid AND l.product_id = d.product_id
        AND (l.allows_backorder OR l.on_hand - l.reserved >= d.quantity)
      RETURNING 1),
    lines AS MATERIALIZED (SELECT * FROM ${linesRecordset(order)}),
    new_order AS (
      INSERT INTO orders (${ORDER_COLUMNS}) SELECT ${orderValues(order)} RETURNING 1),
    new_lines AS (
      INSERT INTO order_lines (${LINE_COLUMNS}) SELECT ${lineValues(order.id)} FROM lines l RETURNING 1),
    ${reservations}new_event AS (${insertEvents(events)} RETURNING 1)${answer}
    SELECT CASE WHEN count(*) <> ${demands.length}::integer THEN refuse_incomplete_taking() END FROM taken`;
}
