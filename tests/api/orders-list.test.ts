import { startTestApp, type TestApp } from '../support/app';
import { openShop, type Shop } from '../support/shop';

let app: TestApp;
let shop: Shop;
let numbers: string[];
let customerId: string;

beforeAll(async () => {
  app = await startTestApp();
  shop = await openShop(app);
  const product = await shop.product(1_000);
  customerId = ((await shop.admin.post('/customers', { name: 'Zoë Quill' }).expect(201)).body as { id: string }).id;
  numbers = [];
  for (let day = 1; day <= 7; day++) {
    const fields = day === 3 ? { customerId, externalReference: 'WEB_100%' } : {};
    const { id, number } = await shop.order([[product, day]], fields);
    await app.sql('UPDATE orders SET ordered_at = $1 WHERE id = $2', [`2026-03-0${day}T12:00:00Z`, id]);
    numbers.push(number as string);
  }
  await shop.draft([[product, 1]]);
});
afterAll(() => app.close());

interface Row {
  number: string | null;
  total: string;
  itemCount: number;
}
const list = async (
  query: string,
): Promise<{ data: Row[]; pagination: { nextCursor: string | null; previousCursor?: string | null; total?: number } }> =>
  (await shop.admin.get(`/orders?${query}`).expect(200)).body;
const numbersOf = async (query: string): Promise<Array<string | null>> => (await list(query)).data.map(({ number }) => number);

test('the newest first; a cursor leads through all of them and back', async () => {
  // The draft has no day of order; it counts by when it was made, which is now.
  expect(await numbersOf('')).toEqual([null, ...[...numbers].reverse()]);
  const first = await list('pageSize=3');
  const second = await list(`pageSize=3&cursor=${first.pagination.nextCursor}`);
  const third = await list(`pageSize=3&cursor=${second.pagination.nextCursor}`);
  expect([...first.data, ...second.data, ...third.data].map(({ number }) => number)).toEqual(await numbersOf(''));
  expect(third.pagination.nextCursor).toBeNull();
  expect((await list(`pageSize=3&cursor=${second.pagination.previousCursor}`)).data).toEqual(first.data);
  expect(first.data[0]).not.toHaveProperty('items');
  expect(second.data[0]!.itemCount).toBe(1);
});

test('sorted by total and number, numbered pages with a total', async () => {
  expect((await list('sort=total&status=pending')).data.map(({ total }) => total)).toEqual([
    '10.00',
    '20.00',
    '30.00',
    '40.00',
    '50.00',
    '60.00',
    '70.00',
  ]);
  expect(await numbersOf('sort=number&pageSize=2')).toEqual([null, [...numbers].sort()[0]]);
  const page = await list('page=2&pageSize=3&sort=total');
  expect(page.pagination.total).toBe(8);
  expect(page.data).toHaveLength(3);
});

test.each([
  ['status=draft', 1],
  ['status=pending,draft', 8],
  ['status=shipped', 0],
  ['paymentStatus=unpaid&fulfilmentStatus=unfulfilled', 8],
  ['paymentStatus=paid', 0],
  ['from=2026-03-02T00:00:00Z&to=2026-03-04T00:00:00Z', 2],
  ['minTotal=30&maxTotal=50', 3],
  ['q=zoë', 1],
  ['q=web_100%25', 1],
  ['q=%25', 1],
  ['q=nothing+like+it', 0],
])('?%s finds %i', async (query, found) => {
  expect((await list(query)).data).toHaveLength(found);
});

test('of one customer, of one store', async () => {
  expect(await numbersOf(`customerId=${customerId}`)).toEqual([numbers[2]]);
  expect((await list(`storeId=${shop.storeId}`)).data).toHaveLength(8);
});

test.each(['status=lost', 'sort=colour', 'pageSize=0', 'pageSize=201', 'cursor=nonsense', 'from=yesterday', 'minTotal=abc', 'colour=red'])(
  'refuses ?%s',
  async (query) => {
    expect((await shop.admin.get(`/orders?${query}`).expect(400)).body.error.code).toBe('INVALID_INPUT');
  },
);
