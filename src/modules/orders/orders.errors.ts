import { failure } from '../../kernel/app-error';

export class OrderNotFound extends failure('ORDER_NOT_FOUND', 404, 'No such order') {}
export class OrderItemNotFound extends failure('ORDER_ITEM_NOT_FOUND', 404, 'The order has no such item') {}
export class ItemsFrozen extends failure('ITEMS_FROZEN', 409, 'The items of the order can no longer be changed') {}
export class NotADraft extends failure('NOT_A_DRAFT', 409, 'Only a draft can be deleted; cancel the order instead') {}
