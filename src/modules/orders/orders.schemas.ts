import { addressInput, addressView } from '../../http/fields/address-fields';
import {
  bool,
  commaList,
  currencyCode,
  day,
  describe,
  id,
  instant,
  instantView,
  int,
  json,
  list,
  money,
  named,
  nullable,
  oneOf,
  optional,
  partial,
  percent,
  price,
  quantity,
  quantityOrZero,
  shape,
  text,
  type Infer,
} from '../../http/fields/fields';
import { listQuery, pageOf } from '../../http/lists/paging';
import { MOST_LINES } from './domain/order-lines';
import { FULFILMENT_STATUSES, ORDER_STATUSES, PAYMENT_STATUSES } from './domain/order-status';

const version = int(1, 2 ** 31 - 1);

const priceAndDiscount = {
  unitPrice: optional(describe(price(), 'Per unit entered. Needs the permission prices:write.')),
  discountPercent: optional(percent()),
  discountAmount: optional(money()),
};

export const newItem = named('NewOrderItem', shape({ productId: id(), quantity: quantity(), unitId: optional(id()), ...priceAndDiscount }));

const header = {
  customerId: optional(id()),
  customerName: optional(
    describe(
      text(200),
      'The buyer by name: a customer of exactly this name, else a guest. Beside customerId it has to be that customer’s.',
    ),
  ),
  discountPercent: optional(percent()),
  discountAmount: optional(money()),
  shippingAmount: optional(money()),
  shippingAddress: optional(addressInput),
  billingAddress: optional(addressInput),
  dueDate: optional(day()),
  notes: optional(text(2000)),
  externalReference: optional(text(100)),
  totalAmount: optional(describe(money(), 'Checked against the total computed here: 422 TOTAL_MISMATCH when different.')),
};

export const newOrder = named(
  'NewOrder',
  shape({
    ...header,
    storeId: optional(describe(id(), 'The oldest store you may use when left out.')),
    draft: optional(describe(bool(), 'A draft has no number and reserves nothing until it is placed (status pending).')),
    items: list(newItem, { min: 1, max: MOST_LINES }),
    number: optional(describe(text(50), 'A number of your own, unique in the organization.')),
    orderNumber: optional(describe(text(50), 'Older name of number.')),
  }),
);

const replacedItem = named(
  'ReplacedOrderItem',
  shape({
    id: optional(describe(id(), 'An item the order has: it keeps its price unless another is sent. Items that are not named are removed.')),
    productId: id(),
    quantity: quantity(),
    unitId: optional(
      describe(id(), 'Of a new item, as when it is placed; an item the order has keeps its unit, and another one is refused.'),
    ),
    ...priceAndDiscount,
  }),
);
export const orderReplacement = named('OrderReplacement', shape({ ...header, items: list(replacedItem, { min: 1, max: MOST_LINES }) }));

export const changedItem = named(
  'OrderItemChanges',
  partial({ quantity: quantity(), unitPrice: price(), discountPercent: percent(), discountAmount: money() }),
);

export const orderParams = shape({ orderId: id() });
export const itemParams = shape({ orderId: id(), itemId: id() });

export const orderItemView = named(
  'OrderItem',
  shape({
    id: id(),
    lineNumber: int(1, 100_000),
    productId: id(),
    sku: text(100),
    name: text(500),
    quantity: describe(quantity(), 'In the unit it was entered in.'),
    unit: text(20),
    stockQuantity: describe(quantity(), 'In the product’s stock unit; the three quantities below are too.'),
    unitPrice: price(),
    gross: money(),
    discountAmount: describe(money(), 'The line’s own discount and its share of the document’s.'),
    taxRate: describe(percent(), 'Per cent.'),
    taxInclusive: bool(),
    taxAmount: money(),
    total: money(),
    shippedQuantity: quantityOrZero(),
    cancelledQuantity: quantityOrZero(),
    returnedQuantity: quantityOrZero(),
  }),
);

const party = nullable(shape({ id: id(), name: text(500) }));
const store = shape({ id: id(), code: text(50), name: text(200) });

const orderHead = {
  id: id(),
  number: nullable(text(100)),
  externalReference: nullable(text(100)),
  status: oneOf(...ORDER_STATUSES),
  paymentStatus: oneOf(...PAYMENT_STATUSES),
  fulfilmentStatus: oneOf(...FULFILMENT_STATUSES),
  customer: party,
  customerName: nullable(text(500)),
  store,
  currency: currencyCode(),
  subtotal: money(),
  discountTotal: money(),
  shippingAmount: money(),
  taxTotal: money(),
  total: money(),
  cancelledAmount: describe(money(), 'What of the total was cancelled and is no longer owed.'),
  returnedAmount: describe(money(), 'What the goods that came back came to, with tax: Σ totals of the returns.'),
  paidAmount: money(),
  refundedAmount: money(),
  returnRefundedAmount: describe(money(), 'What of refundedAmount paid back returns: Σ refunds that name one.'),
  balance: describe(
    money(),
    'What is still to be paid: total − cancelledAmount − (returnedAmount − returnRefundedAmount) − paidAmount, never less than nothing. ' +
      'Other refunds don’t change it.',
  ),
  orderedAt: nullable(instantView()),
  dueDate: nullable(day()),
  version,
  createdAt: instantView(),
  updatedAt: instantView(),
};

