import {
  currencyCode,
  day,
  describe,
  id,
  instantView,
  list,
  money,
  moneySum,
  named,
  nullable,
  oneOf,
  optional,
  shape,
  signedMoney,
  signedMoneySum,
  text,
  type Infer,
} from '../../http/fields/fields';
import { timeZone } from '../../http/fields/locale-fields';
import { listQuery, paginationView } from '../../http/lists/paging';

export const ENTRY_TYPES = ['order', 'return', 'payment', 'refund'] as const;

export const customerParams = shape({ customerId: id() });

export const statementQuery = listQuery(
  { sort: ['occurredAt'], default: 'occurredAt' },
  {
    from: optional(describe(day(), 'First day, in the organization’s time zone; what was before it makes the opening balance')),
    to: optional(describe(day(), 'Last day')),
    currency: optional(describe(currencyCode(), 'The organization’s when left out')),
  },
);

const entry = named(
  'StatementEntry',
  shape({
    id: id(),
    type: oneOf(...ENTRY_TYPES),
    number: describe(nullable(text(100)), 'Of the order or return; of a payment its reference'),
    orderId: nullable(id()),
    occurredAt: instantView(),
    amount: describe(money(), 'Of an order what of it was not cancelled'),
    change: describe(signedMoney(), 'By how much the customer owes more (or, when negative, less) through it'),
    balance: describe(signedMoneySum(), 'What the customer owed after it; negative when money is owed to the customer'),
  }),
);

export const statementView = named(
  'CustomerStatement',
  shape({
    customer: shape({ id: id(), name: text(500) }),
    currency: currencyCode(),
    currencies: describe(list(currencyCode(), { max: 200 }), 'Those of the customer’s documents: there is a statement of each'),
    timeZone: timeZone(),
    from: nullable(day()),
    to: nullable(day()),
    openingBalance: describe(signedMoneySum(), 'Before the first day'),
    closingBalance: describe(signedMoneySum(), 'After the last day: openingBalance and every change in between'),
    totals: describe(
      shape({ orders: moneySum(), returns: moneySum(), payments: moneySum(), refunds: moneySum() }),
      'Amounts between the first and the last day',
    ),
    data: list(entry, { max: 200 }),
    pagination: paginationView,
  }),
);

export type CustomerParams = Infer<typeof customerParams>;
export type StatementQuery = Infer<typeof statementQuery>;
export type StatementView = Infer<typeof statementView>;
