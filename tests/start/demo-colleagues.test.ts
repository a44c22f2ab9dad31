/* A demo company that an older version made: the logins that came later are made when it is asked for again. */
import { startTestApp, type TestApp } from '../support/app';
import { seedDemo } from '../../src/seed/demo';
import { COMPANY } from '../../src/seed/demo-data';
import { DEMO_COLLEAGUES, DEMO_LOGIN } from '../../src/seed/demo-login';

let app: TestApp;
beforeEach(async () => {
  app = await startTestApp();
});
afterEach(() => app.close());

const seedAgain = (): Promise<boolean> => seedDemo(app.container.config, app.database.runtimeUrl, app.container.logger);

/** As far as the logins go: an admin with the demo's address, a store and a customer. */
async function olderCompany(organizationName: string): Promise<{ customerId: string; storeId: string; admin: ReturnType<TestApp['as']> }> {
  const { token, email, storeId } = await app.signUp({ organizationName });
  await app.sql('UPDATE users SET email = $1 WHERE email = $2', [DEMO_LOGIN.email, email]);
  const admin = app.as(token);
  const { body } = await admin.post('/customers', { name: 'The Copper Kettle' }).expect(201);
  return { customerId: (body as { id: string }).id, storeId, admin };
}

const signIn = (email: string) => app.http.post('/api/v1/auth/login').send({ email, password: DEMO_LOGIN.password });

const members = () =>
  app.sql<{ email: string; role: string; storeIds: string[] | null; customerId: string | null }>(
    `SELECT u.email, m.role, m.customer_id::text AS "customerId",
       (SELECT array_agg(s.store_id::text) FROM membership_stores s WHERE s.organization_id = m.organization_id AND s.user_id = u.id) AS "storeIds"
     FROM memberships m JOIN users u ON u.id = m.user_id ORDER BY u.email`,
  );

it('lets in whom it lacks, once, and nobody who was removed', async () => {
  const { customerId, storeId, admin } = await olderCompany(COMPANY.name);
  expect(await seedAgain()).toBe(false);
  for (const { email } of DEMO_COLLEAGUES) await signIn(email).expect(200);
  expect(await members()).toEqual([
    { email: 'clerk@example.com', role: 'staff', storeIds: [storeId], customerId: null },
    { email: 'customer@example.com', role: 'customer', storeIds: null, customerId },
    { email: 'demo@example.com', role: 'admin', storeIds: null, customerId: null },
    { email: 'manager@example.com', role: 'manager', storeIds: null, customerId: null },
    { email: 'staff@example.com', role: 'staff', storeIds: null, customerId: null },
    { email: 'viewer@example.com', role: 'viewer', storeIds: null, customerId: null },
  ]);

  const [viewer] = await app.sql<{ id: string }>(`SELECT id FROM users WHERE email = 'viewer@example.com'`);
  await admin.delete(`/users/${viewer!.id}`).expect(204);
  expect(await seedAgain()).toBe(false);
  expect((await members()).map(({ email }) => email)).not.toContain('viewer@example.com');
});

it('lets nobody into another company with the demo’s address', async () => {
  await olderCompany('Somebody');
  expect(await seedAgain()).toBe(false);
  expect(await members()).toHaveLength(1);
});
