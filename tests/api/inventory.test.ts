import { newId } from '../../src/kernel/ids';
import { startTestApp, type TestApp } from '../support/app';
import { stockRoom, type StockRoom } from '../support/stock';

let app: TestApp;
let room: StockRoom;
const ids = new Map<string, string>();
const idOf = (name: string): string => ids.get(name)!;

/** Two stores; products A to F in one or both of them, G in none, and a service. */
beforeAll(async () => {
  app = await startTestApp();
  room = await stockRoom(app, { currency: 'EUR' });
  ids.set('main', room.owner.storeId).set('depot', await room.store('DEPOT'));
  const products: ReadonlyArray<readonly [sku: string, fields: object, inMain?: string | undefined, inDepot?: string]> = [
    ['A', { name: 'Apple crate', reorderLevel: '10', reorderQuantity: '50', supplier: 'Orchard' }, '4', '3'],
    ['B', { name: 'Bucket', reorderLevel: '5', barcode: '4006381333931' }, '6'],
    ['C', { name: 'Candle 100%', reorderLevel: '5' }, '5', '1'],
    ['D', { name: 'Drum' }, '1'],
    ['E', { name: 'Easel', reorderLevel: '2', allowsBackorder: true }, '9'],
    ['F', { name: 'Flute', reorderLevel: '1' }, undefined, '2'],
    ['G', { name: 'Gong', reorderLevel: '0' }],
    ['S', { name: 'Service', tracksStock: false, reorderLevel: '1' }],
    ['X', { name: 'Xylophone', reorderLevel: '9' }],
  ];
  for (const [sku, fields, main, depot] of products) {
    const productId = await room.product({ sku, cost: '2', ...fields });
    ids.set(sku, productId);
    if (main !== undefined) await room.adjust({ productId, quantity: main, reason: 'received' });
    if (depot !== undefined) await room.adjust({ productId, storeId: idOf('depot'), quantity: depot, reason: 'received' });
  }
  await room.admin.post(`/products/${idOf('X')}/archive`).expect(200);
  await room.admin.post('/orders', { items: [{ productId: idOf('E'), quantity: '12' }] }).expect(201);
  await room.admin.post('/orders', { items: [{ productId: idOf('B'), quantity: '2' }] }).expect(201);
});
afterAll(() => app.close());

const rowsOf = async (path: string): Promise<string[]> => {
  const { body } = await room.admin.get(path).expect(200);
  return (body.data as Array<{ sku: string; storeId?: string; onHand: string; available: string }>).map(
    ({ sku, storeId, onHand, available }) =>
      `${sku}${storeId === undefined ? '' : storeId === idOf('depot') ? ' depot' : ' main'} ${onHand}/${available}`,
  );
};

describe('GET /inventory', () => {
  const ALL = ['A main 4/4', 'A depot 3/3', 'B main 6/4', 'C main 5/5', 'C depot 1/1', 'D main 1/1', 'E main 9/0', 'F depot 2/2'];

  it('lists one row per product and store, by SKU', async () => {
    expect(await rowsOf('/inventory')).toEqual(ALL);
    const { body } = await room.admin.get('/inventory?pageSize=1').expect(200);
    expect(body.data).toEqual([
      {
        productId: idOf('A'),
        sku: 'A',
        name: 'Apple crate',
        storeId: idOf('main'),
        storeCode: expect.any(String),
        onHand: '4',
        reserved: '0',
        available: '4',
        inTransit: '0',
        onOrder: '0',
        value: '8.00',
        currency: 'EUR',
        reorderLevel: '10',
        updatedAt: expect.any(String),
      },
    ]);
  });

  it.each([
    ['by store', () => `storeId=${idOf('depot')}`, ['A depot 3/3', 'C depot 1/1', 'F depot 2/2']],
    ['by product', () => `productId=${idOf('C')}`, ['C main 5/5', 'C depot 1/1']],
    ['by part of the name, without case', () => 'q=DR', ['D main 1/1']],
    ['by part of the SKU', () => 'q=f', ['F depot 2/2']],
    ['by barcode', () => 'q=63813', ['B main 6/4']],
    ['% and _ are letters like others', () => 'q=%25', ['C main 5/5', 'C depot 1/1']],
    ['not a pattern', () => 'q=_', []],
    ['low ones', () => 'lowStock=true', ['A main 4/4', 'A depot 3/3', 'B main 6/4', 'C main 5/5', 'C depot 1/1', 'E main 9/0']],
    ['those that are not low', () => 'lowStock=false', ['D main 1/1', 'F depot 2/2']],
    ['several at once', () => `lowStock=true&storeId=${idOf('depot')}&q=a`, ['A depot 3/3', 'C depot 1/1']],
    ['of an unknown product', () => `productId=${newId()}`, []],
  ])('filters: %s', async (_, query, expected) => expect(await rowsOf(`/inventory?${query()}`)).toEqual(expected));

  it('pages by cursor in both directions, also between the stores of one product, and downwards', async () => {
    for (const sort of ['sku', '-sku']) {
      const expected = await rowsOf(`/inventory?sort=${sort}`);
      expect([...expected].sort()).toEqual([...ALL].sort());
      const seen: string[] = [];
      const pages: string[][] = [];
      let path = `/inventory?sort=${sort}&pageSize=3`;
      for (;;) {
        const rows = await rowsOf(path);
        pages.push(rows);
        seen.push(...rows);
        const { nextCursor, previousCursor } = (await room.admin.get(path).expect(200)).body.pagination;
        if (previousCursor) expect(await rowsOf(`/inventory?sort=${sort}&pageSize=3&cursor=${previousCursor}`)).toEqual(pages.at(-2));
        if (nextCursor === null) break;
        path = `/inventory?sort=${sort}&pageSize=3&cursor=${nextCursor}`;
      }
      expect(seen).toEqual(expected);
      expect(pages.map((page) => page.length)).toEqual([3, 3, 2]);
    }
  });

  it('pages by number with a total', async () => {
    const { body } = await room.admin.get('/inventory?page=3&pageSize=3').expect(200);
    expect(body.pagination).toEqual({ pageSize: 3, nextCursor: null, page: 3, total: 8 });
    expect(body.data).toHaveLength(2);
    expect((await room.admin.get('/inventory?page=9').expect(200)).body.data).toEqual([]);
  });

  it('refuses what it does not know', async () => {
    for (const query of [
      'sort=value',
      'storeId=1',
      'lowStock=yes',
      'cursor=x',
      'pageSize=0',
      'pageSize=201',
      'q=',
      'stock=1',
      'page=1&cursor=x',
    ])
      expect({ query, status: (await room.admin.get(`/inventory?${query}`)).status }).toEqual({ query, status: 400 });
  });
});

