import { failure } from '../../../kernel/app-error';
import { UnusableReference } from '../../../kernel/common-errors';
import { type Decimal, ZERO } from '../../../kernel/decimal';
import { newId } from '../../../kernel/ids';
import { assertSameCurrency } from '../../../kernel/money';
import { assertWhole, toStockUnit } from '../../../kernel/quantity';
import type { OrderLine } from './order';
import { enteredDiscount, priceOrder, type EnteredDiscount, type PricedOrder } from './order-totals';

export class ProductNotOrderable extends failure('PRODUCT_NOT_ORDERABLE', 422, 'The product is not published, so it cannot be ordered') {}

/** What an order line takes from the catalogue. */
export interface OrderableProduct {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly status: string;
  readonly price: Decimal | null;
  readonly cost: Decimal | null;
  readonly currency: string;
  readonly tracksStock: boolean;
  readonly allowsBackorder: boolean;
  readonly unit: string;
  readonly unitCategory: string;
  readonly unitFactor: Decimal;
  readonly unitIsWhole: boolean;
  readonly taxRateId: string | null;
  readonly taxRate: Decimal;
  readonly taxInclusive: boolean;
}

export interface LineUnit {
  readonly id: string;
  readonly code: string;
  readonly category: string;
  readonly factor: Decimal;
  readonly isWhole: boolean;
}

/** A line as the caller asks for it. */
export interface RequestedLine extends EnteredDiscount {
  readonly productId: string;
  /** In `unitId`, else in the product's stock unit. */
  readonly quantity: Decimal;
  readonly unitId?: string;
  /** Instead of the catalogue's price, per unit entered. */
  readonly unitPrice?: Decimal;
}

export interface OrderCatalogue {
  readonly products: ReadonlyMap<string, OrderableProduct>;
  readonly units: ReadonlyMap<string, LineUnit>;
}

/** MON-1 */
const PRICE_DECIMALS = 6;

/** A line before the document's totals are known. */
export type LineDraft = Omit<OrderLine, 'gross' | 'discountPercent' | 'discountAmount' | 'documentDiscount' | 'taxAmount' | 'total'> & {
  /** As it was entered; compose() reckons the money. */
  readonly discount: EnteredDiscount;
};

/**
 * Freezes what the catalogue says now on new lines (ORD-2). They count from `firstNumber`; `firstIndex` is where they stand in the request.
 * Throws 422 for a product or unit that is unknown or can't be used, 400 for a fraction of a whole unit.
 */
export function draftLines(
  requested: readonly RequestedLine[],
  catalogue: OrderCatalogue,
  currency: string,
  firstNumber = 1,
  firstIndex = 0,
): LineDraft[] {
  return requested.map((line, index) => {
    const field = `items.${firstIndex + index}`;
    const product = orderable(line.productId, catalogue, currency, field);
    const unit = enteredUnit(line, product, catalogue, field);
    return {
      id: newId(),
      lineNumber: firstNumber + index,
      ...frozen(product),
      ...unit,
      enteredQuantity: line.quantity,
      quantity: inStockUnit(line.quantity, unit, product, `${field}.quantity`),
      unitPrice: line.unitPrice ?? cataloguePrice(product, unit),
      priceIsManual: line.unitPrice !== undefined,
      discount: { discountPercent: line.discountPercent, discountAmount: line.discountAmount },
      shippedQuantity: ZERO,
      cancelledQuantity: ZERO,
      returnedQuantity: ZERO,
    };
  });
}

/** The lines of a draft with today's catalogue, when it is placed (ORD-2). Prices that were set by hand stay. */
export function refreshLines(lines: readonly OrderLine[], catalogue: OrderCatalogue, currency: string): LineDraft[] {
  return lines.map((line) => {
    const product = orderable(line.productId, catalogue, currency, `items.${line.lineNumber - 1}`);
    return {
      ...line,
      ...frozen(product),
      unitPrice: line.priceIsManual ? line.unitPrice : cataloguePrice(product, line),
      discount: enteredDiscount(line),
    };
  });
}

/**
 * A line with another quantity, in the unit it was entered in. The product may have been archived meanwhile: its unit still tells (QTY-2).
 * @throws InvalidInput for a fraction of a whole unit, QuantityNotExact
 */
export function requantified(line: LineDraft, enteredQuantity: Decimal, { products }: OrderCatalogue): LineDraft {
  return { ...line, enteredQuantity, quantity: inStockUnit(enteredQuantity, line, products.get(line.productId)) };
}

