import { failure } from '../../kernel/app-error';

export class OrderNotFound extends failure('ORDER_NOT_FOUND', 404, 'No such order') {}
export class OrderItemNotFound extends failure('ORDER_ITEM_NOT_FOUND', 404, 'The order has no such item') {}
/** details: { status } */
export class ItemsFrozen extends failure('ITEMS_FROZEN', 409, 'The items of the order can no longer be changed') {}
export class OrderWithoutItems extends failure(
  'ORDER_WITHOUT_ITEMS',
  409,
  'A placed order keeps an item of which something is open; cancel the order instead',
) {}
/** details: { customerId, paid } */
export class CustomerHasPaid extends failure(
  'CUSTOMER_HAS_PAID',
  409,
  'The order was paid for, in part or in full, so it keeps its customer',
) {}
/** details: { limit } */
export class TooManyItems extends failure('TOO_MANY_ITEMS', 409, 'An order has no room for another item') {}
