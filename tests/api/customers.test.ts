import { newId } from '../../src/kernel/ids';
import { type Requests, type SignedUp, startTestApp, type TestApp } from '../support/app';
import { tally } from '../support/tally';

let app: TestApp;
let owner: SignedUp;
let admin: Requests;
beforeAll(async () => {
  app = await startTestApp();
  owner = await app.signUp({ currency: 'GBP' });
  admin = app.as(owner.token);
});
afterAll(() => app.close());

interface Customer {
  id: string;
  name: string;
  version: number;
}
const created = async (body: object, requests = admin): Promise<Customer> =>
  (await requests.post('/customers', body).expect(201)).body as Customer;
const freshEmail = (): string => `${newId()}@example.com`;
const personalRows = (id: string): Promise<Array<{ data: unknown }>> =>
  app.sql(
    'SELECT d.data FROM event_personal_data d JOIN events e ON e.id = d.event_id WHERE e.aggregate_id = $1 ORDER BY e.aggregate_version',
    [id],
  );
const leeds = { line1: '12 Mill Lane', city: 'Leeds', postalCode: 'LS1 4DL', country: 'United Kingdom' };

describe('customers', () => {
  it('are created, read, changed, replaced and deleted', async () => {
    const email = freshEmail();
    const sent = {
      name: 'Ada Byron',
      email: email.toUpperCase(),
      phone: '+44 113 496 0000',
      company: 'Analytical Engines',
      billingAddress: leeds,
      taxNumber: 'GB123',
      paymentTerms: 'Net 45',
      creditLimit: 5000,
      notes: 'Calls on Mondays',
    };
    const { body, headers } = await admin.post('/customers', sent).expect(201);
    expect(body).toEqual({
      ...sent,
      id: expect.any(String),
      code: null,
      email,
      billingAddress: { ...leeds, line2: null, region: null, country: 'GB' },
      shippingAddress: null,
      country: 'GB',
      paymentTerms: 45,
      creditLimit: '5000.00',
      anonymisedAt: null,
      version: 1,
      createdAt: expect.any(String),
      updatedAt: body.createdAt,
    });
    expect(headers['etag']).toBe('"1"');
    expect((await admin.get(`/customers/${body.id}`).expect(200)).body).toEqual(body);
    await admin.get(`/customers/${body.id}`).set('If-None-Match', '"1"').expect(304);

    const changed = await admin.patch(`/customers/${body.id}`, { name: 'Ada King', paymentTerms: 14 }).expect(200);
    expect(changed.body).toMatchObject({ name: 'Ada King', paymentTerms: 14, email, version: 2 });
    expect((await admin.patch(`/customers/${body.id}`, { name: 'Ada King' }).expect(200)).body).toMatchObject({ version: 2 });
    const replaced = await admin.put(`/customers/${body.id}`, { name: 'Ada', shippingAddress: { ...leeds, country: 'IE' } }).expect(200);
    expect(replaced.body).toMatchObject({
      email: null,
      billingAddress: null,
      country: 'IE',
      paymentTerms: 30,
      creditLimit: null,
      version: 3,
    });

    await admin.delete(`/customers/${body.id}`).expect(204);
    await admin.get(`/customers/${body.id}`).expect(404);
    expect(await app.eventsOf('customer', body.id)).toEqual([
      'customer.created',
      'customer.updated',
      'customer.updated',
      'customer.deleted',
    ]);
  });

  it('a name is enough', async () => {
    expect(await created({ name: 'Cash' })).toMatchObject({ email: null, country: null, paymentTerms: 30, creditLimit: null });
  });

  it.each([
    ['no name', { name: undefined }],
    ['no e-mail address', { email: 'ada' }],
    ['a negative limit', { creditLimit: '-1' }],
    ['a limit finer than the currency', { creditLimit: '1.005' }],
    ['terms of two years', { paymentTerms: 730 }],
    ['terms that say nothing', { paymentTerms: 'soon' }],
    ['a country nobody knows', { country: 'Atlantis' }],
    ['an address without a city', { billingAddress: { line1: 'x', country: 'GB' } }],
    ['an operator in place of a text', { email: { not: '' } }],
    ['an unknown key', { colour: 'red' }],
  ])('are refused with %s', async (_, wrong) => {
    const { body } = await admin.post('/customers', { name: 'Wrong', ...wrong }).expect(400);
    expect(body.error.code).toBe('INVALID_INPUT');
  });

  it('CAT-3: an e-mail address is unique in the organization without case, and free in another one', async () => {
    const email = freshEmail();
    const { id } = await created({ name: 'A', email });
    const { body } = await admin.post('/customers', { name: 'B', email: email.toUpperCase() }).expect(409);
    expect(body.error).toMatchObject({ code: 'DUPLICATE', message: 'Another customer already has this e-mail address' });
    const other = await created({ name: 'B' });
    await admin.patch(`/customers/${other.id}`, { email }).expect(409);
    await created({ name: 'C', email }, app.as((await app.signUp()).token));
    await admin.patch(`/customers/${id}`, { email: null }).expect(200);
    await admin.patch(`/customers/${other.id}`, { email }).expect(200);
  });

  it('C-7: 100 at once with one e-mail address: 1 × 201, 99 × 409', async () => {
    const email = freshEmail();
    const answers = await Promise.all(Array.from({ length: 100 }, () => admin.post('/customers', { name: 'Race', email })));
    expect(tally(answers)).toEqual({ '201': 1, '409 DUPLICATE': 99 });
  });

  it('C-6: 100 PATCHes with one If-Match: 1 × 200, 99 × 412', async () => {
    const { id } = await created({ name: 'Contested' });
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) => admin.patch(`/customers/${id}`, { name: `Name ${n}` }).set('If-Match', '"1"')),
    );
    expect(tally(answers)).toEqual({ '200': 1, '412 VERSION_MISMATCH': 99 });
    expect(await app.eventsOf('customer', id)).toEqual(['customer.created', 'customer.updated']);
    await admin.put(`/customers/${id}`, { name: 'Stale' }).set('If-Match', '"1"').expect(412);
    await admin.delete(`/customers/${id}`).set('If-Match', '"1"').expect(412);
  });

  it('personal data stays out of before and after', async () => {
    const { id } = await created({ name: 'Grace Hopper', email: freshEmail(), billingAddress: leeds, paymentTerms: 10 });
    await admin.patch(`/customers/${id}`, { phone: '123', paymentTerms: 20 }).expect(200);
    const events = await app.sql('SELECT before, after FROM events WHERE aggregate_id = $1 ORDER BY aggregate_version', [id]);
    expect(events).toEqual([
      { before: null, after: { country: 'GB', paymentTerms: 10, creditLimit: null } },
      { before: { paymentTerms: 10 }, after: { paymentTerms: 20 } },
    ]);
    const personal = await personalRows(id);
    expect(personal).toHaveLength(2);
    expect(personal[0]!.data).toMatchObject({ after: { name: 'Grace Hopper', billingAddress: { city: 'Leeds' } } });
    expect(personal[1]!.data).toEqual({ before: { phone: null }, after: { phone: '123' } });
  });

  it('CAT-3: one with documents is anonymised, and the events forget who it was', async () => {
    const email = freshEmail();
    const { id } = await created({ name: 'Forget Me', email, billingAddress: leeds, creditLimit: '10' });
    await app.sql(
      `INSERT INTO orders (organization_id, id, status, payment_status, store_id, customer_id, currency, subtotal, total) VALUES ($1, $2, 'draft', 'paid', $3, $4, 'GBP', 0, 0)`,
      [owner.organizationId, newId(), owner.storeId, id],
    );
    await app.sql(
      `INSERT INTO events (organization_id, id, type, aggregate_type, aggregate_id, aggregate_version, after, actor_kind, occurred_at)
       SELECT organization_id, $2, 'order.drafted', 'order', id, 1, '{"status":"draft"}', 'system', now() FROM orders WHERE customer_id = $1`,
      [id, newId()],
    );
    expect(await personalRows(id)).toHaveLength(1);
    await admin.delete(`/customers/${id}`).expect(204);
    expect((await admin.get(`/customers/${id}`).expect(200)).body).toMatchObject({
      name: 'Deleted customer',
      email: null,
      billingAddress: null,
      creditLimit: '10.00',
      anonymisedAt: expect.any(String),
      version: 2,
    });
    expect(await personalRows(id)).toEqual([]);
    expect(await app.eventsOf('customer', id)).toEqual(['customer.created', 'customer.anonymised']);
    const [kept] = await app.sql<{ hash: Buffer | null }>(
      'SELECT personal_hash AS hash FROM events WHERE aggregate_id = $1 AND aggregate_version = 1',
      [id],
    );
    expect(kept!.hash).not.toBeNull();

    const { body } = await admin.patch(`/customers/${id}`, { name: 'Back again' }).expect(409);
    expect(body.error.code).toBe('CUSTOMER_ANONYMISED');
    await admin.delete(`/customers/${id}`).expect(204);
    expect((await admin.get('/customers?q=deleted').expect(200)).body.data).toEqual([]);
    await created({ name: 'Somebody else', email });
  });

  it('one that disappears is forgotten by the events too', async () => {
    const { id } = await created({ name: 'Gone' });
    await admin.delete(`/customers/${id}`).expect(204);
    expect(await personalRows(id)).toEqual([]);
  });

  it('another organization sees none of them', async () => {
    const { id } = await created({ name: 'Secret' });
    const stranger = app.as((await app.signUp()).token);
    const unknownId = newId();
    for (const method of ['get', 'put', 'patch', 'delete'] as const) {
      const body = method === 'put' || method === 'patch' ? { name: 'Mine' } : undefined;
      const foreign = await stranger[method](`/customers/${id}`, body).expect(404);
      const unknown = await stranger[method](`/customers/${unknownId}`, body).expect(404);
      expect(foreign.body.error.message.replace(id, unknownId)).toBe(unknown.body.error.message);
      expect(foreign.body.error.code).toBe('CUSTOMER_NOT_FOUND');
    }
    expect((await stranger.get('/customers').expect(200)).body.data).toEqual([]);
  });

  it.each([
    ['manager', 200, 201, 204],
    ['staff', 200, 201, 403],
    ['viewer', 200, 403, 403],
    ['customer', 403, 403, 403],
  ] as const)('%s may read: %i, create: %i, delete: %i', async (role, reading, creating, removing) => {
    const member = app.as(await app.member(owner.organizationId, role));
    const changing = creating === 201 ? 200 : 403;
    const { id } = await created({ name: `For ${role}` });
    await member.get('/customers').expect(reading);
    await member.get(`/customers/${id}`).expect(reading);
    await member.post('/customers', { name: 'Mine' }).expect(creating);
    await member.patch(`/customers/${id}`, { name: 'Mine' }).expect(changing);
    await member.put(`/customers/${id}`, { name: 'Mine too' }).expect(changing);
    await member.delete(`/customers/${id}`).expect(removing);
  });
});