export interface Composition extends Omit<PricedOrder, 'lines'> {
  readonly lines: OrderLine[];
}

/** Lines and totals of a document by MON-3 to MON-7. */
export function compose(
  drafts: readonly LineDraft[],
  document: EnteredDiscount & { readonly currency: string; readonly shippingAmount: Decimal },
): Composition {
  const priced = priceOrder({
    ...document,
    lines: drafts.map((line) => ({
      quantity: line.enteredQuantity,
      unitPrice: line.unitPrice,
      ...line.discount,
      taxRate: line.taxRate,
      taxInclusive: line.taxInclusive,
    })),
  });
  const lines = drafts.map(({ discount, ...line }, index) => {
    const { gross, discountAmount, documentDiscount, taxAmount, total } = priced.lines[index]!;
    return { ...line, discountPercent: discount.discountPercent ?? null, gross, discountAmount, documentDiscount, taxAmount, total };
  });
  return { ...priced, lines };
}

function orderable(productId: string, { products }: OrderCatalogue, currency: string, field: string): OrderableProduct {
  const product = products.get(productId);
  if (!product) throw new UnusableReference(`There is no product ${productId}`, { field: `${field}.productId`, id: productId });
  if (product.status !== 'published')
    throw new ProductNotOrderable(`${product.name} is ${product.status} and cannot be ordered`, {
      field: `${field}.productId`,
      id: productId,
    });
  assertSameCurrency(currency, product.currency);
  return product;
}

const frozen = (
  product: OrderableProduct,
): Pick<OrderLine, 'productId' | 'sku' | 'name' | 'tracksStock' | 'unitCost' | 'taxRateId' | 'taxRate' | 'taxInclusive'> => ({
  productId: product.id,
  sku: product.sku,
  name: product.name,
  tracksStock: product.tracksStock,
  unitCost: product.cost,
  taxRateId: product.taxRateId,
  taxRate: product.taxRate,
  taxInclusive: product.taxInclusive,
});

/** The unit a line is entered in, and what one of it is of the stock unit. */
type EnteredUnit = Pick<OrderLine, 'unit' | 'unitFactor' | 'stockUnitFactor' | 'unitIsWhole'>;

function enteredUnit({ unitId }: RequestedLine, product: OrderableProduct, { units }: OrderCatalogue, field: string): EnteredUnit {
  const stockUnitFactor = product.unitFactor;
  if (unitId === undefined) return { unit: product.unit, unitFactor: stockUnitFactor, stockUnitFactor, unitIsWhole: product.unitIsWhole };
  const unit = units.get(unitId);
  if (!unit) throw new UnusableReference(`There is no unit ${unitId}`, { field: `${field}.unitId`, id: unitId });
  if (unit.category !== product.unitCategory)
    throw new UnusableReference(`${product.name} is sold by ${product.unitCategory}; ${unit.code} is a unit of ${unit.category}`, {
      field: `${field}.unitId`,
      id: unitId,
    });
  return { unit: unit.code, unitFactor: unit.factor, stockUnitFactor, unitIsWhole: unit.isWhole };
}

/** QTY-2: neither the unit it was entered in nor the stock unit is split. `field` is where the quantity stands in the request. */
function inStockUnit(entered: Decimal, unit: EnteredUnit, product: OrderableProduct | undefined, field?: string): Decimal {
  assertWhole(entered, { code: unit.unit, isWhole: unit.unitIsWhole }, field);
  const quantity = toStockUnit(entered, unit.unitFactor, unit.stockUnitFactor);
  if (product) assertWhole(quantity, { code: product.unit, isWhole: product.unitIsWhole }, field);
  return quantity;
}

/** Per entered unit. A published product has a price (CHECK products_published_has_price_check). */
function cataloguePrice({ price }: OrderableProduct, { unitFactor, stockUnitFactor }: EnteredUnit): Decimal {
  if (price === null || unitFactor.eq(stockUnitFactor)) return price ?? ZERO;
  return price.times(unitFactor).div(stockUnitFactor).toDecimalPlaces(PRICE_DECIMALS);
}

/** Per stock unit, which is how returns and shipments count. */
export const stockUnitPrice = ({ unitPrice, unitFactor, stockUnitFactor }: OrderLine): Decimal =>
  unitFactor.eq(stockUnitFactor) ? unitPrice : unitPrice.times(stockUnitFactor).div(unitFactor).toDecimalPlaces(PRICE_DECIMALS);
