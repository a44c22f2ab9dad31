import { startTestApp, type TestApp } from '../support/app';

/** PostgreSQL writes these answers; json_build_object() and jsonb would leave blanks in them that nobody needs. */
const BLANKS = /" ?: /;

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

it('answers that PostgreSQL writes hold no blanks between keys and values', async () => {
  const { token } = await app.signUp();
  const admin = app.as(token);
  const create = async (path: string, body: object): Promise<string> => {
    const answer = await admin.post(path, body).expect(201);
    expect(answer.text).not.toMatch(BLANKS);
    return `${path}/${(answer.body as { id: string }).id}`;
  };
  const address = { line1: '1 Quay Street', city: 'Bristol', country: 'GB' };
  const unitId = (await create('/units', { code: 'box', name: 'Box', category: 'boxes' })).split('/').at(-1);
  const category = await create('/categories', { code: 'LAMPS', name: 'Lamps', allowedUnitIds: [unitId] });
  const customer = await create('/customers', { name: 'Ada', billingAddress: address, shippingAddress: address });
  const store = await create('/stores', { code: 'B', name: 'Second', address });
  await create('/tax-rates', { name: 'VAT', rate: '20', categoryIds: [category.split('/').at(-1)] });
  const reads = ['/units', category, '/categories', customer, '/customers', `${customer}/statement`, store, '/stores', '/tax-rates'];
  for (const path of reads) {
    expect((await admin.get(path).expect(200)).text).not.toMatch(BLANKS);
  }
});
