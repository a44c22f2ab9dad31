import { inAllowedStores } from '../../db/allowed-stores';
import type { HotLane } from '../../db/hot-lane';
import { readJsonPage, type JsonPage, type PageWanted, type Sorts } from '../../db/json-page';
import { Prisma } from '../../generated/prisma/client';
import { currentOrganizationId } from '../../kernel/context';
import { onlyCustomer } from '../../kernel/own-orders';
import { CustomerNotFound } from '../customers/customers.errors';

/** Days in the organization's time zone, YYYY-MM-DD. */
export interface StatementPeriod {
  readonly from?: string | undefined;
  /** The last one. */
  readonly to?: string | undefined;
  /** The organization's when left out. */
  readonly currency?: string | undefined;
}

/**
 * What makes a customer owe more or less, a row each:
 * - an order: what of it was not cancelled; a return takes its total off, a payment its amount;
 * - a refund: gives back what was credited, by a return it names or because more was paid than is owed. What goes beyond that is a
 *   kindness: it is credited with the refund and changes nothing. The latest refunds of an order are taken for it.
 */
function entries(customerId: string, currency: string | undefined): Prisma.Sql {
  const organization = Prisma.sql`${currentOrganizationId()}::uuid`;
  const customer = Prisma.sql`${customerId}::uuid`;
  const inCurrency = Prisma.sql`currency = coalesce(${currency ?? null}, (SELECT currency FROM organizations WHERE id = ${organization}))`;
  return Prisma.sql`
    WITH placed AS (
      SELECT id, number, ordered_at, total - cancelled_amount AS owed FROM orders
      WHERE organization_id = ${organization} AND customer_id = ${customer} AND status <> 'draft' AND ${inCurrency} AND ${inAllowedStores(Prisma.sql`store_id`)}),
    returned AS (
      SELECT id, number, order_id, returned_at, total FROM returns
      WHERE organization_id = ${organization} AND order_id IN (SELECT id FROM placed)
      UNION ALL SELECT id, number, NULL, returned_at, total FROM returns
      WHERE organization_id = ${organization} AND customer_id = ${customer} AND order_id IS NULL AND ${inCurrency} AND ${inAllowedStores(Prisma.sql`store_id`)}),
    paid AS (
      SELECT id, reference, order_id, paid_at, amount FROM payments
      WHERE organization_id = ${organization} AND order_id IN (SELECT id FROM placed) AND status IN ('succeeded', 'partially_refunded', 'refunded')
      UNION ALL SELECT id, reference, NULL, paid_at, amount FROM payments
      WHERE organization_id = ${organization} AND customer_id = ${customer} AND order_id IS NULL AND ${inCurrency} AND ${inAllowedStores(Prisma.sql`NULL::uuid`)}
        AND status IN ('succeeded', 'partially_refunded', 'refunded')),
    refunded AS (
      SELECT id, order_id, return_id, refunded_at, amount FROM refunds
      WHERE organization_id = ${organization} AND order_id IN (SELECT id FROM placed) AND status = 'succeeded'
      UNION ALL SELECT id, NULL, return_id, refunded_at, amount FROM refunds
      WHERE organization_id = ${organization} AND customer_id = ${customer} AND order_id IS NULL AND return_id IN (SELECT id FROM returned) AND status = 'succeeded'),
    kindness AS (
      SELECT o.id, f.without_return - least(f.without_return, greatest(coalesce(p.amount, 0) + coalesce(r.total, 0) - o.owed - f.with_return, 0)) AS amount
      FROM placed o
      JOIN (SELECT order_id, coalesce(sum(amount) FILTER (WHERE return_id IS NULL), 0) AS without_return, coalesce(sum(amount) FILTER (WHERE return_id IS NOT NULL), 0) AS with_return
            FROM refunded GROUP BY order_id) f ON f.order_id = o.id
      LEFT JOIN (SELECT order_id, sum(amount) AS amount FROM paid GROUP BY order_id) p ON p.order_id = o.id
      LEFT JOIN (SELECT order_id, sum(total) AS total FROM returned GROUP BY order_id) r ON r.order_id = o.id)
    SELECT id, 'order' AS type, number, id AS order_id, ordered_at AS at, owed AS amount, owed AS change FROM placed WHERE owed <> 0
    UNION ALL SELECT id, 'return', number, order_id, returned_at, total, -total FROM returned WHERE total <> 0
    UNION ALL SELECT id, 'payment', reference, order_id, paid_at, amount, -amount FROM paid
    UNION ALL SELECT f.id, 'refund', NULL, f.order_id, f.refunded_at, f.amount,
      f.amount - CASE WHEN f.return_id IS NULL THEN least(f.amount, greatest(coalesce(k.amount, 0) - coalesce(sum(f.amount) FILTER (WHERE f.return_id IS NULL) OVER later, 0), 0)) ELSE 0 END
    FROM refunded f LEFT JOIN kindness k ON k.id = f.order_id
    WINDOW later AS (PARTITION BY f.order_id ORDER BY f.refunded_at DESC, f.id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)`;
}

/** The moment a day begins in the organization. */
const dayStart = (day: string): Prisma.Sql =>
  Prisma.sql`(${day}::date::timestamp AT TIME ZONE (SELECT time_zone FROM organizations WHERE id = ${currentOrganizationId()}::uuid))`;
