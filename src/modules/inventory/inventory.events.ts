import type { DomainEvent } from '../../events/event';
import type { Movement } from './domain/stock-movement';

/** Levels have no version of their own: the ledger is their history. */
export const stockAdjusted = (movement: Movement, reason: string): DomainEvent => ({
  type: 'stock.adjusted',
  aggregateType: 'stock_level',
  aggregateId: movement.productId,
  aggregateVersion: null,
  payload: {
    movementId: movement.id,
    productId: movement.productId,
    storeId: movement.storeId,
    reason,
    quantity: movement.quantity.toFixed(),
  },
  before: { onHand: movement.quantityAfter.minus(movement.quantity).toFixed() },
  after: { onHand: movement.quantityAfter.toFixed() },
  occurredAt: movement.occurredAt,
});
