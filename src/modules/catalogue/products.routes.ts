import { BULK_BODY_LIMIT } from '../../http/bulk';
import { del, get, patch, post, put, type AnyEndpoint } from '../../http/endpoint';
import { RowsRejected } from '../../kernel/bulk';
import { Duplicate, InUse, UnusableReference, VersionMismatch } from '../../kernel/common-errors';
import { StoreForbidden } from '../../kernel/store-access';
import { StoreNotUsable } from '../inventory/inventory.errors';
import { ProductNotFound, ProductTrackingFrozen, ProductUnitFrozen, UnitNotAllowed } from './catalogue.errors';
import { IllegalProductTransition, ProductNotPublishable } from './domain/product-status';
import type { ProductsController } from './products.controller';
import {
  newProduct,
  newProducts,
  productChanges,
  productList,
  productPage,
  productParams,
  productReplacement,
  productVerdicts,
  productView,
  statusChange,
} from './products.schemas';

const tag = 'Catalogue';
const statusFails = [ProductNotFound, IllegalProductTransition, ProductNotPublishable, VersionMismatch];
const changeFails = [...statusFails, ProductUnitFrozen, ProductTrackingFrozen, UnitNotAllowed, InUse, UnusableReference, Duplicate];

export const productRoutes = (products: ProductsController): AnyEndpoint[] => [
  get(
    '/products',
    {
      operationId: 'listProducts',
      summary: 'List products',
      tag,
      allow: 'catalogue:read',
      query: productList,
      returns: productPage,
      fails: [StoreForbidden],
    },
    products.list,
  ),
  post(
    '/products',
    {
      operationId: 'createProduct',
      summary: 'Create a product, with the stock it starts with',
      description:
        'Price and cost need the permission prices:write, initial stock needs stock:adjust. A missing SKU is made from the name.',
      tag,
      allow: 'catalogue:write',
      body: newProduct,
      returns: productView,
      status: 201,
      dryRun: true,
      fails: [ProductNotPublishable, UnitNotAllowed, UnusableReference, StoreNotUsable, StoreForbidden, Duplicate],
      example: { sku: 'LAMP-1', name: 'Desk lamp', price: '24.90', cost: '11.00', initialStock: { quantity: '40' } },
    },
    products.create,
  ),
  post(
    '/products/bulk',
    {
      operationId: 'createProducts',
      summary: 'Create up to 1,000 products at once',
      description:
        `Every row is a new product by the rules of POST /products, and gets its own verdict. A SKU or barcode that comes twice goes to the
first row. In atomic mode one refused row refuses them all: 422, with the refused rows in its details. The body may have up to 4 MiB.`.replaceAll(
          '\n',
          ' ',
        ),
      tag,
      allow: 'catalogue:write',
      body: newProducts,
      bodyLimit: BULK_BODY_LIMIT,
      returns: productVerdicts,
      dryRun: true,
      fails: [RowsRejected],
      example: { mode: 'continue', rows: [{ sku: 'LAMP-2', name: 'Floor lamp', price: '89.00' }, { name: 'Lamp shade' }] },
    },
    products.createMany,
  ),
  get(
    '/products/:productId',
    {
      operationId: 'readProduct',
      summary: 'Read a product with its stock',
      tag,
      allow: 'catalogue:read',
      params: productParams,
      returns: productView,
      fails: [ProductNotFound],
      revalidate: false, // the stock in it changes without the version
    },
    products.read,
  ),
  put(
    '/products/:productId',
    {
      operationId: 'replaceProduct',
      summary: 'Replace a product',
      description: 'What is left out is emptied, but for SKU, unit, status, price and cost, which stay as they are.',
      tag,
      allow: 'catalogue:write',
      params: productParams,
      body: productReplacement,
      returns: productView,
      fails: changeFails,
      example: { name: 'Desk lamp, brass', price: '29.90' },
    },
    products.replace,
  ),
  patch(
    '/products/:productId',
    {
      operationId: 'changeProduct',
      summary: 'Change a product',
      tag,
      allow: 'catalogue:write',
      params: productParams,
      body: productChanges,
      returns: productView,
      fails: changeFails,
      example: { price: '29.90' },
    },
    products.change,
  ),
  patch(
    '/products/:productId/status',
    {
      operationId: 'changeProductStatus',
      summary: 'Move a product to another status',
      description: 'draft to published; published to draft or archived; archived to draft.',
      tag,
      allow: 'catalogue:write',
      params: productParams,
      body: statusChange,
      returns: productView,
      fails: statusFails,
      example: { status: 'published' },
    },
    products.changeStatus,
  ),
  post(
    '/products/:productId/publish',
    {
      operationId: 'publishProduct',
      summary: 'Publish a draft, so that it can be ordered',
      tag,
      allow: 'catalogue:write',
      params: productParams,
      returns: productView,
      fails: statusFails,
    },
    products.publish,
  ),
  post(
    '/products/:productId/unpublish',
    {
      operationId: 'unpublishProduct',
      summary: 'Make a product a draft again',
      tag,
      allow: 'catalogue:write',
      params: productParams,
      returns: productView,
      fails: statusFails,
    },
    products.unpublish,
  ),
  post(
    '/products/:productId/archive',
    {
      operationId: 'archiveProduct',
      summary: 'Archive a published product; its open orders go on',
      tag,
      allow: 'catalogue:write',
      params: productParams,
      returns: productView,
      fails: statusFails,
    },
    products.archive,
  ),
  del(
    '/products/:productId',
    {
      operationId: 'deleteProduct',
      summary: 'Delete a product that was never used; archive any other',
      tag,
      allow: 'catalogue:delete',
      params: productParams,
      returns: 'nothing',
      fails: [ProductNotFound, VersionMismatch],
    },
    products.remove,
  ),
];
