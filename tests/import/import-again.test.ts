import { INVOICES, LINES, startImportApp, type ImportApp } from './import-app';

let importer: ImportApp;
beforeAll(async () => {
  importer = await startImportApp();
});
afterAll(() => importer.close());

it('takes NDJSON: customers by their own names, goods that came back without a customer', async () => {
  const organizationId = await importer.organization('EUR');
  const { report } = await importer.imported(organizationId, LINES, {}, 'order-lines');
  expect(report.verdicts).toEqual({ imported: 2, unchanged: 0, rejected: 1, not_imported: 0 });
  expect(await importer.app.sql('SELECT code, name, country FROM customers WHERE organization_id = $1', [organizationId])).toEqual([
    { code: 'K1', name: 'Kim Example', country: 'KR' },
  ]);
  expect(
    await importer.app.sql('SELECT number, customer_id, total::text FROM returns WHERE organization_id = $1', [organizationId]),
  ).toEqual([{ number: 'W-2', customer_id: null, total: '7.1000' }]);
  expect(
    await importer.app.sql('SELECT name, price::text FROM products WHERE organization_id = $1 ORDER BY sku', [organizationId]),
  ).toEqual([
    { name: 'BOWL', price: '3.300000' },
    { name: 'Mug', price: '7.100000' },
  ]);
});

describe('the same document in another file', () => {
  const SALE = ['1,A,Lamp,2,2011-06-01 09:00:00,12.50,501.0,France', '1,B,Bulb,1,2011-06-01 09:00:00,1.00,501.0,France'];

  it('is unchanged when it says the same', async () => {
    const organizationId = await importer.organization();
    await importer.imported(organizationId, await importer.fileOf(...SALE));
    const { report } = await importer.imported(
      organizationId,
      await importer.fileOf(...SALE, '2,A,Lamp,1,2011-06-02 09:00:00,12.50,501.0,France'),
    );
    expect(report.verdicts).toEqual({ imported: 1, unchanged: 1, rejected: 0, not_imported: 0 });
    expect(report.kinds.map(({ kind, unchanged, rows }) => [kind, unchanged, rows])).toEqual([
      ['sale', false, 1],
      ['sale', true, 2],
    ]);
    expect(await importer.app.sql('SELECT number FROM orders WHERE organization_id = $1 ORDER BY number', [organizationId])).toEqual([
      { number: '1' },
      { number: '2' },
    ]);
  });

  it('is rejected when it says something else, and the order stays as it is', async () => {
    const organizationId = await importer.organization();
    await importer.imported(organizationId, await importer.fileOf(...SALE));
    const { report } = await importer.imported(organizationId, await importer.fileOf(SALE[0]!));
    expect(report.verdicts.rejected).toBe(1);
    expect(report.reasons).toEqual({ different_content: 1 });
    expect(report.balanced).toBe(true);
    expect(await importer.app.sql('SELECT total::text FROM orders WHERE organization_id = $1', [organizationId])).toEqual([
      { total: '26.0000' },
    ]);
  });

  it('is rejected when its number belongs to an order that was placed here', async () => {
    const admin = await importer.app.signUp({ currency: 'GBP' });
    const product = { sku: 'A', name: 'Own lamp', price: '20.00', initialStock: { quantity: '5' } };
    const { body } = await importer.app.as(admin.token).post('/products', product).expect(201);
    const order = { number: '1', items: [{ productId: (body as { id: string }).id, quantity: '1' }] };
    await importer.app.as(admin.token).post('/orders', order).expect(201);

    const { report } = await importer.imported(
      admin.organizationId,
      await importer.fileOf(...SALE, '2,a,Lamp,1,2011-06-02 09:00:00,12.50,501.0,France'),
    );
    expect(report.verdicts).toMatchObject({ imported: 1, rejected: 1 });
    // The product that was there is taken as it is.
    expect(
      await importer.app.sql('SELECT sku, name, price::text FROM products WHERE organization_id = $1', [admin.organizationId]),
    ).toEqual([{ sku: 'A', name: 'Own lamp', price: '20.000000' }]);
  });
});

it('keeps a stopped import and goes on from there, with the report of an uninterrupted one', async () => {
  const rows = Array.from({ length: 1200 }, (_, index) => `${index},P${index % 7},Thing,1,2011-06-01 09:00:00,1.005,${index % 5}.0,France`);
  const path = await importer.fileOf(...rows);
  const whole = await importer.organization();
  const { report } = await importer.imported(whole, path);

  const stopped = await importer.organization();
  const stop = (): void => {
    throw new Error('enough');
  };
  await expect(importer.imported(stopped, path, { onGroup: stop })).rejects.toThrow('enough');
  expect(await importer.app.sql('SELECT count(*)::integer FROM orders WHERE organization_id = $1', [stopped])).toEqual([{ count: 500 }]);
  const seen: number[] = [];
  const resumed = await importer.imported(stopped, path, { onGroup: (_documents, { rows }) => void seen.push(rows) });
  expect(resumed).toMatchObject({ report, repeated: false });
  expect(seen).toEqual([500, 1000, 1200]);
});

it('lets one import of an organization run at a time', async () => {
  const first = await importer.organization();
  const path = await importer.fileOf('1,A,Lamp,2,2011-06-01 09:00:00,12.50,501.0,France');
  let second: unknown;
  let other: unknown;
  const meanwhile = async (): Promise<void> => {
    second = await importer.imported(first, path).catch((error: unknown) => error);
    other = await importer.imported(await importer.organization(), path);
  };
  await importer.imported(first, path, { onGroup: meanwhile });
  expect(second).toMatchObject({ code: 'IMPORT_IN_PROGRESS', status: 409 });
  expect(other).toMatchObject({ repeated: false });
});

it('refuses a file in another currency, and an organization without a store', async () => {
  const dollars = await importer.organization('USD');
  await expect(importer.imported(dollars, INVOICES)).rejects.toMatchObject({ code: 'CURRENCY_MISMATCH' });
  await expect(importer.imported(dollars, LINES, { currency: 'EUR' }, 'order-lines')).rejects.toMatchObject({ code: 'CURRENCY_MISMATCH' });
  const closed = await importer.organization();
  await importer.app.sql('UPDATE stores SET archived_at = now() WHERE organization_id = $1', [closed]);
  await expect(importer.imported(closed, INVOICES)).rejects.toMatchObject({ code: 'UNUSABLE_REFERENCE' });
});

it('makes no payment and no refund of nothing, and a product without a price as a draft', async () => {
  const organizationId = await importer.organization();
  await importer.imported(
    organizationId,
    await importer.fileOf(
      '1,A,Penny sweet,1,2011-06-01 09:00:00,0.001,,',
      'C1,A,Penny sweet,-1,2011-06-01 09:00:00,0.001,,',
      '2,Z,?,-3,2011-06-01 09:00:00,0,,',
    ),
  );
  const money = 'SELECT FROM payments WHERE organization_id = $1 UNION ALL SELECT FROM refunds WHERE organization_id = $1';
  expect(await importer.app.sql(money, [organizationId])).toEqual([]);
  expect(
    await importer.app.sql('SELECT sku, name, status, price::text FROM products WHERE organization_id = $1 ORDER BY sku', [organizationId]),
  ).toEqual([
    { sku: 'A', name: 'Penny sweet', status: 'published', price: '0.001000' },
    { sku: 'Z', name: 'Z', status: 'draft', price: null },
  ]);
});
