import type { OrderLine } from './order';
import type { Portion } from './order-lines';

/** Goods of one order that left its store together. */
export interface Shipment {
  readonly id: string;
  readonly orderId: string;
  readonly storeId: string;
  readonly carrier: string | null;
  readonly trackingNumber: string | null;
  readonly shippedAt: Date;
  readonly portions: readonly Portion<OrderLine>[];
}
