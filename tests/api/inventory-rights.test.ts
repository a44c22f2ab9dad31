import { newId } from '../../src/kernel/ids';
import { startTestApp, type TestApp } from '../support/app';
import { stockRoom, type StockRoom } from '../support/stock';

let app: TestApp;
let room: StockRoom;
beforeAll(async () => {
  app = await startTestApp();
  room = await stockRoom(app, { currency: 'GBP' });
});
afterAll(() => app.close());

describe('who may', () => {
  it('staff and managers adjust, viewers read, customers neither; a cost takes prices:write', async () => {
    const productId = await room.product({ quantity: '9' });
    const change = { quantity: '-1', reason: 'damaged' };
    for (const role of ['manager', 'staff'] as const) {
      const requests = app.as(await app.member(room.owner.organizationId, role));
      await requests.post('/inventory/adjust-stock', { productId, ...change }).expect(200);
      await requests.patch(`/inventory/${productId}`, change).expect(200);
      await requests.patch(`/products/${productId}/stock`, change).expect(200);
      const priced = await requests.patch(`/inventory/${productId}`, { quantity: '1', reason: 'received', unitCost: '5' });
      expect({ role, status: priced.status }).toEqual({ role, status: role === 'manager' ? 200 : 403 });
      if (priced.status === 403) expect(priced.body.error.details).toEqual({ permission: 'prices:write' });
    }
    const reads = ['/inventory', `/inventory/${productId}`, '/inventory/movements', '/inventory/transactions', '/inventory/low-stock'];
    for (const role of ['viewer', 'customer'] as const) {
      const requests = app.as(await app.member(room.owner.organizationId, role));
      await requests.post('/inventory/adjust-stock', { productId, ...change }).expect(403);
      await requests.post('/inventory/transactions', { productId, ...change }).expect(403);
      await requests.patch(`/inventory/${productId}`, change).expect(403);
      await requests.patch(`/products/${productId}/stock`, change).expect(403);
      for (const path of [...reads, `/products/${productId}/stock`]) await requests.get(path).expect(role === 'viewer' ? 200 : 403);
    }
    expect((await room.level(productId)).onHand).toBe('4');
  });

  it('another organization’s product and store are unknown, to the byte', async () => {
    const productId = await room.product({ quantity: '5' });
    const stranger = await stockRoom(app);
    const own = await stranger.product();
    const answers = async (product: string, store: string): Promise<string[]> => {
      const sent = [
        stranger.admin.post('/inventory/adjust-stock', { productId: product, quantity: '-1', reason: 'lost' }),
        stranger.admin.post('/inventory/adjust-stock', { productId: own, storeId: store, quantity: '1', reason: 'found' }),
        stranger.admin.patch(`/inventory/${product}`, { quantity: '-1', reason: 'lost' }),
        stranger.admin.get(`/inventory/${product}`),
        stranger.admin.get(`/inventory?productId=${product}`),
        stranger.admin.get(`/inventory/movements?storeId=${store}`),
        stranger.admin.get(`/inventory/low-stock?storeId=${store}`),
      ];
      const texts: string[] = [];
      for (const { status, text } of await Promise.all(sent))
        texts.push(
          `${status} ${text}`
            .replaceAll(product, '<product>')
            .replaceAll(store, '<store>')
            .replace(/"requestId":"[^"]*"/, ''),
        );
      return texts;
    };
    const foreign = await answers(productId, room.owner.storeId);
    expect(foreign).toEqual(await answers(newId(), newId()));
    expect(foreign.map((text) => text.slice(0, 3))).toEqual(['422', '422', '404', '404', '200', '200', '200']);
    expect((await room.level(productId)).onHand).toBe('5');
  });
});
