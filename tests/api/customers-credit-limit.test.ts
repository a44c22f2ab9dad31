import { type Requests, type SignedUp, startTestApp, type TestApp } from '../support/app';

/** ORD-12: how much a customer may owe is a price of a kind, set by those who may set prices. */
let app: TestApp;
let owner: SignedUp;
let admin: Requests;
let staff: Requests;

beforeAll(async () => {
  app = await startTestApp();
  owner = await app.signUp();
  admin = app.as(owner.token);
  staff = app.as(await app.member(owner.organizationId, 'staff'));
});
afterAll(() => app.close());

const created = async (fields: object): Promise<string> =>
  ((await admin.post('/customers', { name: 'Ada', ...fields }).expect(201)).body as { id: string }).id;
const limitOf = async (id: string): Promise<string | null> => (await admin.get(`/customers/${id}`).expect(200)).body.creditLimit;
const FORBIDDEN = { error: { code: 'FORBIDDEN', details: { permission: 'prices:write' } } };

test('a new customer: staff give it no limit', async () => {
  expect((await staff.post('/customers', { name: 'Ada', creditLimit: '999999' }).expect(403)).body).toMatchObject(FORBIDDEN);
  await staff.post('/customers', { name: 'Ada' }).expect(201);
  await staff.post('/customers', { name: 'Ada', creditLimit: null }).expect(201);
});

test.each(['120.00', undefined])('a customer with the limit %s: staff change everything else', async (creditLimit) => {
  const id = await created({ creditLimit });
  const present = await limitOf(id);
  for (const wanted of ['999999', '0', present === null ? '120.00' : null]) {
    expect((await staff.patch(`/customers/${id}`, { creditLimit: wanted }).expect(403)).body).toMatchObject(FORBIDDEN);
    await staff.put(`/customers/${id}`, { name: 'Ada', creditLimit: wanted }).expect(403);
  }
  expect(await limitOf(id)).toBe(present);
  await staff.patch(`/customers/${id}`, { phone: '1' }).expect(200);
  await staff.patch(`/customers/${id}`, { creditLimit: present, phone: '2' }).expect(200);
  await staff.put(`/customers/${id}`, { name: 'Ada B.', creditLimit: present }).expect(200);
  if (present !== null) await staff.put(`/customers/${id}`, { name: 'Ada', creditLimit: Number(present) }).expect(200);
  await staff.put(`/customers/${id}`, { name: 'Ada' }).expect(present === null ? 200 : 403); // what is left out is emptied
  expect(await limitOf(id)).toBe(present);
});

test('managers set it', async () => {
  const manager = app.as(await app.member(owner.organizationId, 'manager'));
  const { body } = await manager.post('/customers', { name: 'Ada', creditLimit: '10' }).expect(201);
  await manager.patch(`/customers/${body.id}`, { creditLimit: '20' }).expect(200);
  await manager.put(`/customers/${body.id}`, { name: 'Ada' }).expect(200);
  expect(await limitOf(body.id)).toBeNull();
});

test('many at once: the rows with a limit are refused', async () => {
  const rows = [{ name: 'A' }, { name: 'B', creditLimit: '10' }, { name: 'C', creditLimit: null }];
  const { body } = await staff.post('/customers/bulk', { mode: 'continue', rows }).expect(200);
  expect(body).toMatchObject({ created: 2, verdicts: [{}, { error: { code: 'FORBIDDEN' } }, {}] });
  await staff.post('/customers/bulk', { mode: 'atomic', rows }).expect(422);
  expect((await admin.post('/customers/bulk', { mode: 'atomic', rows }).expect(200)).body).toMatchObject({ created: 3 });
});