const dayEnd = (day: string): Prisma.Sql =>
  Prisma.sql`((${day}::date + 1)::timestamp AT TIME ZONE (SELECT time_zone FROM organizations WHERE id = ${currentOrganizationId()}::uuid))`;

export const STATEMENT_SORTS: Sorts<'occurredAt'> = { occurredAt: { key: Prisma.sql`f.at`, kind: 'instant' } };

const VIEW = Prisma.sql`(SELECT row_to_json(entry) FROM (SELECT p.id, p.type, p.number, p.order_id AS "orderId", instant_text(p.at) AS "occurredAt",
  money_text(p.amount, p.currency) AS amount, money_text(p.change, p.currency) AS change, money_text(p.balance, p.currency) AS balance) entry)`;

/** A customer's account: what of the orders is owed, by date. */
export class AccountQueries {
  constructor(private readonly lane: Pick<HotLane, 'text'>) {}

  /** ORD-10: to customers who sign in, others are like unknown ones. @throws CustomerNotFound */
  async requireCustomer(customerId: string): Promise<void> {
    requireOwn(customerId);
    const found = await this.lane.text(
      Prisma.sql`SELECT id::text FROM customers WHERE organization_id = ${currentOrganizationId()}::uuid AND id = ${customerId}::uuid`,
    );
    if (found === null) throw customerNotFound(customerId);
  }

  /** The head of a statement, as JSON. @throws CustomerNotFound */
  async head(customerId: string, { from, to, currency }: StatementPeriod): Promise<string> {
    requireOwn(customerId);
    const organization = Prisma.sql`${currentOrganizationId()}::uuid`;
    const before = from === undefined ? Prisma.sql`false` : Prisma.sql`e.at < ${dayStart(from)}`;
    const until = to === undefined ? Prisma.sql`true` : Prisma.sql`e.at < ${dayEnd(to)}`;
    const total = (type: string): Prisma.Sql =>
      Prisma.sql`money_text(coalesce(sum(e.amount) FILTER (WHERE e.type = ${type} AND NOT ${before} AND ${until}), 0), s.currency)`;
    const text = await this.lane.text(Prisma.sql`
      SELECT (SELECT row_to_json(head) FROM (SELECT
        (SELECT row_to_json(customer) FROM (SELECT c.id, c.name) customer) AS customer, s.currency,
        (SELECT coalesce(json_agg(d.currency ORDER BY d.currency), '[]') FROM (
          SELECT currency FROM orders WHERE organization_id = ${organization} AND customer_id = c.id AND status <> 'draft' AND ${inAllowedStores(Prisma.sql`store_id`)}
          UNION SELECT currency FROM returns WHERE organization_id = ${organization} AND customer_id = c.id AND ${inAllowedStores(Prisma.sql`store_id`)}) d) AS currencies,
        s.time_zone AS "timeZone", ${from ?? null}::text AS "from", ${to ?? null}::text AS "to",
        money_text(t.opening, s.currency) AS "openingBalance", money_text(t.closing, s.currency) AS "closingBalance",
        (SELECT row_to_json(totals) FROM (SELECT t.orders, t.returns, t.payments, t.refunds) totals) AS totals) head)::text
      FROM customers c
      CROSS JOIN LATERAL (SELECT coalesce(${currency ?? null}, currency) AS currency, time_zone FROM organizations WHERE id = ${organization}) s
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(e.change) FILTER (WHERE ${before}), 0) AS opening, coalesce(sum(e.change) FILTER (WHERE ${until}), 0) AS closing,
          ${total('order')} AS orders, ${total('return')} AS returns, ${total('payment')} AS payments, ${total('refund')} AS refunds
        FROM (${entries(customerId, currency)}) e) t
      WHERE c.organization_id = ${organization} AND c.id = ${customerId}::uuid`);
    if (text === null) throw customerNotFound(customerId);
    return text;
  }

  /** Of a customer whose head was read. */
  page(customerId: string, { from, to, currency, ...wanted }: StatementPeriod & PageWanted): Promise<JsonPage> {
    const where = [Prisma.sql`true`];
    if (from !== undefined) where.push(Prisma.sql`f.at >= ${dayStart(from)}`);
    if (to !== undefined) where.push(Prisma.sql`f.at < ${dayEnd(to)}`);
    const shown = Prisma.sql`coalesce(${currency ?? null}, (SELECT currency FROM organizations WHERE id = ${currentOrganizationId()}::uuid))`;
    return readJsonPage(
      this.lane,
      {
        from: Prisma.sql`(SELECT e.*, sum(e.change) OVER (ORDER BY e.at, e.id) AS balance FROM (${entries(customerId, currency)}) e) f`,
        id: Prisma.sql`f.id`,
        sort: STATEMENT_SORTS.occurredAt,
        where,
        columns: Prisma.sql`f.*, ${shown} AS currency`,
        view: VIEW,
      },
      wanted,
    );
  }
}

function requireOwn(customerId: string): void {
  const only = onlyCustomer();
  if (only !== undefined && only !== customerId) throw customerNotFound(customerId);
}

const customerNotFound = (customerId: string): CustomerNotFound => new CustomerNotFound(`There is no customer ${customerId}`);
