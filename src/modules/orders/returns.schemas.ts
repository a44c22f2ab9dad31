import {
  currencyCode,
  describe,
  id,
  instant,
  instantView,
  list,
  money,
  named,
  nullable,
  oneOf,
  optional,
  price,
  quantity,
  shape,
  text,
  withDefault,
  type Infer,
} from '../../http/fields/fields';
import { listQuery, pageOf } from '../../http/lists/paging';
import { DISPOSITIONS } from './domain/order-returns';
import { orderView } from './orders.schemas';

const MOST = 10_000;

export const newReturn = named(
  'NewReturn',
  shape({
    items: list(
      shape({
        itemId: id(),
        quantity: describe(quantity(), 'In the stock unit; at most what was shipped and did not come back yet.'),
        disposition: withDefault(describe(oneOf(...DISPOSITIONS), 'restock: on the shelf again; scrap: written off.'), 'restock'),
      }),
      { min: 1, max: 2_000 },
    ),
    reason: text(500),
    returnedAt: optional(instant()),
  }),
);

export const returnView = named(
  'Return',
  shape({
    id: id(),
    number: text(100),
    orderId: nullable(id()),
    storeId: id(),
    currency: currencyCode(),
    reason: nullable(text(500)),
    total: describe(money(), 'What the goods came to on the order, with tax: the most that can be refunded for them.'),
    taxTotal: money(),
    refundedAmount: money(),
    returnedAt: instantView(),
    items: list(
      shape({
        itemId: nullable(id()),
        productId: id(),
        sku: text(100),
        name: text(500),
        quantity: quantity(),
        unitPrice: price(),
        taxAmount: money(),
        total: money(),
        disposition: oneOf(...DISPOSITIONS, 'none'),
      }),
      { max: MOST },
    ),
  }),
);
export const returnBooked = named('ReturnBooked', shape({ return: returnView, order: orderView }));
export const returnList = listQuery({ sort: ['returnedAt'], default: 'returnedAt' });
export const returnPage = pageOf('ReturnPage', returnView);

export type NewReturnBody = Infer<typeof newReturn>;
export type ReturnView = Infer<typeof returnView>;
export type ReturnList = Infer<typeof returnList>;
