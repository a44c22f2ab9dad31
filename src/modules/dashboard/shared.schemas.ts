import { describe, int, moneySum, nullable, signedMoneySum } from '../../http/fields/fields';

export const count = () => int(0, 2 ** 31 - 1);

const TAKEN_BACK =
  'A refund takes back its share of the order’s net (net ÷ total, so that a full refund takes back exactly the net), as far as it gives back more ' +
  'than a return or a cancellation took off already; one of no order takes back its amount without tax.';

export const REVENUE =
  'Σ of line totals without tax and shipping of orders placed (not draft, not cancelled), without what was cancelled of them, by the date of the order; ' +
  `less the line totals without tax of returns by their own date; less refunds that name no return, by their own date. ${TAKEN_BACK} ` +
  'Documents in another currency are left out.';

/** Of a group of documents, whatever they are grouped by. */
export const figures = {
  orders: describe(count(), 'Orders placed, not draft, not cancelled'),
  sales: describe(moneySum(), 'Σ of their line totals without tax and shipping, and without units that were cancelled'),
  returns: describe(moneySum(), 'Σ of line totals without tax of the returns received'),
  refunds: describe(moneySum(), `Σ of what refunds took back that belong to no return and no cancelled order. ${TAKEN_BACK}`),
  revenue: describe(signedMoneySum(), 'sales − returns − refunds'),
  averageOrderValue: describe(nullable(moneySum()), 'sales ÷ orders, rounded to the currency; null without orders'),
};
