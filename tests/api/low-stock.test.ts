import { startTestApp, type TestApp } from '../support/app';
import { stockRoom, type StockRoom } from '../support/stock';

/** What is low is one rule, whoever asks: not archived, stock is tracked, and no more is available than the reorder level. */
let app: TestApp;
let room: StockRoom;
beforeAll(async () => {
  app = await startTestApp();
  room = await stockRoom(app);
  const products: ReadonlyArray<readonly [sku: string, fields: object, inStock?: string]> = [
    ['LOW', { reorderLevel: '5' }, '5'],
    ['NONE', { reorderLevel: '0' }],
    ['ENOUGH', { reorderLevel: '5' }, '6'],
    ['ANY', {}, '1'],
    ['SERVICE', { tracksStock: false, reorderLevel: '1' }],
    ['GONE', { reorderLevel: '5' }, '2'],
  ];
  for (const [sku, fields, quantity] of products) {
    const productId = await room.product({ sku, name: sku, ...fields });
    if (quantity !== undefined) await room.adjust({ productId, quantity, reason: 'received' });
    if (sku === 'GONE') await room.admin.post(`/products/${productId}/archive`).expect(200);
  }
});
afterAll(() => app.close());

const read = async (path: string) => (await room.admin.get(path).expect(200)).body;
const skus = (rows: ReadonlyArray<{ sku: string }>): string => rows.map(({ sku }) => sku).join(' ');

test('lists name the same products; a store has no level of what never was there', async () => {
  expect(skus((await read('/products?lowStock=true&sort=sku')).data)).toBe('LOW NONE');
  expect(skus((await read('/products?lowStock=false&sort=sku')).data)).toBe('ANY ENOUGH GONE SERVICE');
  expect(skus((await read('/inventory/low-stock')).data)).toBe('LOW NONE');
  expect(skus((await read('/inventory?lowStock=true')).data)).toBe('LOW');
  expect(skus((await read('/inventory?lowStock=false')).data)).toBe('ANY ENOUGH GONE');
});

test('dashboards count the same products', async () => {
  expect((await read('/dashboard/overview')).lowStockItems).toBe(2);
  const status = await read('/dashboard/inventory');
  expect([status.lowStock.products, skus(status.lowStock.items)]).toEqual([2, 'NONE LOW']);
  const store = await read('/dashboard?lowStock=true');
  expect([store.lowStockItems, skus(store.products)]).toEqual([2, 'LOW NONE']);
});
