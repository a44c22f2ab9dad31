import { startTestApp, type TestApp } from '../support/app';
import { openShop } from '../support/shop';

/** NUM-2: what a migration of another system has brought. Rows without anything around them, so the integrity check is not asked. */
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ skipIntegrity: true });
});
afterAll(() => app.close());

test('a hundred thousand numbers of the series are passed over in no time, and the gaps among them are used', async () => {
  const shop = await openShop(app);
  const product = await shop.product(100);
  const sold = await shop.order([[product, 10]]);
  await shop.move(sold.id, 'confirmed', 'shipped');
  const takeBack = async (): Promise<string> => {
    const one = { items: [{ itemId: sold.items[0].id, quantity: '1' }], reason: 'x' };
    return (await shop.post(sold.id, 'returns', one).expect(201)).body.return.number;
  };
  expect([sold.number, await takeBack()]).toEqual(['SO-000001', 'RT-000001']);

  const bring = (table: string, prefix: string): Promise<unknown> =>
    app.sql(`SET session_replication_role = replica;
      INSERT INTO ${table} SELECT copy.* FROM ${table} t, generate_series(2, 100001) AS n,
        LATERAL jsonb_populate_record(t, jsonb_build_object('order_id', null, 'id', gen_random_uuid(), 'number', '${prefix}-' || lpad(n::text, 6, '0'))) AS copy
      WHERE t.number = '${prefix}-000001' AND n NOT IN (60000, 60002)`);
  await bring('orders', 'SO');
  await bring('returns', 'RT');

  const start = performance.now();
  const placed = [];
  for (let index = 0; index < 3; index++) placed.push((await shop.order([[product, 1]])).number);
  const taken = [await takeBack(), await takeBack(), await takeBack()];
  expect(performance.now() - start).toBeLessThan(2_000);
  expect(placed).toEqual(['SO-060000', 'SO-060002', 'SO-100002']);
  expect(taken).toEqual(['RT-060000', 'RT-060002', 'RT-100002']);
});