describe('the list of customers', () => {
  let requests: Requests;
  const names = async (query: string): Promise<string> =>
    ((await requests.get(`/customers?${query}`).expect(200)).body as { data: Customer[] }).data.map((customer) => customer.name).join(' ');

  beforeAll(async () => {
    requests = app.as((await app.signUp()).token);
    await created({ name: 'Cleo', email: 'cleo@example.com', country: 'FR', phone: '555-77' }, requests);
    await created({ name: 'Abel', company: '50% Off_Ltd', country: 'gb' }, requests);
    await created({ name: 'Bess', code: 'K-9', billingAddress: leeds }, requests);
  });

  it.each([
    ['', 'Abel Bess Cleo'],
    ['sort=-name', 'Cleo Bess Abel'],
    ['sort=createdAt', 'Cleo Abel Bess'],
    ['sort=-createdAt', 'Bess Abel Cleo'],
    ['q=CLEO%40', 'Cleo'],
    ['q=50%25', 'Abel'],
    ['q=555', 'Cleo'],
    ['q=k-9', 'Bess'],
    ['email=CLEO@example.com', 'Cleo'],
    ['country=GB', 'Abel Bess'],
    ['country=France', 'Cleo'],
    ['country=GB&q=ess', 'Bess'],
  ])('?%s', async (query, expected) => {
    expect(await names(query)).toBe(expected);
  });

  it.each(['name', '-createdAt'])('pages by %s', async (sort) => {
    const first = (await requests.get(`/customers?sort=${sort}&pageSize=2`).expect(200)).body;
    const second = (await requests.get(`/customers?sort=${sort}&pageSize=2&cursor=${first.pagination.nextCursor}`).expect(200)).body;
    const shown = [...first.data, ...second.data] as Customer[];
    expect(shown.map((customer) => customer.name).join(' ')).toBe(await names(`sort=${sort}`));
    expect(second.pagination.nextCursor).toBeNull();
    expect((await requests.get('/customers?page=2&pageSize=2').expect(200)).body.pagination).toMatchObject({ page: 2, total: 3 });
  });

  it('refuses what it does not know', async () => {
    for (const query of ['sort=email', 'country=Atlantis', 'email=x', 'cursor=!']) await requests.get(`/customers?${query}`).expect(400);
  });
});
