import { describe, int, nullable, signedMoney, money } from '../../http/fields/fields';

export const count = () => int(0, 2 ** 31 - 1);

export const REVENUE =
  'Σ of line totals without tax and shipping of orders placed (not draft, not cancelled), less the line totals without tax of returns by their own date, ' +
  'less refunds without tax that belong to no return (and to no cancelled order) by their own date. ' +
  'What was cancelled of an order that goes on counts until its money is refunded. Documents in another currency are left out.';

/** Of a group of documents, whatever they are grouped by. */
export const figures = {
  orders: describe(count(), 'Orders placed, not draft, not cancelled'),
  sales: describe(money(), 'Σ of their line totals without tax and shipping'),
  returns: describe(money(), 'Σ of line totals without tax of the returns received'),
  refunds: describe(money(), 'Σ without tax of the refunds that belong to no return and no cancelled order'),
  revenue: describe(signedMoney(), 'sales − returns − refunds'),
  averageOrderValue: describe(nullable(money()), 'sales ÷ orders, rounded to the currency; null without orders'),
};
