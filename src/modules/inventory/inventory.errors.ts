import { failure } from '../../kernel/app-error';

/** details.items: [{ productId, sku, name, storeId, asked, available }] */
export class InsufficientStock extends failure('INSUFFICIENT_STOCK', 409, 'There is not enough stock available') {}
export class StockNotTracked extends failure('STOCK_NOT_TRACKED', 422, 'The product is sold without stock') {}
export class StoreNotUsable extends failure('STORE_NOT_USABLE', 422, 'The store does not exist or is archived') {}
/** For the store a request names; undefined: it named none, and there is none to take instead. */
export const storeNotUsable = (storeId: string | undefined): StoreNotUsable =>
  new StoreNotUsable(storeId === undefined ? 'You have no store in use' : `There is no store ${storeId} in use`, {
    field: 'storeId',
    id: storeId ?? null,
  });
