import { answerValues, type Answer, claimColumns, type ClaimRow, type IdempotencyClaim } from '../../db/idempotency';
import type { HotLane, Lane } from '../../db/hot-lane';
import { eventRows, insertEvents } from '../../events/event-store';
import type { DomainEvent } from '../../events/event';
import { Prisma } from '../../generated/prisma/client';
import { currentContext, currentOrganizationId } from '../../kernel/context';
import { Decimal } from '../../kernel/decimal';
import { newId } from '../../kernel/ids';
import type { Demand } from '../inventory/domain/stock-level';
import type { Address } from '../../kernel/address';
import type { Order } from './domain/order';

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

/** A product as an order line needs it, with the stock of the order's store. */
export interface PlacementProduct {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly status: string;
  readonly price: Decimal | null;
  readonly cost: Decimal | null;
  readonly currency: string;
  readonly tracksStock: boolean;
  readonly allowsBackorder: boolean;
  readonly unit: string;
  readonly unitCategory: string;
  readonly unitFactor: Decimal;
  readonly unitIsWhole: boolean;
  readonly taxRateId: string | null;
  readonly taxRate: Decimal;
  readonly taxInclusive: boolean;
  /** Zero when the store has no level of it. */
  readonly onHand: Decimal;
  readonly reserved: Decimal;
  readonly hasLevel: boolean;
}

export interface PlacementUnit {
  readonly id: string;
  readonly code: string;
  readonly category: string;
  readonly factor: Decimal;
}

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
  readonly products: ReadonlyMap<string, PlacementProduct>;
  readonly units: ReadonlyMap<string, PlacementUnit>;
}

interface PartiesRow extends ClaimRow {
  store: PlacementStore | null;
  customer: PlacementCustomer | null;
}

