import { Client } from 'pg';
import { CATEGORIES, PRODUCTS } from '../../src/seed/demo-data';
import { type Requests, type SignedUp, startTestApp, type TestApp } from '../support/app';
import { queryOnce } from '../support/database';

let app: TestApp;
let owner: SignedUp;
let admin: Requests;
beforeAll(async () => {
  app = await startTestApp();
  owner = await app.signUp({ currency: 'GBP' });
  admin = app.as(owner.token);
  for (const [code, name] of CATEGORIES) await admin.post('/categories', { code, name }).expect(201);
  for (const { sku, name, category, price } of PRODUCTS) await admin.post('/products', { sku, name, category, price }).expect(201);
});
afterAll(() => app.close());

interface Product {
  id: string;
  sku: string;
  name: string;
}
const found = async (query: Record<string, string>, requests = admin): Promise<Product[]> =>
  ((await requests.get(`/products?${new URLSearchParams(query).toString()}`).expect(200)).body as { data: Product[] }).data;
const skus = async (q: string): Promise<string[]> => (await found({ q })).map((product) => product.sku);

describe('the search for products', () => {
  it.each([
    ['Yirgachefe', 'BEAN-ETH-01'],
    ['capuccino', 'CUP-CAP-6'],
    ['expresso cup', 'CUP-ESP-6'],
    ['goosneck ketle', 'BRW-KET-09'],
    ['peperment', 'TEA-MIN-50'],
    ['hazlenut', 'SYR-HAZ-1'],
    ['carmel sirup', 'SYR-CAR-1'],
    ['darjeling', 'TEA-DAR-100'],
    ['frensh pres', 'BRW-FRE-8'],
    ['barista trainning', 'SRV-BARISTA'],
    ['camomille', 'TEA-CAM-50'],
    ['elecric grinder', 'GRI-ELEC-1'],
    ['GRND-EPS-250', 'GRND-ESP-250'],
    ['moca pot', 'BRW-MOK-6'],
  ])('misspelt as %s finds %s first', async (q, sku) => {
    expect((await skus(q))[0]).toBe(sku);
  });

  it.each([
    ['case and accents', 'CAFETIERE Roast', 'GRND-CAF-500'],
    ['the beginning of words', 'cerem mat', 'TEA-MAT-30'],
    ['words in any order', 'kettle gooseneck', 'BRW-KET-09'],
    ['two words written as one', 'drip pour over', 'BRW-V60-02'],
    ['one word written as two', 'espresso cup', 'CUP-ESP-6'],
    ['a SKU in lower case', 'bean-eth-01', 'BEAN-ETH-01'],
    ['a SKU without hyphens', 'BEANETH01', 'BEAN-ETH-01'],
    ['a fraction', '0.8 l teapot', 'CUP-TEA-POT'],
  ])('minds not: %s', async (_, q, sku) => {
    expect((await skus(q))[0]).toBe(sku);
  });

  it('puts the product whose SKU or barcode it is before all others', async () => {
    await admin.post('/products', { sku: 'TEA', name: 'Voucher', barcode: '4006381333931', price: '10' }).expect(201);
    expect((await skus('tea'))[0]).toBe('TEA');
    expect(await skus('tea')).toContain('CUP-TEA-POT');
    expect(await skus('4006381333931')).toEqual(['TEA']);
    expect(await skus('4006381')).toEqual(['TEA']);
  });

  it('puts words of the name before words of the description, which it also finds misspelt', async () => {
    await admin.post('/products', { sku: 'W1', name: 'Bracket', description: 'Holds a windchime in the garden', price: '3' }).expect(201);
    await admin.post('/products', { sku: 'W2', name: 'Windchime', price: '30' }).expect(201);
    expect(await skus('windchime')).toEqual(['W2', 'W1']);
    expect(await skus('bracket garden')).toEqual(['W1']);
    expect((await skus('bracket gardn'))[0]).toBe('W1');
  });

  it('looks for near spellings only when nothing is spelled so, and finds nothing for words that nothing is like', async () => {
    expect(await skus('decaf')).toEqual(expect.arrayContaining(['GRND-DEC-250', 'BEAN-DEC-01']));
    expect(await skus('decaf')).toHaveLength(2);
    expect(await skus('xylophone')).toEqual([]);
    expect(await skus('grinder xylophone')).toEqual([]);
    for (const q of ['bicycle', 'keyboard', 'red shoes', 'tae', 'x']) expect(await skus(q)).toEqual([]);
  });

  it('knows changed products by their new words', async () => {
    const { body } = await admin.post('/products', { sku: 'JAM', name: 'Marmalade', price: '4' }).expect(201);
    await admin.patch(`/products/${(body as Product).id}`, { name: 'Quince jelly' }).expect(200);
    expect(await found({ q: 'marmalade' })).toEqual([]);
    expect(await found({ q: 'quince' })).toMatchObject([{ name: 'Quince jelly' }]);
  });

  it('goes together with filters and with another sort', async () => {
    expect((await found({ q: 'ground', category: 'COFFEE' })).map(({ sku }) => sku)).toEqual([]);
    expect((await found({ q: 'espresso', category: 'GROUND' })).map(({ sku }) => sku)).toEqual(['GRND-ESP-250']);
    const byName = (await found({ q: 'grinder', sort: 'name' })).map(({ name }) => name);
    expect(byName).toHaveLength(5);
    expect(byName).toEqual([...byName].sort());
    const worstFirst = (await found({ q: 'grinder', sort: 'relevance' })).map(({ sku }) => sku);
    expect(worstFirst.reverse()).toEqual(await skus('grinder'));
    const refused = await admin.get('/products?sort=-relevance').expect(400);
    expect(refused.body.error).toMatchObject({ code: 'INVALID_INPUT', details: { issues: [{ path: 'query.sort' }] } });
  });

  it.each(['-relevance', 'relevance', 'name'])('pages by %s, without a gap, and counts', async (sort) => {
    const all = (await found({ q: 'beans', sort, pageSize: '200' })).map(({ sku }) => sku);
    expect(all.length).toBeGreaterThan(5);
    const paged: string[] = [];
    let cursor: string | null = null;
    do {
      const at: string = cursor === null ? '' : `&cursor=${cursor}`;
      const { body } = await admin.get(`/products?q=beans&sort=${sort}&pageSize=2${at}`).expect(200);
      paged.push(...(body.data as Product[]).map(({ sku }) => sku));
      cursor = body.pagination.nextCursor as string | null;
    } while (cursor !== null);
    expect(paged).toEqual(all);
    const { body } = await admin.get(`/products?q=beans&sort=${sort}&page=2&pageSize=3`).expect(200);
    expect((body.data as Product[]).map(({ sku }) => sku)).toEqual(all.slice(3, 6));
    expect(body.pagination.total).toBe(all.length);
  });

  it.each([
    '_',
    '%',
    "'",
    "''':*",
    '\\',
    '$1',
    '--',
    '&|!()<->:*',
    "a'); DROP TABLE products; --",
    "\\' OR 1=1",
    '%s %L %1$L',
    '☕',
    'a ☕ b',
    'İstanbul ß ﬁ ½',
    'кофе 咖啡 커피 قهوة',
    'a\u1680b\u2028c',
    'x'.repeat(100),
    'a '.repeat(50),
    '🧑‍🌾'.repeat(14),
    '{"$ne":1}',
  ])('takes %j for words, not for operators', async (q) => {
    await found({ q });
  });

  it('A-3: sees the organization of the transaction only, whichever is asked for', async () => {
    const stranger = await app.signUp();
    expect(await found({ q: 'grinder' }, app.as(stranger.token))).toEqual([]);
    const as = (organizationId: string): string =>
      `${app.database.runtimeUrl}?options=${encodeURIComponent(`-c app.organization_id=${organizationId}`)}`;
    const search = (url: string): Promise<object[]> =>
      queryOnce(url, 'SELECT * FROM search_products($1, $2)', [owner.organizationId, 'grinder']);
    expect(await search(as(owner.organizationId))).toHaveLength(5);
    expect(await search(as(stranger.organizationId))).toEqual([]);
    expect(await search(app.database.runtimeUrl)).toEqual([]);
  });
});

