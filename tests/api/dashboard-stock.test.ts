import { SettableClock } from '../../src/kernel/clock';
import { asOrganization } from '../../src/kernel/context';
import { Decimal, ZERO } from '../../src/kernel/decimal';
import { startTestApp, type SignedUp, type TestApp } from '../support/app';
import { openShop } from '../support/shop';

/** A store's days by hand: what came in, what was sold and shipped, and what the dashboards then say. */
const TODAY = new Date('2027-03-31T11:00:00Z');
/** Until 02:00 UTC it is still yesterday there, and summer time has begun in between. */
const clock = new SettableClock(TODAY);

let app: TestApp;
let owner: SignedUp;
let shop: string;
let warehouse: string;
const products: Record<string, string> = {};
const inOrganization = <T>(work: () => Promise<T>): Promise<T> => asOrganization(owner.organizationId, work);
const daysAgo = (days: number, hours = 0): void => clock.set(new Date(TODAY.getTime() - (days * 24 + hours) * 3_600_000));

async function make(name: string, options: { reorderLevel?: string; tracksStock?: boolean } = {}): Promise<void> {
  const product = { sku: name, name, price: '10', cost: '4', ...options };
  products[name] = (await app.container.modules.catalogue.products.create(product, { maySetPrices: true })).id;
}
const receive = (name: string, storeId: string, quantity: number, unitCost: string) =>
  app.container.modules.inventory.stock.receiveInitial({
    productId: products[name]!,
    storeId,
    quantity: new Decimal(quantity),
    unitCost: new Decimal(unitCost),
  });

async function order(storeId: string, items: Record<string, number>, then: 'pending' | 'completed' | 'cancelled'): Promise<void> {
  const { placement, lifecycle } = app.container.modules.orders;
  const placed = await placement.place({
    order: {
      storeId,
      shippingAmount: ZERO,
      items: Object.entries(items).map(([name, quantity]) => ({ productId: products[name]!, quantity: new Decimal(quantity) })),
    },
    draft: false,
    answerOf: () => ({ status: 201, body: '', headers: {} }),
  });
  if (!('order' in placed)) throw new Error('placed without a key');
  if (then === 'cancelled') await lifecycle.cancel(placed.order.id, { reason: 'Not wanted' });
  if (then === 'completed')
    for (const status of ['processing', 'completed'] as const) await lifecycle.changeStatus(placed.order.id, { status });
}

beforeAll(async () => {
  app = await startTestApp({ clock });
  owner = await app.signUp({ currency: 'EUR', timeZone: 'America/Havana' });
  shop = owner.storeId;
  await inOrganization(async () => {
    warehouse = (
      await app.container.modules.organization.stores.create({
        code: 'WH',
        name: 'Warehouse',
        kind: 'warehouse',
        currency: 'EUR',
        address: null,
      })
    ).id;
    daysAgo(120);
    await make('brisk', { reorderLevel: '5' });
    await make('dead');
    await make('fresh');
    await make('gone', { reorderLevel: '0' });
    await make('low', { reorderLevel: '20' });
    await make('service', { tracksStock: false, reorderLevel: '9' });
    await receive('brisk', shop, 100, '2');
    await receive('dead', shop, 7, '3');
    await receive('dead', warehouse, 5, '1');
    await receive('low', shop, 12, '1.5');
    daysAgo(100);
    await order(shop, { brisk: 10, dead: 2 }, 'completed');
    daysAgo(29, 12); // the night before the first of thirty days, there
    await order(shop, { brisk: 1 }, 'completed');
    daysAgo(29, 6); // the first of them
    await order(shop, { brisk: 30, service: 3 }, 'completed');
    daysAgo(10);
    await order(shop, { low: 4 }, 'pending');
    await order(shop, { low: 1 }, 'cancelled');
    await receive('fresh', shop, 3, '8');
    clock.set(TODAY);
    await order(shop, { brisk: 2 }, 'pending');
  });
});
afterAll(() => app.close());

