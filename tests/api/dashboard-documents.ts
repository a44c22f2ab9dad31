import { DateTime } from 'luxon';
import type { Client } from 'pg';
import { Decimal, sum, ZERO } from '../../src/kernel/decimal';
import { newId } from '../../src/kernel/ids';

/** Documents at random, with amounts that belong together. */

export const ZONES = ['UTC', 'Pacific/Auckland', 'America/New_York', 'America/Havana', 'Asia/Kolkata'];

export const organizationId = newId();
export const stores = [newId(), newId()];
export const foreignStore = newId();
const unit = newId();
const product = newId();

let seed = 20261121;
const random = (below: number): number => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 2 ** 32) * below);
};
const pick = <T>(values: readonly T[]): T => values[random(values.length)]!;
const cents = (most: number): Decimal => new Decimal(random(most)).div(100);

/** Minutes around midnights and clock changes: where a wrong zone shows. */
function someInstant(): Date {
  const zone = pick(ZONES);
  const day = pick([
    '2026-01-01',
    '2026-02-28',
    '2026-03-01',
    '2026-03-08',
    '2026-03-29',
    '2026-04-01',
    '2026-04-05',
    '2026-09-27',
    '2026-10-01',
    '2026-11-01',
    '2026-11-30',
  ]);
  return DateTime.fromISO(day, { zone })
    .plus({ minutes: random(360) - 120, milliseconds: pick([0, 1, 999]) })
    .toJSDate();
}

interface Line {
  quantity: number;
  cancelled: number;
  gross: Decimal;
  discount: Decimal;
  share: Decimal;
  inclusive: boolean;
  tax: Decimal;
  total: Decimal;
}
export interface Document {
  id: string;
  at: Date;
  storeId: string | null;
  currency: string;
}
export interface OrderDocument extends Document {
  status: string;
  lines: Line[];
  paid: Decimal;
}
export interface Deduction extends Document {
  orderId: string | null;
  net: Decimal;
  tax: Decimal;
}
interface Refund extends Deduction {
  returnId: string | null;
  status: string;
}

const SHIPPING = new Decimal('7.50');
export const cent = (amount: Decimal): Decimal => amount.toDecimalPlaces(2, Decimal.ROUND_HALF_UP);
const share = (most: Decimal): Decimal => most.times(random(11)).div(10).toDecimalPlaces(2, Decimal.ROUND_DOWN);

function someLine(): Line {
  const quantity = 1 + random(4);
  const gross = cents(20_000).plus(2);
  const discount = pick([ZERO, cents(50)]);
  const ofDocument = pick([ZERO, cents(30)]);
  const inclusive = random(2) === 0;
  const tax = cents(90);
  const net = gross.minus(discount).minus(ofDocument);
  const total = inclusive ? net : net.plus(tax);
  return { quantity, cancelled: pick([0, 0, random(quantity + 1)]), gross, discount, share: ofDocument, inclusive, tax, total };
}

const total = (order: OrderDocument, key: 'gross' | 'discount' | 'share' | 'tax' | 'total'): Decimal =>
  sum(order.lines.map((line) => line[key]));
/** All of a cancelled order, shipping too. */
export function cancelledOf(order: OrderDocument): { amount: Decimal; tax: Decimal } {
  if (order.status === 'cancelled') return { amount: totalOf(order), tax: total(order, 'tax') };
  const part = (key: 'total' | 'tax'): Decimal =>
    sum(order.lines.map((line) => line[key].minus(cent(line[key].times(line.quantity - line.cancelled).div(line.quantity)))));
  return { amount: part('total'), tax: part('tax') };
}
export const totalOf = (order: OrderDocument): Decimal => total(order, 'total').plus(SHIPPING);

