import { Decimal, sum, ZERO } from '../../src/kernel/decimal';
import {
  amountOf,
  cancelledOf,
  cent,
  type Document,
  made,
  ofOrder,
  type OrderDocument,
  orders,
  refunds,
  returns,
  totalOf,
} from './dashboard-documents';

/** The figures of those documents by the definition: document by document and line by line. */

const counts = (order: OrderDocument): boolean => order.status !== 'draft' && order.status !== 'cancelled';
const netOf = (order: OrderDocument): Decimal =>
  sum(
    order.lines.map(({ quantity, cancelled, total: all, tax }) => {
      const kept = (amount: Decimal): Decimal => cent(amount.times(quantity - cancelled).div(quantity));
      return kept(all).minus(kept(tax));
    }),
  );

/** What each refund takes back of the sales, by its id. */
const takenBack = new Map<string, Decimal>(
  refunds.filter((one) => made(one) && one.returnId === null && one.orderId === null).map(({ id, net }) => [id, net]),
);
for (const order of orders.filter(counts)) {
  const gone = ofOrder(refunds, order).filter(made);
  const others = gone.filter(({ returnId }) => returnId === null).sort((a, b) => a.at.getTime() - b.at.getTime() || (a.id < b.id ? -1 : 1));
  const given = sum(others.map(amountOf));
  const back = ofOrder(returns, order);
  const kept = totalOf(order)
    .minus(cancelledOf(order).amount)
    .minus(sum(back.map(amountOf)));
  const netKept = Decimal.max(ZERO, netOf(order).minus(sum(back.map(({ net }) => net))));
  // What stays paid once every refund that a return or a cancellation explains was made; the rest of them are kindnesses.
  const paidForReturns = sum(gone.filter(({ returnId }) => returnId !== null).map(amountOf));
  const tooMuch = Decimal.max(ZERO, order.paid.minus(paidForReturns).minus(kept));
  const kindness = Decimal.max(ZERO, given.minus(tooMuch));
  const all = kept.isZero() ? ZERO : cent(netKept.times(kindness).div(kept));
  let before = ZERO;
  for (const refund of others) {
    const after = before.plus(amountOf(refund));
    takenBack.set(refund.id, cent(all.times(after).div(given)).minus(cent(all.times(before).div(given))));
    before = after;
  }
  if (!kept.isZero() && kindness.eq(kept) && !sum(others.map(({ id }) => takenBack.get(id)!)).eq(netKept))
    throw new Error('a full refund takes back the net');
}

export function figures(included: (at: Date) => boolean, currency = 'EUR', storeId?: string | null) {
  const mine = (document: Document): boolean =>
    included(document.at) && document.currency === currency && (storeId === undefined || document.storeId === storeId);
  const placed = orders.filter((order) => counts(order) && mine(order));
  const sales = sum(placed.map(netOf));
  const returned = sum(returns.filter(mine).map((one) => one.net));
  const refunded = sum(refunds.filter(mine).map(({ id }) => takenBack.get(id) ?? ZERO));
  return {
    orders: placed.length,
    sales: sales.toFixed(2),
    returns: returned.toFixed(2),
    refunds: refunded.toFixed(2),
    revenue: sales.minus(returned).minus(refunded).toFixed(2),
    averageOrderValue: placed.length === 0 ? null : sales.div(placed.length).toFixed(2),
  };
}