it('values the stock, and says how it moves', async () => {
  const { stockStatus } = app.container.modules.dashboard;
  const status = await inOrganization(() => stockStatus.read({ days: 30, limit: 20 }));
  // brisk 59 × 2, dead 5 × 3 + 5 × 1, low 12 × 1.5, fresh 3 × 8; 30 brisk were shipped and fresh came in within the days
  expect(status).toMatchObject({
    currency: 'EUR',
    timeZone: 'America/Havana',
    from: '2027-03-02',
    to: '2027-03-31',
    totalValue: '180.00',
    productsInStock: 4,
    costOfGoodsSold: '60.00',
    openingValue: '216.00',
    averageValue: '198.00',
    turnover: '3.69', // 60 ÷ 198 × 365 ÷ 30
    daysOfStock: '90.00', // 180 ÷ (60 ÷ 30)
    lowStock: {
      products: 2,
      items: [
        { sku: 'gone', available: '0' },
        { sku: 'low', onHand: '12', available: '8', reorderLevel: '20', lastSoldAt: null },
      ],
    },
    outOfStock: { products: 1, items: [{ sku: 'gone' }] },
  });
  expect(status.deadStock).toMatchObject({
    products: 2,
    value: '38.00',
    items: [
      { sku: 'dead', onHand: '10', value: '20.00', lastSoldAt: '2026-12-21T11:00:00.000Z' },
      { sku: 'low', value: '18.00', lastSoldAt: null },
    ],
  });
  const longer = await inOrganization(() => stockStatus.read({ days: 101, limit: 1 }));
  expect(longer).toMatchObject({ costOfGoodsSold: '88.00', deadStock: { products: 1, items: [{ sku: 'low' }] } });
  const other = await inOrganization(() => stockStatus.read({ days: 30, limit: 20, storeId: warehouse }));
  expect(other).toMatchObject({
    totalValue: '5.00',
    costOfGoodsSold: '0.00',
    turnover: '0.00',
    daysOfStock: null,
    outOfStock: { products: 4 },
  });
});

it('an organization without stock has nothing to divide by', async () => {
  const stranger = await app.signUp();
  const status = await asOrganization(stranger.organizationId, () =>
    app.container.modules.dashboard.stockStatus.read({ days: 30, limit: 20 }),
  );
  expect(status).toMatchObject({ totalValue: '0.00', turnover: null, daysOfStock: null, lowStock: { products: 0, items: [] } });
});

it('more may come back than was sold', async () => {
  const other = await openShop(app);
  const product = await other.product(10, { cost: '4.00' });
  const sold = await other.order([[product, 2]]);
  await other.move(sold.id, 'confirmed', 'shipped');
  clock.set(new Date(TODAY.getTime() + 48 * 3_600_000));
  const admin = app.as(await app.member(other.organizationId, 'admin'));
  const items = [{ itemId: sold.items[0].id, quantity: '1' }];
  await admin.post(`/orders/${sold.id}/returns`, { items, reason: 'changed mind' }).expect(201);
  const { body } = await admin.get('/dashboard/inventory?days=1').expect(200);
  // 4 came back to 32: −4 ÷ 34 × 365
  expect(body).toMatchObject({ costOfGoodsSold: '-4.00', openingValue: '32.00', turnover: '-42.94', daysOfStock: null });
  clock.set(TODAY);
});

it('shows what a store has and sells', async () => {
  const { store } = app.container.modules.dashboard;
  const read = (storeId: string | undefined, options: { lowStock?: boolean; pageSize?: number } = {}) =>
    inOrganization(() => store.read({ storeId, days: 30, sortBy: 'sku', descending: false, pageSize: 20, ...options }));
  const { head, page } = await read(undefined);
  expect(head).toEqual({
    store: { id: shop, code: 'MAIN', name: expect.any(String), kind: 'shop', currency: 'EUR' },
    timeZone: 'America/Havana',
    from: '2027-03-02',
    to: '2027-03-31',
    days: 30,
    stockValue: '175.00',
    stockCurrency: 'EUR',
    lowStockItems: 2,
  });
  const rows = JSON.parse(page.data) as Array<Record<string, unknown>>;
  expect(
    rows.map(({ sku, onHand, reserved, available, lowStock, totalSold, avgDailySales }) => [
      sku,
      onHand,
      reserved,
      available,
      lowStock,
      totalSold,
      avgDailySales,
    ]),
  ).toEqual([
    ['brisk', '59', '2', '57', false, '43', '1.0667'],
    ['dead', '5', '0', '5', false, '2', '0'],
    ['fresh', '3', '0', '3', false, '0', '0'],
    ['gone', '0', '0', '0', true, '0', '0'],
    ['low', '12', '4', '8', true, '4', '0.1333'],
    ['service', '0', '0', '0', false, '3', '0.1'],
  ]);
  const low = await read(shop, { lowStock: true, pageSize: 1 });
  expect(low.page).toMatchObject({ hasMore: true });
  expect(JSON.parse(low.page.data)).toMatchObject([{ sku: 'gone' }]);
  const elsewhere = JSON.parse((await read(warehouse)).page.data) as Array<Record<string, unknown>>;
  expect(elsewhere.find(({ sku }) => sku === 'dead')).toMatchObject({ onHand: '5', totalSold: '0', avgDailySales: '0' });
});