describe('GET /inventory/:productId', () => {
  it('tells the sums and each store, by both paths', async () => {
    const { body } = await room.admin.get(`/inventory/${idOf('C')}`).expect(200);
    expect(body).toMatchObject({
      productId: idOf('C'),
      sku: 'C',
      name: 'Candle 100%',
      unit: 'pcs',
      currency: 'EUR',
      tracksStock: true,
      allowsBackorder: false,
      reorderLevel: '5',
      reorderQuantity: null,
      onHand: '6',
      reserved: '0',
      available: '6',
      inTransit: '0',
      onOrder: '0',
      value: '12.00',
    });
    expect(body.levels.map((level: { onHand: string; value: string }) => [level.onHand, level.value])).toEqual(
      expect.arrayContaining([
        ['5', '10.00'],
        ['1', '2.00'],
      ]),
    );
    expect((await room.admin.get(`/products/${idOf('C')}/stock`).expect(200)).body).toEqual(body);
  });

  it('of a back-order shows what is promised, and nothing as available', async () => {
    const { body } = await room.admin.get(`/inventory/${idOf('E')}`).expect(200);
    expect(body).toMatchObject({ onHand: '9', reserved: '12', available: '0', allowsBackorder: true });
  });

  it('of one that was never in stock is all zero; of one that is not there, 404', async () => {
    for (const sku of ['G', 'S'])
      expect((await room.admin.get(`/inventory/${idOf(sku)}`).expect(200)).body).toMatchObject({ onHand: '0', value: '0.00', levels: [] });
    expect((await room.admin.get(`/inventory/${newId()}`).expect(404)).body.error.code).toBe('PRODUCT_NOT_FOUND');
    await room.admin.get('/inventory/none').expect(400);
  });
});

describe('GET /inventory/low-stock', () => {
  it('lists what is at or below its reorder level over all stores, without services and archived products', async () => {
    expect(await rowsOf('/inventory/low-stock')).toEqual(['A 7/7', 'B 6/4', 'E 9/0', 'G 0/0']);
    expect(await rowsOf('/inventory/low-stock?sort=-name')).toEqual(['G 0/0', 'E 9/0', 'B 6/4', 'A 7/7']);
    const [first] = (await room.admin.get('/inventory/low-stock').expect(200)).body.data;
    expect(first).toEqual({
      productId: idOf('A'),
      sku: 'A',
      name: 'Apple crate',
      supplier: 'Orchard',
      onHand: '7',
      reserved: '0',
      available: '7',
      inTransit: '0',
      onOrder: '0',
      reorderLevel: '10',
      reorderQuantity: '50',
    });
  });

  it('counts one store only when asked to', async () => {
    expect(await rowsOf(`/inventory/low-stock?storeId=${idOf('depot')}`)).toEqual(['A 3/3', 'B 0/0', 'C 1/1', 'E 0/0', 'G 0/0']);
    expect(await rowsOf(`/inventory/low-stock?storeId=${newId()}`)).toEqual([]);
  });

  it('pages by cursor and by number', async () => {
    const { body } = await room.admin.get('/inventory/low-stock?pageSize=3').expect(200);
    expect(await rowsOf(`/inventory/low-stock?pageSize=3&cursor=${body.pagination.nextCursor}`)).toEqual(['G 0/0']);
    expect((await room.admin.get('/inventory/low-stock?page=2&pageSize=3').expect(200)).body.pagination).toMatchObject({ total: 4 });
    await room.admin.get(`/inventory/low-stock?sort=name&cursor=${body.pagination.nextCursor}`).expect(400);
  });
});
