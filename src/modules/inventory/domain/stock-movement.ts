import type { Decimal } from '../../../kernel/decimal';
import type { LevelKey } from './stock-level';

/** STK-2 */
export const MOVEMENT_KINDS = [
  'receipt',
  'shipment',
  'sale',
  'customer_return',
  'vendor_return',
  'transfer_out',
  'transfer_in',
  'adjustment',
  'count',
  'issue',
  'issue_return',
  'scrap',
  'revaluation',
] as const;
export type MovementKind = (typeof MOVEMENT_KINDS)[number];

/** STK-13: why stock was adjusted by hand. */
export const ADJUSTMENT_REASONS = [
  'initial_stock',
  'received',
  'found',
  'correction',
  'damaged',
  'expired',
  'lost',
  'theft',
  'sample',
  'other',
] as const;
export type AdjustmentReason = (typeof ADJUSTMENT_REASONS)[number];

/** The document that moved the goods. */
export interface MovementSource {
  readonly type: 'shipment' | 'return';
  readonly id: string;
  readonly lineId?: string;
}

export interface NewMovement extends LevelKey {
  readonly kind: MovementKind;
  /** Signed, in the stock unit. */
  readonly quantity: Decimal;
  /** What a unit coming in costs. Goods going out take their share of the level's value instead. */
  readonly unitCost?: Decimal;
  /** Signed like the quantity: of goods that bring their value with them (VAL-4), instead of the cost. */
  readonly value?: Decimal;
  readonly source?: MovementSource;
  readonly reason?: string;
  readonly note?: string;
  readonly occurredAt: Date;
}

/** A row of the ledger. */
export interface Movement extends LevelKey {
  readonly id: string;
  readonly kind: MovementKind;
  readonly quantity: Decimal;
  readonly unitCost: Decimal;
  /** Change of the level's value. */
  readonly value: Decimal;
  readonly quantityAfter: Decimal;
  readonly valueAfter: Decimal;
  readonly occurredAt: Date;
}