describe('among 10,000 products', () => {
  const KINDS = ['lamp', 'kettle', 'grinder', 'brewer', 'mug', 'teapot', 'chair', 'table', 'shelf', 'rake'];
  const STYLES = ['Desk', 'Floor', 'Wall', 'Garden', 'Kitchen', 'Gooseneck', 'Copper', 'Travel', 'Wooden', 'Electric', 'Cast-iron'];
  let large: SignedUp;
  let client: Client;

  beforeAll(async () => {
    large = await app.signUp();
    for (let first = 0; first < 10_000; first += 1_000) {
      const rows = Array.from({ length: 1_000 }, (_, index) => {
        const n = first + index;
        return {
          sku: `L-${n}`,
          name: `${STYLES[n % 11]} ${KINDS[Math.trunc(n / 11) % 10]} ${n}`,
          description: `Number ${n} of a large catalogue`,
          price: '1',
        };
      });
      await app.as(large.token).post('/products/bulk', { rows }).expect(200);
    }
    await app.sql('ANALYZE products, product_vocabulary');
    client = new Client({ connectionString: app.database.superuserUrl });
    await client.connect();
    await client.query('SET ROLE quartermaster_runtime');
    await client.query(`SELECT set_config('app.organization_id', $1, false)`, [large.organizationId]);
  });
  afterAll(() => client.end());

  interface Scans {
    index: string;
    scans: number;
  }
  /** How often each index, and the whole of each table, has been scanned by this connection and those that reported before. */
  async function scans(): Promise<Record<string, number>> {
    await client.query('SELECT pg_stat_force_next_flush()');
    const { rows } = await client.query<Scans>(`
      SELECT indexrelname AS index, idx_scan::integer AS scans FROM pg_stat_user_indexes WHERE relname IN ('products', 'product_vocabulary')
      UNION ALL SELECT 'all of ' || relname, seq_scan::integer FROM pg_stat_user_tables WHERE relname IN ('products', 'product_vocabulary')`);
    return Object.fromEntries(rows.map((row) => [row.index, row.scans]));
  }
  const used = async (q: string): Promise<string[]> => {
    const before = await scans();
    const { rows } = await client.query('SELECT id FROM search_products($1, $2)', [large.organizationId, q]);
    expect(rows.length).toBeGreaterThan(0);
    const after = await scans();
    return Object.keys(after).filter((index) => after[index] !== before[index]);
  };

  it.each([
    ['gooseneck kettle', ['products_search_words_idx']],
    ['L-7777', ['products_search_words_idx']],
    ['goosneck ketle', ['products_search_words_idx', 'product_vocabulary_near_idx']],
    ['wooden grinder cataloge', ['products_search_words_idx', 'product_vocabulary_near_idx']],
  ])('%s is looked up by index', async (q, indexes) => {
    expect((await used(q)).sort()).toEqual([...indexes].sort());
  });

  it('the best is first, and its organization’s only', async () => {
    const requests = app.as(large.token);
    expect((await found({ q: 'L-7777' }, requests))[0]).toMatchObject({ sku: 'L-7777' });
    expect((await found({ q: 'goosneck ketle' }, requests))[0]!.name).toMatch(/^Gooseneck kettle/);
    expect(await skus('catalogue')).toEqual([]);
  });
});

