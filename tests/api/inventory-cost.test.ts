import { startTestApp, type TestApp } from '../support/app';
import { stockRoom, type AdjustedAnswer, type StockRoom } from '../support/stock';

let app: TestApp;
let room: StockRoom;
beforeAll(async () => {
  app = await startTestApp();
  room = await stockRoom(app, { currency: 'GBP' });
});
afterAll(() => app.close());

describe('what goods cost', () => {
  it('VAL-1: by unitCost, else the level’s average, else the cost of the product, else nothing', async () => {
    const productId = await room.product({ cost: '2' });
    const add = async (quantity: string, unitCost?: string): Promise<AdjustedAnswer> =>
      room.adjust({ productId, quantity, reason: 'received', ...(unitCost !== undefined && { unitCost }) });
    expect((await add('10')).movement).toMatchObject({ unitCost: '2.00', value: '20.00' });
    expect((await add('5', '5')).level).toMatchObject({ onHand: '15', value: '45.00' });
    expect((await add('1')).movement).toMatchObject({ unitCost: '3.00', value: '3.00', valueAfter: '48.00' });
    expect((await add('3', '0')).movement).toMatchObject({ unitCost: '0.00', value: '0.00', valueAfter: '48.00' });
    expect((await add('-19')).level).toMatchObject({ onHand: '0', value: '0.00' });
    expect((await add('1')).movement).toMatchObject({ unitCost: '2.00' });
    const free = await room.product();
    expect((await room.adjust({ productId: free, quantity: '4', reason: 'found' })).level.value).toBe('0.00');
  });

  it('VAL-1: issues take their share, rounded once, and the last unit takes the rest', async () => {
    const productId = await room.product();
    await room.adjust({ productId, quantity: '3', unitCost: '3.333333', reason: 'received' });
    const values: string[] = [];
    for (let unit = 0; unit < 3; unit++) {
      const { movement } = await room.adjust({ productId, quantity: '-1', reason: 'sample' });
      values.push(`${movement!.value} leaves ${movement!.valueAfter}`);
    }
    expect(values).toEqual(['-3.33 leaves 6.67', '-3.34 leaves 3.33', '-3.33 leaves 0.00']);
  });

  it('MON-1: in minor units of the currency', async () => {
    const yen = await stockRoom(app, { currency: 'JPY' });
    const inYen = await yen.product({ price: '1000' });
    expect((await yen.adjust({ productId: inYen, quantity: '3', unitCost: '33.5', reason: 'received' })).level.value).toBe('101');
    expect((await yen.adjust({ productId: inYen, quantity: '-1', reason: 'lost' })).movement!.value).toBe('-34');
    const dinar = await stockRoom(app, { currency: 'KWD' });
    const inDinar = await dinar.product({ price: '1.234' });
    expect((await dinar.adjust({ productId: inDinar, quantity: '3', unitCost: '0.3335', reason: 'received' })).level.value).toBe('1.001');
  });

  it('is for goods that come in only', async () => {
    const productId = await room.product({ quantity: '5' });
    const out = await room.admin.post('/inventory/adjust-stock', { productId, quantity: '-1', unitCost: '2', reason: 'lost' }).expect(400);
    expect(out.body.error.message).toContain('unitCost is for goods that come in');
    await room.admin.patch(`/inventory/${productId}`, { setTo: '4', unitCost: '2', reason: 'lost' }).expect(400);
    await room.admin.patch(`/products/${productId}/stock`, { quantity: '1', unitCost: '2' }).expect(400);
    await room.admin.patch(`/inventory/${productId}`, { quantity: '1', unitCost: '-2', reason: 'found' }).expect(400);
    await room.admin.patch(`/inventory/${productId}`, { quantity: '1', unitCost: '2.0000001', reason: 'found' }).expect(400);
  });
});