export const orderView = named(
  'Order',
  shape({
    ...orderHead,
    items: list(orderItemView, { max: 10_000 }),
    totalAmount: describe(money(), 'The same as total.'),
    billingAddress: nullable(addressView),
    shippingAddress: nullable(addressView),
    notes: nullable(text(2000)),
    allowedTransitions: list(oneOf(...ORDER_STATUSES), { max: 10 }),
  }),
);

/** In lists an order comes without its items; read it for those. */
export const orderSummary = named('OrderSummary', shape({ ...orderHead, itemCount: int(0, 100_000) }));

const sorts = { sort: ['orderedAt', 'number', 'total'], default: '-orderedAt' } as const;
const filters = {
  status: optional(commaList(oneOf(...ORDER_STATUSES), { max: 9 })),
  paymentStatus: optional(commaList(oneOf(...PAYMENT_STATUSES), { max: 5 })),
  fulfilmentStatus: optional(commaList(oneOf(...FULFILMENT_STATUSES), { max: 5 })),
  storeId: optional(id()),
  from: optional(describe(instant(), 'Ordered at this moment or later; a draft counts by when it was made.')),
  to: optional(describe(instant(), 'Ordered before this moment.')),
  q: optional(describe(text(100), 'Part of the number, the external reference or the buyer’s name.')),
  minTotal: optional(money()),
  maxTotal: optional(money()),
};
export const orderList = listQuery(sorts, { customerId: optional(id()), ...filters });
/** Of one customer's orders. */
export const customerOrderList = listQuery(sorts, filters);
export const orderPage = pageOf('OrderPage', orderSummary);

export const statusChange = named('OrderStatusChange', shape({ status: oneOf(...ORDER_STATUSES), reason: optional(text(500)) }));
const quantities = (description: string) =>
  optional(describe(list(shape({ itemId: id(), quantity: quantity() }), { min: 1, max: MOST_LINES }), description));

export const cancellation = named(
  'OrderCancellation',
  shape({ reason: text(500), items: quantities('Open quantities to cancel, in the stock unit; the whole order when left out.') }),
);

export const newShipment = named(
  'NewShipment',
  shape({
    items: quantities('What leaves, in the stock unit; everything still open when left out.'),
    carrier: optional(text(100)),
    trackingNumber: optional(text(100)),
    shippedAt: optional(instant()),
  }),
);

export const shipmentView = named(
  'Shipment',
  shape({
    id: id(),
    orderId: id(),
    storeId: id(),
    carrier: nullable(text(100)),
    trackingNumber: nullable(text(100)),
    shippedAt: instantView(),
    items: list(shape({ itemId: id(), productId: id(), sku: text(100), quantity: quantity() }), { max: 10_000 }),
  }),
);
export const shipmentBooked = named('ShipmentBooked', shape({ shipment: shipmentView, order: orderView }));
export const shipmentList = listQuery({ sort: ['shippedAt'], default: 'shippedAt' });
export const shipmentPage = pageOf('ShipmentPage', shipmentView);

const historyEntry = named(
  'OrderHistoryEntry',
  shape({
    id: id(),
    type: text(100),
    version: nullable(version),
    actor: shape({ kind: oneOf('user', 'system', 'anonymous'), id: nullable(id()), name: nullable(text(500)) }),
    payload: json(),
    before: json(),
    after: json(),
    occurredAt: instantView(),
  }),
);
export const historyList = listQuery({ sort: ['version'], default: 'version' });
export const historyPage = pageOf('OrderHistoryPage', historyEntry);
export const itemList = named('OrderItems', shape({ data: list(orderItemView, { max: 10_000 }) }));

export type NewOrderBody = Infer<typeof newOrder>;
export type OrderList = Infer<typeof orderList>;
export type CustomerOrderList = Infer<typeof customerOrderList>;
export type OrderParams = Infer<typeof orderParams>;
export type ItemParams = Infer<typeof itemParams>;
export type OrderReplacementBody = Infer<typeof orderReplacement>;
export type NewItemBody = Infer<typeof newItem>;
export type ChangedItemBody = Infer<typeof changedItem>;
export type StatusChangeBody = Infer<typeof statusChange>;
export type CancellationBody = Infer<typeof cancellation>;
export type NewShipmentBody = Infer<typeof newShipment>;
export type OrderSummary = Infer<typeof orderSummary>;
export type ShipmentList = Infer<typeof shipmentList>;
export type ShipmentView = Infer<typeof shipmentView>;
export type HistoryList = Infer<typeof historyList>;
export type HistoryEntry = Infer<typeof historyEntry>;