export const orders = Array.from({ length: 500 }, (): OrderDocument => {
  const storeId = pick([...stores, stores[0]!, foreignStore]);
  const order = {
    id: newId(),
    status: pick(['draft', 'pending', 'pending', 'confirmed', 'processing', 'shipped', 'delivered', 'completed', 'cancelled']),
    storeId,
    currency: storeId === foreignStore ? 'USD' : 'EUR',
    at: someInstant(),
    lines: Array.from({ length: 1 + random(3) }, someLine),
    paid: ZERO,
  };
  return { ...order, paid: order.status === 'draft' ? ZERO : pick([ZERO, share(totalOf(order)), totalOf(order)]) };
});

/** Of no order, as they are imported; and of orders, up to three each of goods worth a part of them. */
export const returns = Array.from({ length: 40 }, (): Deduction => ({
  id: newId(),
  orderId: null,
  at: someInstant(),
  storeId: pick(stores),
  currency: 'EUR',
  net: cents(3_000),
  tax: cents(300),
}));
export const refunds = Array.from({ length: 30 }, (): Refund => ({
  id: newId(),
  orderId: null,
  at: someInstant(),
  storeId: null,
  currency: 'EUR',
  net: cents(2_000).plus('0.01'),
  tax: cents(100),
  returnId: pick([null, null, pick(returns).id]),
  status: pick(['succeeded', 'succeeded', 'pending', 'failed']),
}));
for (const order of orders.filter(({ status }) => status !== 'draft')) {
  const { id: orderId, storeId, currency } = order;
  const own = () => ({ id: newId(), orderId, at: someInstant(), storeId, currency });
  const cancelled = cancelledOf(order);
  let goods = total(order, 'total').minus(cancelled.amount);
  let tax = total(order, 'tax').minus(cancelled.tax);
  for (let more = order.status === 'cancelled' ? 0 : random(4) * random(2); more > 0; more--) {
    const back = Decimal.max(ZERO, Decimal.min(share(goods), goods.minus(tax)));
    const taxBack = pick([share(tax), tax]);
    goods = goods.minus(back).minus(taxBack);
    tax = tax.minus(taxBack);
    returns.push({ ...own(), net: back, tax: taxBack });
  }
  let refundable = order.paid;
  const open = new Map(returns.filter((one) => one.orderId === orderId).map((one) => [one.id, one.net.plus(one.tax)]));
  for (let more = random(5); more > 0; more--) {
    const returnId = pick([null, ...open.keys()]);
    const amount = pick([share, (most: Decimal) => most])(Decimal.min(refundable, returnId === null ? refundable : open.get(returnId)!));
    const status = pick(['succeeded', 'succeeded', 'succeeded', 'failed']);
    if (amount.isZero()) continue;
    if (status === 'succeeded') {
      refundable = refundable.minus(amount);
      if (returnId !== null) open.set(returnId, open.get(returnId)!.minus(amount));
    }
    refunds.push({ ...own(), net: amount, tax: ZERO, returnId, status });
  }
}

export const amountOf = ({ net, tax }: Deduction): Decimal => net.plus(tax);
export const ofOrder = <T extends Deduction>(documents: readonly T[], { id }: OrderDocument): T[] =>
  documents.filter(({ orderId }) => orderId === id);
export const made = (refund: Refund): boolean => refund.status === 'succeeded';

