import { startTestApp, type TestApp } from '../support/app';
import { connectTo } from '../support/database';
import { openShop } from '../support/shop';

/** NUM-2: what a migration of another system has brought. Rows without anything around them, so the integrity check is not asked. */
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ skipIntegrity: true });
});
afterAll(() => app.close());

const BROUGHT = 100_000;

/** How often PostgreSQL looks into the tables of documents for the next numbers of a series, and how many rows it reads. Takes no number. */
async function lookedUp(organizationId: string, series: 'order' | 'return', wanted: number): Promise<{ scans: number; rows: number }> {
  const client = await connectTo(app.database.superuserUrl);
  try {
    await client.query('BEGIN');
    await client.query('SELECT take_numbers($1, $2, $3)', [organizationId, series, wanted]);
    const { rows } = await client.query<{ scans: number; rows: number }>(`
      SELECT sum(seq_scan + idx_scan)::integer AS scans, sum(seq_tup_read + idx_tup_fetch)::integer AS rows
      FROM pg_stat_xact_user_tables WHERE relname IN ('orders', 'returns')`);
    return rows[0]!;
  } finally {
    await client.query('ROLLBACK');
    await client.end();
  }
}

test('a hundred thousand numbers of the series are passed over thousands at a time, and the gaps among them are used', async () => {
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
      INSERT INTO ${table} SELECT copy.* FROM ${table} t, generate_series(2, ${BROUGHT + 1}) AS n,
        LATERAL jsonb_populate_record(t, jsonb_build_object('order_id', null, 'id', gen_random_uuid(), 'number', '${prefix}-' || lpad(n::text, 6, '0'))) AS copy
      WHERE t.number = '${prefix}-000001' AND n NOT IN (60000, 60002);
      ANALYZE ${table}`);
  await bring('orders', 'SO');
  await bring('returns', 'RT');

  // Each look is at a range of the index, for thousands of numbers; a look for each number would be a hundred thousand.
  for (const series of ['order', 'return'] as const) {
    const { scans, rows } = await lookedUp(shop.organizationId, series, 3);
    expect(scans).toBeLessThan(100);
    expect(rows).toBeLessThan(2 * BROUGHT);
  }

  const placed = [];
  for (let index = 0; index < 3; index++) placed.push((await shop.order([[product, 1]])).number);
  const taken = [await takeBack(), await takeBack(), await takeBack()];
  expect(placed).toEqual(['SO-060000', 'SO-060002', 'SO-100002']);
  expect(taken).toEqual(['RT-060000', 'RT-060002', 'RT-100002']);
});
