import { storedAddress } from '../../kernel/address';
import { Forbidden, invalidField } from '../../kernel/common-errors';
import type { Principal } from '../../kernel/context';
import { Decimal, ZERO } from '../../kernel/decimal';
import type { RequestedLine } from './domain/order-composition';
import type { RequestedQuantity } from './domain/order-lines';
import type { EnteredDiscount } from './domain/order-totals';
import type { ItemChange, ReplacedItem } from './items.service';
import type { ChangedItemBody, NewItemBody, NewOrderBody, OrderReplacementBody } from './orders.schemas';
import type { OrderReplacement } from './orders.service';
import type { RequestedOrder } from './placement.service';

/** From what was sent (decimals as text) to what the services take. */

const decimal = (text: string | undefined): Decimal | undefined => (text === undefined ? undefined : new Decimal(text));

type SentDiscount = Pick<NewItemBody, 'discountPercent' | 'discountAmount'>;
const requestedDiscount = ({ discountPercent, discountAmount }: SentDiscount): EnteredDiscount => ({
  discountPercent: decimal(discountPercent),
  discountAmount: decimal(discountAmount),
});

export const requestedItem = ({ productId, quantity, unitId, unitPrice, ...discount }: NewItemBody): RequestedLine => ({
  productId,
  quantity: new Decimal(quantity),
  ...(unitId !== undefined && { unitId }),
  ...(unitPrice !== undefined && { unitPrice: new Decimal(unitPrice) }),
  ...requestedDiscount(discount),
});

/** A number and a total may come under their older names. */
export function requestedOrder(body: NewOrderBody): RequestedOrder {
  const number = body.number ?? body.orderNumber;
  if (body.draft === true && number !== undefined) throw invalidField('number', 'is given to a draft when it is placed');
  return {
    ...(body.storeId !== undefined && { storeId: body.storeId }),
    ...(number !== undefined && { number }),
    ...requestedHeader(body),
    items: body.items.map(requestedItem),
  };
}

export const requestedReplacement = (body: OrderReplacementBody): OrderReplacement => ({
  ...requestedHeader(body),
  items: body.items.map(({ id, ...item }): ReplacedItem => ({ ...(id !== undefined && { id }), ...requestedItem(item) })),
});

function requestedHeader(body: Omit<OrderReplacementBody, 'items'>) {
  const { customerId, customerName, billingAddress, shippingAddress, dueDate, notes, externalReference, totalAmount } = body;
  return {
    ...(customerId !== undefined && { customerId }),
    ...(customerName !== undefined && { customerName }),
    ...requestedDiscount(body),
    shippingAmount: decimal(body.shippingAmount) ?? ZERO,
    ...(billingAddress !== undefined && { billingAddress: storedAddress(billingAddress) }),
    ...(shippingAddress !== undefined && { shippingAddress: storedAddress(shippingAddress) }),
    ...(dueDate !== undefined && { dueDate }),
    ...(notes !== undefined && { notes }),
    ...(externalReference !== undefined && { externalReference }),
    ...(totalAmount !== undefined && { expectedTotal: new Decimal(totalAmount) }),
  };
}

export const requestedChange = ({ quantity, unitPrice, discountPercent, discountAmount }: ChangedItemBody): ItemChange => ({
  quantity: decimal(quantity),
  unitPrice: decimal(unitPrice),
  discountPercent: decimal(discountPercent),
  discountAmount: decimal(discountAmount),
});

export const requestedQuantities = (
  items: ReadonlyArray<{ readonly itemId: string; readonly quantity: string }> | undefined,
): RequestedQuantity[] | undefined => items?.map(({ itemId, quantity }) => ({ itemId, quantity: new Decimal(quantity) }));

type SentPrice = SentDiscount & Pick<NewItemBody, 'unitPrice'>;

/** ORD-7: a price or discount of one's own needs the permission to set prices. @throws Forbidden */
export function assertMayPrice({ permissions }: Principal, ...sent: ReadonlyArray<SentPrice>): void {
  if (permissions.has('prices:write')) return;
  const priced = sent.some((part) => part.unitPrice ?? part.discountPercent ?? part.discountAmount);
  if (priced) throw new Forbidden('Setting a price or a discount needs the permission prices:write', { permission: 'prices:write' });
}
