import type { Decimal } from '../../../kernel/decimal';
import type { Address } from '../../../kernel/address';
import type { FulfilmentStatus, OrderStatus, PaymentStatus } from './order-status';

export interface OrderLine {
  readonly id: string;
  readonly lineNumber: number;
  readonly productId: string;
  readonly sku: string;
  readonly name: string;
  /** False for services: nothing is reserved or moved for them. */
  readonly tracksStock: boolean;
  /** In the product's stock unit: enteredQuantity × unitFactor / stockUnitFactor. */
  readonly quantity: Decimal;
  readonly enteredQuantity: Decimal;
  /** Code of the unit it was entered in. */
  readonly unit: string;
  /** How many of the category's base unit one entered unit is … */
  readonly unitFactor: Decimal;
  /** … and one stock unit. Never divided by each other beforehand: the quotient is often not exact. */
  readonly stockUnitFactor: Decimal;
  /** The entered unit refuses fractions (QTY-2). */
  readonly unitIsWhole: boolean;
  /** Per entered unit. */
  readonly unitPrice: Decimal;
  /** The caller set the price; placing a draft then keeps it instead of taking the catalogue's. */
  readonly priceIsManual: boolean;
  /** The product's cost per stock unit when the order was placed. */
  readonly unitCost: Decimal | null;
  readonly gross: Decimal;
  readonly discountPercent: Decimal | null;
  readonly discountAmount: Decimal;
  /** The line's share of the document's discount. */
  readonly documentDiscount: Decimal;
  readonly taxRateId: string | null;
  readonly taxRate: Decimal;
  readonly taxInclusive: boolean;
  readonly taxAmount: Decimal;
  readonly total: Decimal;
  readonly shippedQuantity: Decimal;
  readonly cancelledQuantity: Decimal;
  readonly returnedQuantity: Decimal;
}

export interface Order {
  readonly id: string;
  /** Null for drafts. */
  readonly number: string | null;
  readonly externalReference: string | null;
  readonly status: OrderStatus;
  readonly fulfilmentStatus: FulfilmentStatus;
  readonly paymentStatus: PaymentStatus;
  readonly store: { readonly id: string; readonly code: string; readonly name: string };
  readonly customer: { readonly id: string; readonly name: string } | null;
  /** The name of a buyer who is no customer. */
  readonly guestName: string | null;
  readonly currency: string;
  /** The document's discount as it was entered; at most one of the two. */
  readonly discountPercent: Decimal | null;
  readonly discountAmount: Decimal | null;
  readonly lines: readonly OrderLine[];
  readonly subtotal: Decimal;
  readonly discountTotal: Decimal;
  readonly shippingAmount: Decimal;
  readonly taxTotal: Decimal;
  /** The part of taxTotal that prices already contain. */
  readonly taxIncluded: Decimal;
  readonly total: Decimal;
  /** What of the total was cancelled and is no longer owed. */
  readonly cancelledAmount: Decimal;
  /** The tax inside it. */
  readonly cancelledTax: Decimal;
  /** What the goods that came back came to: Σ totals of the returns. */
  readonly returnedAmount: Decimal;
  /** The tax inside it. */
  readonly returnedTax: Decimal;
  readonly paidAmount: Decimal;
  readonly refundedAmount: Decimal;
  /** What of refundedAmount paid back returns: Σ refunds that name one. */
  readonly returnRefundedAmount: Decimal;
  readonly billingAddress: Address | null;
  readonly shippingAddress: Address | null;
  readonly notes: string | null;
  /** YYYY-MM-DD */
  readonly dueDate: string | null;
  readonly orderedAt: Date | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