export async function write(client: Client): Promise<void> {
  const insert = (table: string, rows: readonly object[]): Promise<unknown> => {
    const columns = Object.keys(rows[0]!).join(', ');
    return client.query(`INSERT INTO ${table} (${columns}) SELECT ${columns} FROM jsonb_populate_recordset(NULL::${table}, $1)`, [
      JSON.stringify(rows),
    ]);
  };
  const own = { organization_id: organizationId };
  await client.query(`INSERT INTO organizations (id, name, currency, time_zone) VALUES ('${organizationId}', 'Acme', 'EUR', 'UTC')`);
  await insert(
    'stores',
    [...stores, foreignStore].map((id, index) => ({
      ...own,
      id,
      code: `S${index}`,
      name: `Store ${index}`,
      kind: 'shop',
      currency: id === foreignStore ? 'USD' : 'EUR',
      version: 1,
      created_at: new Date(),
      updated_at: new Date(),
    })),
  );
  await client.query(
    `INSERT INTO units (organization_id, id, code, name, category, factor) VALUES ('${organizationId}', '${unit}', 'pcs', 'Piece', 'count', 1)`,
  );
  const catalogue = [
    { id: product, status: 'published', tracks: true, level: '5', onHand: ['2', '9'], reserved: ['0', '7'], value: ['4.10', '20.33'] },
    { id: newId(), status: 'published', tracks: true, level: '5', onHand: ['6'], reserved: ['0'], value: ['6.00'] },
    { id: newId(), status: 'draft', tracks: true, level: '0', onHand: [], reserved: [], value: [] },
    { id: newId(), status: 'published', tracks: true, level: null, onHand: [], reserved: [], value: [] },
    { id: newId(), status: 'published', tracks: false, level: '5', onHand: [], reserved: [], value: [] },
    { id: newId(), status: 'archived', tracks: true, level: '5', onHand: [], reserved: [], value: [] },
  ];
  for (const one of catalogue) {
    await client.query(
      `INSERT INTO products (organization_id, id, sku, name, unit_id, price, currency, status, tracks_stock, reorder_level) VALUES ($1, $2, $2::uuid::text, 'X', $3, 1, 'EUR', $4, $5, $6)`,
      [organizationId, one.id, unit, one.status, one.tracks, one.level],
    );
    for (const [index, onHand] of one.onHand.entries())
      await client.query(
        'INSERT INTO stock_levels (organization_id, product_id, store_id, on_hand, reserved, value) VALUES ($1, $2, $3, $4, $5, $6)',
        [organizationId, one.id, stores[index], onHand, one.reserved[index], one.value[index]],
      );
  }
  const now = new Date();
  await insert(
    'orders',
    orders.map((order, index) => {
      const cancelled = cancelledOf(order);
      const back = ofOrder(returns, order);
      const gone = ofOrder(refunds, order).filter(made);
      return {
        ...own,
        id: order.id,
        number: order.status === 'draft' ? null : `SO-${index}`,
        status: order.status,
        fulfilment_status: 'unfulfilled',
        payment_status: 'unpaid',
        store_id: order.storeId,
        currency: order.currency,
        subtotal: total(order, 'gross'),
        discount_total: total(order, 'discount').plus(total(order, 'share')),
        shipping_amount: SHIPPING,
        tax_total: total(order, 'tax'),
        tax_included: sum(order.lines.filter((line) => line.inclusive).map((line) => line.tax)),
        total: totalOf(order),
        cancelled_amount: cancelled.amount,
        cancelled_tax: cancelled.tax,
        returned_amount: sum(back.map(amountOf)),
        returned_tax: sum(back.map(({ tax }) => tax)),
        paid_amount: order.paid,
        refunded_amount: sum(gone.map(amountOf)),
        return_refunded_amount: sum(gone.filter(({ returnId }) => returnId !== null).map(amountOf)),
        ordered_at: order.at,
        imported: false,
        version: 1,
        created_at: now,
        updated_at: now,
      };
    }),
  );
  await insert(
    'returns',
    returns.map((one, index) => ({
      ...own,
      id: one.id,
      order_id: one.orderId,
      number: `RT-${index}`,
      store_id: one.storeId,
      currency: one.currency,
      tax_total: one.tax,
      total: one.net.plus(one.tax),
      imported: false,
      returned_at: one.at,
      created_at: now,
    })),
  );
  await insert(
    'refunds',
    refunds.map((one) => ({
      ...own,
      id: one.id,
      order_id: one.orderId,
      return_id: one.returnId,
      currency: one.currency,
      amount: one.net.plus(one.tax),
      tax_amount: one.tax,
      method: 'card',
      status: one.status,
      imported: false,
      refunded_at: one.at,
      created_at: now,
    })),
  );
}