interface ProductRow {
  id: string;
  sku: string;
  name: string;
  status: string;
  price: string | null;
  cost: string | null;
  currency: string;
  tracks_stock: boolean;
  allows_backorder: boolean;
  unit: string;
  unit_category: string;
  unit_factor: string;
  unit_is_whole: boolean;
  tax_rate_id: string | null;
  tax_rate: string | null;
  tax_inclusive: boolean | null;
  on_hand: string | null;
  reserved: string | null;
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
      lane.rows<ProductRow>(question.lock ? lockedProductsStatement(question) : productsStatement(question)),
      question.unitIds.length > 0 ? lane.rows<PlacementUnit & { factor: string }>(unitsStatement(question.unitIds)) : [],
    ]);
    return {
      claim: question.claim && { mine: parties[0]!.mine, known: parties[0]!.known },
      store: parties[0]?.store ?? null,
      customer: parties[0]?.customer ?? null,
      products: new Map(products.map((row) => [row.id, toProduct(row)])),
      units: new Map(units.map((row) => [row.id, { ...row, factor: new Decimal(row.factor) }])),
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
function partiesStatement({ claim, storeId, customerId }: PlacementQuestion): Prisma.Sql {
  const organizationId = currentOrganizationId();
  const customer =
    customerId === undefined
      ? Prisma.sql`NULL::jsonb`
      : Prisma.sql`(SELECT jsonb_build_object('id', id, 'name', name, 'billingAddress', billing_address, 'shippingAddress', shipping_address, 'paymentTerms', payment_terms)
          FROM customers WHERE organization_id = ${organizationId}::uuid AND id = ${customerId}::uuid AND anonymised_at IS NULL)`;
  return Prisma.sql`
    SELECT ${claim ? claimColumns(claim) : Prisma.sql`true AS mine, NULL AS known`},
           (SELECT jsonb_build_object('id', s.id, 'code', s.code, 'name', s.name, 'currency', s.currency) FROM (${storeStatement(storeId)}) s) AS store,
           ${customer} AS customer`;
}

/** The store asked for, else the organization's oldest, when it is in use. */
function storeStatement(storeId: string | undefined): Prisma.Sql {
  const chosen = storeId === undefined ? Prisma.empty : Prisma.sql`AND id = ${storeId}::uuid`;
  return Prisma.sql`SELECT id, code, name, currency FROM stores
    WHERE organization_id = ${currentOrganizationId()}::uuid AND archived_at IS NULL ${chosen} ORDER BY created_at, id LIMIT 1`;
}

const PRODUCT_COLUMNS = Prisma.sql`p.id, p.sku, p.name, p.status, p.price, p.cost, p.currency, p.tracks_stock, p.allows_backorder,
  u.code AS unit, u.category AS unit_category, u.factor AS unit_factor, u.is_whole AS unit_is_whole, t.id AS tax_rate_id, t.rate AS tax_rate, t.inclusive AS tax_inclusive`;

/** The tax rate is the category's own, else the organization's default. */
function productSources(): Prisma.Sql {
  const organizationId = currentOrganizationId();
  return Prisma.sql`
    products p
    JOIN units u ON u.organization_id = ${organizationId}::uuid AND u.id = p.unit_id
    LEFT JOIN categories c ON c.organization_id = ${organizationId}::uuid AND c.id = p.category_id
    LEFT JOIN tax_rates t ON t.organization_id = ${organizationId}::uuid AND t.id = coalesce(c.tax_rate_id,
      (SELECT id FROM tax_rates WHERE organization_id = ${organizationId}::uuid AND is_default AND archived_at IS NULL))`;
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

function productsStatement({ productIds }: PlacementQuestion): Prisma.Sql {
  return Prisma.sql`
    SELECT ${PRODUCT_COLUMNS}, NULL::numeric AS on_hand, NULL::numeric AS reserved
    FROM ${productSources()}
    WHERE p.organization_id = ${currentOrganizationId()}::uuid AND p.id = ANY (${productIds}::uuid[])`;
}

const unitsStatement = (unitIds: readonly string[]): Prisma.Sql =>
  Prisma.sql`SELECT id, code, category, factor FROM units WHERE organization_id = ${currentOrganizationId()}::uuid AND id = ANY (${unitIds}::uuid[])`;

const toProduct = (row: ProductRow): PlacementProduct => ({
  id: row.id,
  sku: row.sku,
  name: row.name,
  status: row.status,
  price: row.price === null ? null : new Decimal(row.price),
  cost: row.cost === null ? null : new Decimal(row.cost),
  currency: row.currency,
  tracksStock: row.tracks_stock,
  allowsBackorder: row.allows_backorder,
  unit: row.unit,
  unitCategory: row.unit_category,
  unitFactor: new Decimal(row.unit_factor),
  unitIsWhole: row.unit_is_whole,
  taxRateId: row.tax_rate_id,
  taxRate: new Decimal(row.tax_rate ?? 0),
  taxInclusive: row.tax_inclusive ?? false,
  onHand: new Decimal(row.on_hand ?? 0),
  reserved: new Decimal(row.reserved ?? 0),
  hasLevel: row.on_hand !== null,
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
      SELECT ${organizationId}::uuid, l.id, ${order.id}::uuid, l.line_number, l.product_id, l.sku, l.name, l.tracks_stock, l.quantity, l.entered_quantity, l.unit, l.unit_factor,
             l.unit_price, l.price_is_manual, l.unit_cost, l.gross, l.discount_percent, l.discount_amount, l.document_discount, l.tax_rate_id, l.tax_rate, l.tax_inclusive, l.tax_amount, l.total
      FROM complete, ${linesRecordset(order)} WHERE complete RETURNING 1),
    new_reservations AS (
      INSERT INTO stock_reservations (organization_id, id, product_id, store_id, order_id, order_line_id, quantity, open_quantity, created_at)
      SELECT ${organizationId}::uuid, l.reservation_id, l.product_id, ${order.store.id}::uuid, ${order.id}::uuid, l.id, l.quantity, l.quantity, ${now}
      FROM complete, ${linesRecordset(order)} WHERE complete AND l.tracks_stock RETURNING 1),
    new_event AS (${insertEvents(events, Prisma.sql`, complete WHERE complete`)} RETURNING 1)${answer}
    SELECT complete FROM complete`;
}

export const ORDER_COLUMNS = Prisma.sql`organization_id, id, number, external_reference, status, fulfilment_status, payment_status, store_id, customer_id, guest_name, currency, discount_percent,
  discount_amount, subtotal, discount_total, shipping_amount, tax_total, tax_included, total, billing_address, shipping_address, notes, due_date, ordered_at, created_by,
  version, created_at, updated_at`;

export function orderValues(order: Order): Prisma.Sql {
  return Prisma.sql`${currentOrganizationId()}::uuid, ${order.id}::uuid, ${order.number}, ${order.externalReference}, ${order.status}, ${order.fulfilmentStatus}, ${order.paymentStatus},
    ${order.store.id}::uuid, ${order.customer?.id ?? null}::uuid, ${order.guestName}, ${order.currency}, ${text(order.discountPercent)}::numeric, ${text(order.discountAmount)}::numeric,
    ${order.subtotal.toFixed()}::numeric, ${order.discountTotal.toFixed()}::numeric, ${order.shippingAmount.toFixed()}::numeric, ${order.taxTotal.toFixed()}::numeric,
    ${order.taxIncluded.toFixed()}::numeric, ${order.total.toFixed()}::numeric, ${json(order.billingAddress)}::jsonb, ${json(order.shippingAddress)}::jsonb, ${order.notes},
    ${order.dueDate}::date, ${order.orderedAt}::timestamptz, ${currentContext().actor.id}::uuid, ${order.version}::integer, ${order.createdAt}::timestamptz, ${order.updatedAt}::timestamptz`;
}

export const LINE_COLUMNS = Prisma.sql`organization_id, id, order_id, line_number, product_id, sku, name, tracks_stock, quantity, entered_quantity, unit, unit_factor, unit_price, price_is_manual, unit_cost, gross,
  discount_percent, discount_amount, document_discount, tax_rate_id, tax_rate, tax_inclusive, tax_amount, total`;

/** The order's lines as a recordset `l`; each comes with an id for its reservation. */
export function linesRecordset(order: Pick<Order, 'lines'>): Prisma.Sql {
  const rows = order.lines.map((line) => ({
    id: line.id,
    reservation_id: newId(),
    line_number: line.lineNumber,
    product_id: line.productId,
    sku: line.sku,
    name: line.name,
    tracks_stock: line.tracksStock,
    quantity: line.quantity,
    entered_quantity: line.enteredQuantity,
    unit: line.unit,
    unit_factor: line.unitFactor,
    unit_price: line.unitPrice,
    price_is_manual: line.priceIsManual,
    unit_cost: line.unitCost,
    gross: line.gross,
    discount_percent: line.discountPercent,
    discount_amount: line.discountAmount,
    document_discount: line.documentDiscount,
    tax_rate_id: line.taxRateId,
    tax_rate: line.taxRate,
    tax_inclusive: line.taxInclusive,
    tax_amount: line.taxAmount,
    total: line.total,
  }));
  return Prisma.sql`json_to_recordset(${JSON.stringify(rows)}::json) AS l (id uuid, reservation_id uuid, line_number integer, product_id uuid, sku text, name text, tracks_stock boolean,
    quantity numeric, entered_quantity numeric, unit text, unit_factor numeric, unit_price numeric, price_is_manual boolean, unit_cost numeric, gross numeric, discount_percent numeric, discount_amount numeric,
    document_discount numeric, tax_rate_id uuid, tax_rate numeric, tax_inclusive boolean, tax_amount numeric, total numeric)`;
}

const text = (value: Decimal | null): string | null => value?.toFixed() ?? null;
const json = (value: Address | null): string | null => (value === null ? null : JSON.stringify(value));
