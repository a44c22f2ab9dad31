import {
  bool,
  commaList,
  currencyCode,
  describe,
  id,
  instant,
  instantView,
  list,
  money,
  moneySum,
  named,
  nullable,
  oneOf,
  optional,
  price,
  quantityOrZero,
  quantitySum,
  shape,
  signedMoney,
  signedQuantity,
  text,
  type Infer,
} from '../../http/fields/fields';
import { listQuery, pageOf } from '../../http/lists/paging';
import { ADJUSTMENT_REASONS, MOVEMENT_KINDS } from './domain/stock-movement';

/** More stores than an organization has. */
const MOST_LEVELS = 10_000;

const note = () => text(1000);
const reason = () => oneOf(...ADJUSTMENT_REASONS);

/** Of a level, or Σ over levels. */
const amounts = {
  onHand: quantitySum(),
  reserved: describe(quantitySum(), 'Promised to open orders'),
  available: describe(quantitySum(), 'onHand − reserved, and never less than zero'),
  inTransit: describe(quantitySum(), 'Always zero: stores do not send each other goods yet'),
  onOrder: describe(quantitySum(), 'Always zero: nothing is ordered from vendors yet'),
};
const value = () => describe(moneySum(), 'What the goods on hand cost, by moving average, in the currency named beside it');
const reorderLevel = () => nullable(quantityOrZero());

export const levelView = named(
  'StockLevel',
  shape({
    productId: id(),
    sku: text(64),
    name: text(200),
    storeId: id(),
    storeCode: text(20),
    ...amounts,
    value: value(),
    currency: currencyCode(),
    reorderLevel: reorderLevel(),
    updatedAt: describe(instantView(), 'When anything about the level last changed'),
  }),
);

export const productStockView = named(
  'ProductStock',
  shape({
    productId: id(),
    sku: text(64),
    name: text(200),
    unit: describe(text(20), 'Code of the unit all quantities are in'),
    currency: currencyCode(),
    tracksStock: bool(),
    allowsBackorder: bool(),
    reorderLevel: reorderLevel(),
    reorderQuantity: reorderLevel(),
    ...amounts,
    value: value(),
    levels: describe(list(levelView, { max: MOST_LEVELS }), 'Of each store that ever held it'),
  }),
);

export const movementView = named(
  'StockMovement',
  shape({
    id: id(),
    productId: id(),
    sku: text(64),
    name: text(200),
    storeId: id(),
    storeCode: text(20),
    kind: oneOf(...MOVEMENT_KINDS),
    quantity: describe(signedQuantity(), 'Change of what is on hand'),
    unitCost: price(),
    value: describe(signedMoney(), 'Change of the value of what is on hand'),
    quantityAfter: quantityOrZero(),
    valueAfter: money(),
    currency: currencyCode(),
    reason: nullable(text(64)),
    note: nullable(note()),
    source: describe(nullable(shape({ type: text(64), id: id(), lineId: nullable(id()) })), 'The document that moved the goods'),
    actorId: nullable(id()),
    occurredAt: instantView(),
    recordedAt: instantView(),
  }),
);

export const lowStockView = named(
  'LowStockProduct',
  shape({
    productId: id(),
    sku: text(64),
    name: text(200),
    supplier: nullable(text(200)),
    ...amounts,
    reorderLevel: quantityOrZero(),
    reorderQuantity: reorderLevel(),
  }),
);

const change = {
  storeId: optional(describe(id(), 'The oldest store you may use when left out')),
  quantity: optional(describe(signedQuantity(), 'By how much what is on hand changes; either this or setTo')),
  setTo: optional(describe(quantityOrZero(), 'What there shall be on hand; either this or quantity')),
  note: optional(note()),
};
const adjustment = {
  ...change,
  reason: reason(),
  unitCost: optional(
    describe(
      price(),
      'What a unit that comes in cost; needs prices:write. When left out: the level’s average, else the cost of the product',
    ),
  ),
};

export const productParams = shape({ productId: id() });
export const newAdjustment = named('NewStockAdjustment', shape({ productId: id(), ...adjustment }));
export const productAdjustment = named('ProductStockAdjustment', shape(adjustment));
export const stockChange = named(
  'ProductStockChange',
  shape({ ...change, reason: optional(describe(reason(), 'correction when left out')) }),
);
export const adjustedView = named(
  'StockAdjustment',
  shape({
    level: levelView,
    movement: describe(nullable(movementView), 'Null when setTo named what was there already: then nothing was written'),
  }),
);

export const levelList = listQuery(
  { sort: ['sku'], default: 'sku' },
  {
    storeId: optional(id()),
    productId: optional(id()),
    q: optional(describe(text(100), 'Part of name, SKU or barcode')),
    lowStock: optional(
      describe(
        bool(),
        'Whether the product is low in the store: not archived, stock tracked, and what is available there at or below the reorder level',
      ),
    ),
  },
);
export const levelPage = pageOf('StockLevelPage', levelView);

export const movementList = listQuery(
  { sort: ['occurredAt'], default: '-occurredAt' },
  {
    productId: optional(id()),
    storeId: optional(id()),
    kind: optional(commaList(oneOf(...MOVEMENT_KINDS), { max: MOVEMENT_KINDS.length })),
    reason: optional(text(64)),
    from: optional(describe(instant(), 'Occurred at this moment or later')),
    to: optional(describe(instant(), 'Occurred before this moment')),
    sourceId: optional(describe(id(), 'The document that moved the goods')),
  },
);
export const movementPage = pageOf('StockMovementPage', movementView);

export const lowStockList = listQuery(
  { sort: ['sku', 'name'], default: 'sku' },
  { storeId: optional(describe(id(), 'Counts what is in this store only')) },
);
export const lowStockPage = pageOf('LowStockPage', lowStockView);

export type ProductParams = Infer<typeof productParams>;
export type NewAdjustment = Infer<typeof newAdjustment>;
export type ProductAdjustment = Infer<typeof productAdjustment>;
export type StockChange = Infer<typeof stockChange>;
export type LevelList = Infer<typeof levelList>;
export type MovementList = Infer<typeof movementList>;
export type LowStockList = Infer<typeof lowStockList>;
export type LevelView = Infer<typeof levelView>;
export type ProductStockView = Infer<typeof productStockView>;
export type MovementView = Infer<typeof movementView>;
export type LowStockView = Infer<typeof lowStockView>;
export type AdjustedView = Infer<typeof adjustedView>;
