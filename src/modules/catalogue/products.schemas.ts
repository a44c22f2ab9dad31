import { bulkOf, verdictsOf } from '../../http/bulk';
import {
  bool,
  commaList,
  currencyCode,
  describe,
  id,
  instantView,
  int,
  named,
  nullable,
  oneOf,
  optional,
  partial,
  price,
  quantityOrZero,
  quantitySum,
  record,
  scalar,
  shape,
  text,
  type Infer,
} from '../../http/fields/fields';
import { listQuery, pageOf } from '../../http/lists/paging';
import { categorySummary } from './categories.schemas';
import { PRODUCT_STATUSES } from './domain/product-status';
import { unitSummary } from './units.schemas';

const sku = () => text(64);
const name = () => text(200);
const description = () => text(5000, { min: 0 });
const attributes = () => record(/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/, scalar(), { max: 50 });

const changeable = {
  sku: optional(sku()),
  description: optional(nullable(description())),
  categoryId: optional(nullable(id())),
  category: optional(describe(nullable(text(200)), 'Instead of categoryId: name or code of a category')),
  unitId: optional(describe(id(), 'Stock unit; the unit pcs when a new product names none')),
  price: optional(nullable(price())),
  cost: optional(nullable(price())),
  reorderLevel: optional(nullable(quantityOrZero())),
  reorderQuantity: optional(nullable(quantityOrZero())),
  barcode: optional(nullable(text(64))),
  supplier: optional(nullable(text(200))),
  attributes: optional(attributes()),
  tracksStock: optional(describe(bool(), 'False for services, which are sold without stock')),
  allowsBackorder: optional(bool()),
};
const status = oneOf(...PRODUCT_STATUSES);

export const productParams = shape({ productId: id() });
export const newProduct = named(
  'NewProduct',
  shape({
    name: name(),
    ...changeable,
    status: optional(describe(oneOf('draft', 'published'), 'Published when there is a price, else draft')),
    initialStock: optional(shape({ storeId: optional(id()), quantity: quantityOrZero() })),
    quantity: optional(describe(quantityOrZero(), 'Instead of initialStock: stock of the first store')),
  }),
);
export const newProducts = bulkOf('NewProducts', newProduct);
export const productVerdicts = verdictsOf('ProductVerdicts', { id: optional(id()), sku: optional(sku()) });
export const productReplacement = named('ProductReplacement', shape({ name: name(), ...changeable, status: optional(status) }));
export const productChanges = named('ProductChanges', partial({ name: name(), ...changeable, status }));
export const statusChange = named('ProductStatusChange', shape({ status }));

export const productView = named(
  'Product',
  shape({
    id: id(),
    sku: sku(),
    name: name(),
    description: nullable(description()),
    category: nullable(categorySummary),
    unit: unitSummary,
    price: nullable(price()),
    cost: nullable(price()),
    currency: currencyCode(),
    status,
    tracksStock: bool(),
    allowsBackorder: bool(),
    reorderLevel: nullable(quantityOrZero()),
    reorderQuantity: nullable(quantityOrZero()),
    barcode: nullable(text(64)),
    supplier: nullable(text(200)),
    attributes: attributes(),
    stock: describe(
      shape({ onHand: quantitySum(), reserved: quantitySum(), available: quantitySum() }),
      'Over all stores, or the one asked for. Not guarded by the version.',
    ),
    version: int(1, 2 ** 31 - 1),
    createdAt: instantView(),
    updatedAt: instantView(),
  }),
);

const SEARCH =
  `Products with all of these words, or words that begin with them, in name, SKU, barcode or description, without regard to case and accents;
  when there are none, those spelled nearly like it. Of more than 10,000 products the newest are found. Another sort orders the same products; relevance cannot be sorted by without q.`.replaceAll(
    /\s+/g,
    ' ',
  );

export const productList = listQuery(
  { sort: ['name', 'sku', 'price', 'createdAt', 'relevance'], default: 'name', searching: '-relevance' },
  {
    q: optional(describe(text(100), SEARCH)),
    storeId: optional(describe(id(), 'Counts stock in this store only')),
    category: optional(describe(text(200), 'Id, name or code; products of the categories below are included')),
    status: optional(commaList(status, { max: PRODUCT_STATUSES.length })),
    lowStock: optional(
      describe(bool(), 'Whether they are low: not archived, stock tracked, and what is available at or below the reorder level'),
    ),
  },
);
export const productPage = pageOf('ProductPage', productView);

export type ProductParams = Infer<typeof productParams>;
export type NewProductBody = Infer<typeof newProduct>;
export type NewProductsBody = Infer<typeof newProducts>;
export type ProductVerdicts = Infer<typeof productVerdicts>;
export type ProductReplacement = Infer<typeof productReplacement>;
export type ProductChanges = Infer<typeof productChanges>;
export type StatusChange = Infer<typeof statusChange>;
export type ProductView = Infer<typeof productView>;
export type ProductList = Infer<typeof productList>;
