import { newId } from '../../src/kernel/ids';
import { type Requests, type SignedUp, startTestApp, type TestApp } from '../support/app';

let app: TestApp;
let owner: SignedUp;
let admin: Requests;
beforeAll(async () => {
  app = await startTestApp();
  owner = await app.signUp({ currency: 'GBP' });
  admin = app.as(owner.token);
});
afterAll(() => app.close());

interface Verdict {
  index: number;
  status: 'created' | 'rejected';
  id?: string;
  sku?: string;
  error?: { code: string; message: string; details?: Record<string, unknown> };
}
interface Verdicts {
  created: number;
  rejected: number;
  verdicts: Verdict[];
}
const bulk = async (rows: readonly unknown[], mode: 'atomic' | 'continue' = 'continue', by = admin): Promise<Verdicts> =>
  (await by.post('/products/bulk', { mode, rows }).expect(200)).body as Verdicts;
const codes = ({ verdicts }: Verdicts): Array<string | undefined> => verdicts.map(({ error }) => error?.code);
const countOf = async (table: 'products' | 'stock_movements' | 'events'): Promise<number> =>
  (await app.sql<{ count: number }>(`SELECT count(*)::integer AS count FROM ${table}`))[0]!.count;

describe('many products at once', () => {
  it('are a thousand that say everything of themselves, with doubles in all digits', async () => {
    const attributes = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`measure${n}`, (n + 1) / 3]));
    const rows = Array.from({ length: 1_000 }, (_, n) => ({
      name: `Lamp ${n}`,
      sku: `FULL-${n}`,
      description: 'Brass',
      price: 24.9,
      cost: 11,
      reorderLevel: 5,
      reorderQuantity: 20,
      barcode: `40123${n}`,
      supplier: 'Lamps Ltd',
      attributes,
      tracksStock: true,
      allowsBackorder: false,
      status: 'published',
      initialStock: { storeId: owner.storeId, quantity: 3 },
    }));
    const { created, verdicts } = await bulk(rows);
    expect(verdicts.find(({ error }) => error !== undefined)).toBeUndefined();
    expect(created).toBe(1_000);
    const [row] = await app.sql<{ attributes: object }>("SELECT attributes FROM products WHERE sku = 'FULL-999'");
    expect(row!.attributes).toEqual(attributes);
  });

  it('are the same as if each was created alone, with one event each', async () => {
    const categoryId = ((await admin.post('/categories', { name: 'Lamps', code: 'LAMP' }).expect(201)).body as { id: string }).id;
    const full = {
      sku: 'B-1',
      name: 'Desk lamp',
      description: 'Brass',
      price: '24.90',
      cost: '11.00',
      reorderLevel: '5',
      reorderQuantity: '20',
      barcode: '5012345678900',
      supplier: 'Lights Ltd',
      attributes: { colour: 'brass', watts: 40 },
      allowsBackorder: true,
    };
    const rows = [
      { ...full, categoryId, initialStock: { quantity: '40', storeId: owner.storeId } },
      { name: 'Shade', price: 3, category: 'lamps', quantity: 7 },
      { name: 'Bulb', category: 'lamp' },
      { name: 'Fitting', tracksStock: false, status: 'draft', price: '5', quantity: 0 },
    ];
    const { created, rejected, verdicts } = await bulk(rows, 'atomic');
    expect({ created, rejected }).toEqual({ created: 4, rejected: 0 });
    const read = await Promise.all(verdicts.map(async ({ id }) => (await admin.get(`/products/${id}`).expect(200)).body as object));
    expect(read[0]).toMatchObject({
      ...full,
      id: verdicts[0]!.id,
      category: { id: categoryId },
      unit: { code: 'pcs' },
      currency: 'GBP',
      status: 'published',
      stock: { onHand: '40', available: '40' },
      version: 1,
    });
    expect(read[1]).toMatchObject({ category: { id: categoryId }, price: '3.00', status: 'published', stock: { onHand: '7' } });
    expect(read[1]).toMatchObject({ sku: verdicts[1]!.sku });
    expect(verdicts[1]!.sku).toMatch(/^SHADE-[2-9A-Z]{6}$/);
    expect(read[2]).toMatchObject({ category: { id: categoryId }, status: 'draft', price: null });
    expect(read[3]).toMatchObject({ tracksStock: false, status: 'draft', stock: { onHand: '0' } });
    const events = await app.sql(
      `SELECT type, after->>'sku' AS sku, actor_id FROM events WHERE aggregate_id = ANY ($1) AND aggregate_version = 1`,
      [verdicts.map(({ id }) => id)],
    );
    expect(events).toHaveLength(4);
    expect(events).toContainEqual({ type: 'product.created', sku: 'B-1', actor_id: owner.userId });
    const [movement] = await app.sql('SELECT kind, reason, value::text FROM stock_movements WHERE product_id = $1', [verdicts[0]!.id]);
    expect(movement).toEqual({ kind: 'adjustment', reason: 'initial_stock', value: '440.0000' });
    const level = await admin.get(`/inventory/${verdicts[0]!.id}`).expect(200);
    expect(level.body).toMatchObject({ onHand: '40', value: '440.00' });
  });

  const wrongRows = (): unknown[] => [
    { sku: 'C-1', name: 'Good' },
    { name: 'Negative', price: '-1' },
    { name: 'Unknown key', colour: 'red' },
    { sku: 'c-1', name: 'Twice' },
    'no object',
    null,
    { name: 'No unit', unitId: newId() },
    { name: 'No category', category: 'Nowhere' },
    { name: 'No store', initialStock: { storeId: newId(), quantity: 1 } },
    { name: 'Half', quantity: '0.5' },
    { name: 'Service', tracksStock: false, quantity: 1 },
    { name: 'Free', status: 'published' },
    { name: 'Bar one', barcode: 'same' },
    { name: 'Bar two', barcode: 'same' },
    { name: 'Two ways', quantity: 1, initialStock: { quantity: 1 } },
    { sku: 'C-2', name: 'Good too', quantity: 2 },
  ];

  it('continue: what can be created is, and each of the others is told why not', async () => {
    const events = await countOf('events');
    const answer = await bulk(wrongRows());
    expect(answer).toMatchObject({ created: 3, rejected: 13 });
    expect(answer.verdicts.map(({ index }) => index)).toEqual(wrongRows().map((_, index) => index));
    expect(codes(answer)).toEqual([
      undefined,
      'INVALID_INPUT',
      'INVALID_INPUT',
      'DUPLICATE',
      'INVALID_INPUT',
      'INVALID_INPUT',
      'UNUSABLE_REFERENCE',
      'UNUSABLE_REFERENCE',
      'STORE_NOT_USABLE',
      'INVALID_INPUT',
      'INVALID_INPUT',
      'PRODUCT_NOT_PUBLISHABLE',
      undefined,
      'DUPLICATE',
      'INVALID_INPUT',
      undefined,
    ]);
    expect(answer.verdicts[1]!.error).toMatchObject({
      message: expect.stringContaining('body.rows.1.price'),
      details: { issues: [{ path: 'body.rows.1.price' }] },
    });
    expect(answer.verdicts[3]!.error!.message).toContain('c-1');
    // Three products and one opening stock.
    expect(await countOf('events')).toBe(events + 4);
    const again = await bulk([
      { sku: 'C-2', name: 'Again' },
      { name: 'Bar', barcode: 'same' },
    ]);
    expect(codes(again)).toEqual(['DUPLICATE', 'DUPLICATE']);
  });

  it('atomic: one refused row refuses them all, and nothing is written', async () => {
    const before = [await countOf('products'), await countOf('events'), await countOf('stock_movements')];
    const key = newId();
    const rows = [
      { sku: 'D-1', name: 'Good', quantity: 1 },
      { name: 'Bad', price: 'x' },
      { sku: 'c-2', name: 'Taken' },
    ];
    const { body } = await admin.post('/products/bulk', { rows }).set('Idempotency-Key', key).expect(422);
    expect(body.error).toMatchObject({
      code: 'ROWS_REJECTED',
      message: expect.stringContaining('row 1: body.rows.1.price'),
      details: {
        rejected: 2,
        rows: [
          { index: 1, error: { code: 'INVALID_INPUT' } },
          { index: 2, error: { code: 'DUPLICATE' } },
        ],
      },
    });
    const taken = await admin.post('/products/bulk', { mode: 'atomic', rows: [rows[0], rows[2]] }).expect(422);
    expect(taken.body.error.details).toMatchObject({ rejected: 1, rows: [{ index: 1, error: { code: 'DUPLICATE' } }] });
    expect([await countOf('products'), await countOf('events'), await countOf('stock_movements')]).toEqual(before);
    // A refusal is not remembered: the mended request may use the key.
    const mended = await admin
      .post('/products/bulk', { rows: [rows[0]] })
      .set('Idempotency-Key', key)
      .expect(200);
    expect(mended.body).toMatchObject({ created: 1 });
    const replayed = await admin
      .post('/products/bulk', { rows: [rows[0]] })
      .set('Idempotency-Key', key)
      .expect(200);
    expect(replayed.headers['idempotency-replayed']).toBe('true');
    expect(replayed.body).toEqual(mended.body);
  });

  it('QTY-5: allowed units bind rows as well', async () => {
    const litre = ((await admin.post('/units', { code: 'l', name: 'Litre', category: 'volume' }).expect(201)).body as { id: string }).id;
    await admin.post('/categories', { name: 'Oils', allowedUnitIds: [litre] }).expect(201);
    const answer = await bulk([
      { name: 'Olive oil', category: 'Oils', unitId: litre, quantity: '1.5' },
      { name: 'Bottle', category: 'Oils' },
    ]);
    expect(codes(answer)).toEqual([undefined, 'UNIT_NOT_ALLOWED']);
  });

  it('a name that two categories have is no reference', async () => {
    await admin.post('/categories', { name: 'Misc', code: 'M1' }).expect(201);
    await admin.post('/categories', { name: 'MISC', code: 'M2' }).expect(201);
    const answer = await bulk([
      { name: 'A', category: 'misc' },
      { name: 'B', category: 'm2' },
    ]);
    expect(codes(answer)).toEqual(['UNUSABLE_REFERENCE', undefined]);
    expect(answer.verdicts[0]!.error!.message).toContain('More than one');
  });

  it('C-7: the same rows by ten at once are created once', async () => {
    const rows = Array.from({ length: 40 }, (_, n) => ({ sku: `RACE-${n}`, name: `Race ${n}`, barcode: `race${n}`, quantity: 1 }));
    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => bulk(n % 2 === 0 ? rows : [...rows].reverse())));
    expect(answers.map(({ created }) => created).reduce((sum, created) => sum + created, 0)).toBe(40);
    expect(answers.flatMap(({ verdicts }) => verdicts).filter(({ error }) => error !== undefined && error.code !== 'DUPLICATE')).toEqual(
      [],
    );
  });

  it('a thousand rows are as many as one request takes, in a few statements', async () => {
    const rows = Array.from({ length: 1_001 }, (_, n) => ({ name: `Bolt ${n}`, price: '1', quantity: n % 3 }));
    await admin.post('/products/bulk', { rows }).expect(400);
    const answer = await bulk(rows.slice(0, 1_000), 'atomic');
    expect(answer).toMatchObject({ created: 1_000, rejected: 0 });
    expect(new Set(answer.verdicts.map(({ sku }) => sku)).size).toBe(1_000);
    await admin.post('/products/bulk', { rows: [] }).expect(400);
    await admin.post('/products/bulk', { mode: 'sometimes', rows: [{ name: 'A' }] }).expect(400);
    const large = { rows: [{ name: 'A', description: 'x'.repeat(5 * 1024 * 1024) }] };
    await admin.post('/products/bulk', large).expect(413);
  });

  it('need the permissions that one product needs, and another organization’s references are unknown', async () => {
    for (const role of ['staff', 'viewer', 'customer'] as const) {
      const member = app.as(await app.member(owner.organizationId, role));
      await member.post('/products/bulk', { rows: [{ name: 'Mine' }] }).expect(403);
    }
    const manager = app.as(await app.member(owner.organizationId, 'manager'));
    expect(await bulk([{ name: 'Theirs', price: '1', quantity: 1 }], 'atomic', manager)).toMatchObject({ created: 1 });
    const stranger = app.as((await app.signUp()).token);
    const answer = await bulk(
      [
        { sku: 'B-1', name: 'Same SKU elsewhere', barcode: '5012345678900' },
        { name: 'A', category: 'Oils' },
        { name: 'B', initialStock: { storeId: owner.storeId, quantity: 1 } },
      ],
      'continue',
      stranger,
    );
    expect(codes(answer)).toEqual([undefined, 'UNUSABLE_REFERENCE', 'STORE_NOT_USABLE']);
  });
});
