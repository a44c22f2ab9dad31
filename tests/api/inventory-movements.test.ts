import { SettableClock } from '../../src/kernel/clock';
import { newId } from '../../src/kernel/ids';
import { startTestApp, type TestApp } from '../support/app';
import { stockRoom, type MovementAnswer, type StockRoom } from '../support/stock';

let app: TestApp;
let room: StockRoom;
let lamp: string;
let vase: string;
let depot: string;
const clock = new SettableClock(new Date());
/** Sessions and their limits live in the same time, so these days lie in the next hours. */
const start = new Date(Math.ceil(Date.now() / 60_000) * 60_000);
const at = (minutes: number): Date => new Date(start.getTime() + minutes * 60_000);

/** Twelve movements, two of them in each minute. */
beforeAll(async () => {
  clock.set(start);
  app = await startTestApp({ clock });
  room = await stockRoom(app);
  lamp = await room.product({ sku: 'LAMP', cost: '2' });
  vase = await room.product({ sku: 'VASE' });
  depot = await room.store('DEPOT');
  const steps: ReadonlyArray<[string, string | undefined, string, string]> = [
    [lamp, undefined, '10', 'received'],
    [vase, undefined, '5', 'received'],
    [lamp, depot, '3', 'received'],
    [lamp, undefined, '-1', 'damaged'],
    [lamp, undefined, '-2', 'sample'],
    [vase, undefined, '-1', 'damaged'],
    [lamp, depot, '-3', 'lost'],
    [lamp, undefined, '1', 'found'],
    [vase, depot, '7', 'found'],
    [vase, depot, '-2', 'theft'],
    [lamp, undefined, '-1', 'expired'],
    [lamp, undefined, '4', 'received'],
  ];
  for (const [step, [productId, storeId, quantity, reason]] of steps.entries()) {
    clock.set(at(Math.floor(step / 2)));
    await room.adjust({ productId, quantity, reason, ...(storeId !== undefined && { storeId }) });
  }
});
afterAll(() => app.close());

const read = async (query: string): Promise<MovementAnswer[]> =>
  (await room.admin.get(`/inventory/movements?${query}`).expect(200)).body.data as MovementAnswer[];
const quantities = async (query: string): Promise<string[]> => (await read(query)).map(({ quantity }) => quantity);
const NEWEST_FIRST = ['4', '-1', '-2', '7', '1', '-3', '-1', '-2', '-1', '3', '5', '10'];

it('STK-1: the ledger tells each movement with what it left behind, newest first', async () => {
  expect(await quantities('')).toEqual(NEWEST_FIRST);
  const [newest] = await read('');
  expect(newest).toEqual({
    id: expect.any(String),
    productId: lamp,
    sku: 'LAMP',
    name: expect.any(String),
    storeId: room.owner.storeId,
    storeCode: expect.any(String),
    kind: 'adjustment',
    quantity: '4',
    unitCost: '2.00',
    value: '8.00',
    quantityAfter: '11',
    valueAfter: '22.00',
    currency: 'USD',
    reason: 'received',
    note: null,
    source: null,
    actorId: room.owner.userId,
    occurredAt: at(5).toISOString(),
    recordedAt: expect.any(String),
  });
});

it('STK-3: the movements of each level add up to it', async () => {
  for (const productId of [lamp, vase]) {
    const { levels } = (await room.admin.get(`/inventory/${productId}`).expect(200)).body;
    expect(levels).toHaveLength(2);
    for (const { storeId, onHand } of levels) {
      const moved = await quantities(`productId=${productId}&storeId=${storeId}`);
      expect(String(moved.reduce((sum, quantity) => sum + Number(quantity), 0))).toBe(onHand);
    }
  }
});

it.each([
  ['by product', () => `productId=${vase}`, ['-2', '7', '-1', '5']],
  ['by store', () => `storeId=${depot}`, ['-2', '7', '-3', '3']],
  ['by reason', () => 'reason=damaged', ['-1', '-1']],
  ['by kind', () => 'kind=adjustment', NEWEST_FIRST],
  ['by kinds of which none happened', () => 'kind=sale,shipment', []],
  ['from a moment on', () => `from=${at(4).toISOString()}`, ['4', '-1', '-2', '7']],
  ['before a moment', () => `to=${at(1).toISOString()}`, ['5', '10']],
  ['between two, in another zone', () => `from=${at(1).toISOString()}&to=${zoned(at(2))}`, ['-1', '3']],
  ['by a document', () => `sourceId=${newId()}`, []],
  ['all at once', () => `productId=${lamp}&storeId=${depot}&reason=lost&kind=adjustment&from=${at(0).toISOString()}`, ['-3']],
])('filters: %s', async (_, query, expected) => expect(await quantities(query())).toEqual(expected));

it('oldest first when asked', async () => expect(await quantities('sort=occurredAt')).toEqual([...NEWEST_FIRST].reverse()));

it('pages by cursor in both directions without skipping or repeating those of one moment', async () => {
  for (const sort of ['occurredAt', '-occurredAt']) {
    const expected = await quantities(`sort=${sort}`);
    const seen: string[][] = [];
    let query = `sort=${sort}&pageSize=5`;
    for (;;) {
      const { body } = await room.admin.get(`/inventory/movements?${query}`).expect(200);
      seen.push(body.data.map((movement: MovementAnswer) => movement.quantity));
      const { nextCursor, previousCursor } = body.pagination;
      if (previousCursor) expect(await quantities(`sort=${sort}&pageSize=5&cursor=${previousCursor}`)).toEqual(seen.at(-2));
      if (nextCursor === null) break;
      query = `sort=${sort}&pageSize=5&cursor=${nextCursor}`;
    }
    expect(seen.flat()).toEqual(expected);
    expect(seen.map((page) => page.length)).toEqual([5, 5, 2]);
  }
});

it('pages by number with a total', async () => {
  const { body } = await room.admin.get('/inventory/movements?page=3&pageSize=5').expect(200);
  expect(body.pagination).toEqual({ pageSize: 5, nextCursor: null, page: 3, total: 12 });
  expect(body.data.map((movement: MovementAnswer) => movement.quantity)).toEqual(['5', '10']);
});

it('GET /inventory/transactions is the same ledger', async () => {
  const query = `productId=${lamp}&pageSize=2`;
  const { body } = await room.admin.get(`/inventory/transactions?${query}`).expect(200);
  expect(body).toEqual((await room.admin.get(`/inventory/movements?${query}`).expect(200)).body);
  const next = await room.admin.get(`/inventory/movements?${query}&cursor=${body.pagination.nextCursor}`).expect(200);
  expect(next.body.data).toHaveLength(2);
});

it('refuses what it does not know', async () => {
  const refused = [
    'kind=gift',
    'kind=',
    'from=yesterday',
    'from=2026-01-01',
    'sourceId=1',
    'sort=quantity',
    'cursor=e30',
    'productId=',
    'quantity=1',
  ];
  for (const query of refused)
    expect({ query, status: (await room.admin.get(`/inventory/movements?${query}`)).status }).toEqual({ query, status: 400 });
});

/** The same moment as two hours east of Greenwich writes it. */
function zoned(instant: Date): string {
  return encodeURIComponent(new Date(instant.getTime() + 2 * 3_600_000).toISOString().replace('Z', '+02:00'));
}