it('of more than 10,000 products that match, finds those the query names and the newest, and pages through them', async () => {
  const many = await app.signUp({ currency: 'GBP' });
  // Without triggers: the words are not looked for by likeness here.
  const client = new Client({ connectionString: app.database.superuserUrl });
  await client.connect();
  await client.query('SET session_replication_role = replica');
  await client.query(
    `INSERT INTO products (organization_id, id, sku, name, unit_id, price, currency, status, created_at)
     SELECT $1, gen_random_uuid(), 'Z-' || n, 'Zebra ' || n, (SELECT id FROM units WHERE organization_id = $1 LIMIT 1), 1, 'GBP', 'published', now() - n * interval '1 s'
     FROM generate_series(1, 10050) n`,
    [many.organizationId],
  );
  await client.end();
  const requests = app.as(many.token);
  const { body } = await requests.get('/products?q=zebra&page=1&pageSize=1').expect(200);
  expect((body as { pagination: { total: number } }).pagination.total).toBe(10_000);
  const first = (await requests.get('/products?q=zebra&pageSize=100').expect(200)).body as {
    data: Product[];
    pagination: { nextCursor: string };
  };
  const next = await found({ q: 'zebra', pageSize: '100', cursor: first.pagination.nextCursor }, requests);
  expect(new Set([...first.data, ...next].map(({ id }) => id)).size).toBe(200);
  // The oldest is found by what it is called.
  expect((await found({ q: 'Z-10050' }, requests)).map(({ sku }) => sku)).toEqual(['Z-10050']);
  expect((await found({ q: 'zebra 10050' }, requests)).map(({ sku }) => sku)).toEqual(['Z-10050']);
  expect((await found({ q: 'z', pageSize: '1' }, requests)).map(({ sku }) => Number(sku.slice(2)) <= 10_000)).toEqual([true]);
  // Nothing tells where they come from, so they go.
  await app.sql('DELETE FROM products WHERE organization_id = $1', [many.organizationId]);
});
