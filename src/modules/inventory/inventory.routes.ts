import { get, patch, post, type AnyEndpoint } from '../../http/endpoint';
import { UnusableReference } from '../../kernel/common-errors';
import { StoreForbidden } from '../../kernel/store-access';
import { ProductNotFound } from '../catalogue/catalogue.errors';
import type { InventoryController } from './inventory.controller';
import { InsufficientStock, StockNotTracked, StoreNotUsable } from './inventory.errors';
import {
  adjustedView,
  levelList,
  levelPage,
  lowStockList,
  lowStockPage,
  movementList,
  movementPage,
  newAdjustment,
  productAdjustment,
  productParams,
  productStockView,
  stockChange,
} from './inventory.schemas';

const tag = 'Inventory';
const adjustFails = [InsufficientStock, StockNotTracked, StoreNotUsable, StoreForbidden];
const ADJUSTING =
  `What is reserved for orders cannot be taken. Goods that come in are valued at unitCost, else at the level's average, else at the
cost of the product; goods that go out take their share of the level's value, by moving average.`.replaceAll('\n', ' ');

const productStock = { tag, allow: 'stock:read', params: productParams, returns: productStockView, fails: [ProductNotFound] } as const;

export const inventoryRoutes = (inventory: InventoryController): AnyEndpoint[] => [
  get(
    '/inventory',
    {
      operationId: 'listStockLevels',
      summary: 'List stock levels: one row per product and store',
      description:
        'By SKU, then store. Nothing is in transit or on order yet: those two are zero until there are transfers and purchase orders.',
      tag,
      allow: 'stock:read',
      query: levelList,
      returns: levelPage,
      fails: [StoreForbidden],
    },
    inventory.levels,
  ),
  get(
    '/inventory/movements',
    {
      operationId: 'listStockMovements',
      summary: 'List the stock ledger',
      description:
        'Every change of what is on hand, newest first. Rows are never changed or removed: a mistake is corrected by another one.',
      tag,
      allow: 'stock:read',
      query: movementList,
      returns: movementPage,
      fails: [StoreForbidden],
    },
    inventory.movements,
  ),
  get(
    '/inventory/low-stock',
    {
      operationId: 'listLowStock',
      summary: 'List products that are at or below their reorder level',
      description:
        `What is available, over all stores or in the one asked for, is compared with the reorder level. Products without a reorder level,
        archived ones and those sold without stock are left out.`.replaceAll(/\s+/g, ' '),
      tag,
      allow: 'stock:read',
      query: lowStockList,
      returns: lowStockPage,
      fails: [StoreForbidden],
    },
    inventory.lowStock,
  ),
  post(
    '/inventory/adjust-stock',
    {
      operationId: 'adjustStock',
      summary: 'Adjust the stock of a product',
      description: ADJUSTING,
      tag,
      allow: 'stock:adjust',
      body: newAdjustment,
      returns: adjustedView,
      dryRun: true,
      fails: [...adjustFails, UnusableReference],
      example: { productId: '0198c0de-0000-7000-8000-000000000001', quantity: '-2', reason: 'damaged', note: 'Broken in the shop' },
    },
    inventory.adjust,
  ),
  get(
    '/inventory/:productId',
    { operationId: 'readInventory', summary: 'Read the stock of a product: in all, and per store', ...productStock },
    inventory.product,
  ),
  patch(
    '/inventory/:productId',
    {
      operationId: 'adjustProductStock',
      summary: 'Adjust the stock of a product',
      description: ADJUSTING,
      tag,
      allow: 'stock:adjust',
      params: productParams,
      body: productAdjustment,
      returns: adjustedView,
      dryRun: true,
      fails: [...adjustFails, ProductNotFound],
      example: { quantity: '5', reason: 'found' },
    },
    inventory.adjustProduct,
  ),
  get(
    '/products/:productId/stock',
    { operationId: 'readProductStock', summary: 'Read the stock of a product: in all, and per store', ...productStock },
    inventory.product,
  ),
  patch(
    '/products/:productId/stock',
    {
      operationId: 'changeProductStock',
      summary: 'Set or change the stock of a product in one store',
      description: ADJUSTING,
      tag,
      allow: 'stock:adjust',
      params: productParams,
      body: stockChange,
      returns: adjustedView,
      dryRun: true,
      fails: [...adjustFails, ProductNotFound],
      example: { setTo: '40' },
    },
    inventory.changeProduct,
  ),
];
