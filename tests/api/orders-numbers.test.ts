import { startTestApp, type TestApp } from '../support/app';
import { openShop, type Shop } from '../support/shop';

/** NUM-1, NUM-2: numbers of other people's own never stand in the way of those that the series gives. */
let app: TestApp;
let shop: Shop;
let product: string;

beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(async () => {
  shop = await openShop(app);
  product = await shop.product(1_000);
});
afterAll(() => app.close());

const items = () => [{ productId: product, quantity: '1' }];
const place = async (fields: object = {}) => (await shop.admin.post('/orders', { items: items(), ...fields }).expect(201)).body;

/** A document of one line each; a negative quantity is a return. */
async function importDocuments(numbers: readonly string[], quantity: number): Promise<void> {
  const rows = numbers.map((documentNumber) => ({
    documentNumber,
    productCode: 'A',
    quantity,
    date: '2011-06-01T09:00:00Z',
    unitPrice: '12.50',
  }));
  const { text } = await app.http
    .post('/api/v1/orders/import')
    .query({ mapping: 'order-lines' })
    .set('Authorization', `Bearer ${shop.token}`)
    .set('Content-Type', 'application/x-ndjson')
    .buffer(true)
    .serialize((body: unknown) => body as string)
    .send(rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
    .expect(200);
  expect(text).toContain(`"imported":${numbers.length},`);
}

async function takeBack(): Promise<string> {
  const order = await shop.order([[product, 1]]);
  await shop.move(order.id, 'confirmed', 'shipped');
  const { body } = await shop.post(order.id, 'returns', { items: [{ itemId: order.items[0].id, quantity: '1' }], reason: 'x' }).expect(201);
  return body.return.number;
}

test('a return whose number was imported does not stop those that follow', async () => {
  expect(await takeBack()).toBe('RT-000001');
  await importDocuments(['RT-000002', 'RT-000003'], -1);
  expect(await takeBack()).toBe('RT-000004');
  expect(await takeBack()).toBe('RT-000005');
});

test('numbers of the series that callers brought themselves are passed over, also within a block that was taken before', async () => {
  expect((await place()).number).toBe('SO-000001');
  for (const number of ['SO-000002', 'SO-000003', 'SO-000021', 'SO-000022']) await place({ number });
  const numbers = [];
  for (let placed = 0; placed < 25; placed++) numbers.push((await place()).number);
  expect(new Set(numbers).size).toBe(25);
  expect(numbers).not.toContain('SO-000002');
  expect((await shop.admin.post('/orders', { items: items(), number: 'SO-000002' }).expect(409)).body.error.code).toBe('DUPLICATE');
});

test('orders that come at once get numbers although a migration has brought hundreds of the series; so does a draft', async () => {
  expect((await place()).number).toBe('SO-000001');
  const brought = Array.from({ length: 300 }, (_, index) => `SO-${String(index + 2).padStart(6, '0')}`);
  await importDocuments(brought, 1);
  const draft = await shop.draft([[product, 1]]);
  const placing = Array.from({ length: 30 }, async () => shop.admin.post('/orders', { items: items() }));
  const placed = shop.move(draft.id, 'pending');
  const answers = await Promise.all(placing);
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
  const numbers = [...answers.map(({ body }) => body.number as string), (await placed).number as string];
  expect(new Set(numbers).size).toBe(31);
  expect(numbers.filter((number) => brought.includes(number))).toEqual([]);
});

test('a trial shows a number that nobody has', async () => {
  await place();
  for (const number of ['SO-000021', 'SO-000022']) await place({ number });
  const { body } = await shop.admin.post('/orders?dryRun=true', { items: items() }).expect(200);
  expect(body.number).toBe('SO-000023');
});
