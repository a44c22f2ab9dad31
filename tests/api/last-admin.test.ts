import { type Requests, startTestApp, type TestApp } from '../support/app';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const PASSPHRASE = 'a long passphrase';
let made = 0;
async function createAdmin(by: Requests): Promise<{ id: string; email: string }> {
  const body = { email: `admin${++made}@example.com`, name: 'Another Admin', password: PASSPHRASE, role: 'admin' };
  return (await by.post('/users', body).expect(201)).body as { id: string; email: string };
}
async function signIn(email: string): Promise<Requests> {
  const { body } = await app.http.post('/api/v1/auth/login').send({ email, password: PASSPHRASE }).expect(200);
  return app.as((body as { accessToken: string }).accessToken);
}

describe('the last admin', () => {
  it('is neither demoted, disabled nor removed', async () => {
    const owner = await app.signUp();
    const admin = app.as(owner.token);
    for (const change of [{ role: 'manager' }, { status: 'disabled' }]) {
      const { body } = await admin.patch(`/users/${owner.userId}`, change).expect(409);
      expect(body.error).toMatchObject({ code: 'LAST_ADMIN', message: expect.stringContaining(owner.userId) });
    }
    await admin.delete(`/users/${owner.userId}`).expect(409);
    const second = await createAdmin(admin);
    await admin.patch(`/users/${second.id}`, { status: 'disabled' }).expect(200);
    // A disabled admin governs nothing.
    await admin.patch(`/users/${owner.userId}`, { role: 'manager' }).expect(409);
    await admin.patch(`/users/${second.id}`, { status: 'active' }).expect(200);
    await admin.patch(`/users/${owner.userId}`, { role: 'manager' }).expect(200);
    await admin.get('/users').expect(403);
  });

  it.each([
    ['demote', (id: string) => (by: Requests) => by.patch(`/users/${id}`, { role: 'viewer' })],
    ['disable', (id: string) => (by: Requests) => by.patch(`/users/${id}`, { status: 'disabled' })],
    ['remove', (id: string) => (by: Requests) => by.delete(`/users/${id}`)],
  ])('is left when admins %s each other at once', async (_, act) => {
    const owner = await app.signUp();
    const admin = app.as(owner.token);
    const others = await Promise.all([createAdmin(admin), createAdmin(admin)]);
    const admins = [
      { id: owner.userId, requests: admin },
      ...(await Promise.all(others.map(async ({ id, email }) => ({ id, requests: await signIn(email) })))),
    ];
    const attempts = admins.flatMap(({ id }, index) =>
      admins.filter((_by, other) => other !== index).map(({ requests }) => act(id)(requests)),
    );
    const statuses = (await Promise.all(attempts)).map(({ status }) => status);
    for (const status of statuses) expect([200, 204, 401, 403, 404, 409]).toContain(status);
    const left = await app.sql<{ user_id: string }>(
      `SELECT user_id FROM memberships WHERE organization_id = $1 AND role = 'admin' AND disabled_at IS NULL`,
      [owner.organizationId],
    );
    expect(left).toHaveLength(1);
  });

  it('is kept by the database too, whatever the statement', async () => {
    const owner = await app.signUp();
    const { pool } = app.container;
    const where = `WHERE organization_id = '${owner.organizationId}' AND user_id = '${owner.userId}'`;
    for (const change of [`UPDATE memberships SET role = 'staff'`, 'UPDATE memberships SET disabled_at = now()', 'DELETE FROM memberships'])
      await expect(pool.query(`${change} ${where}`)).rejects.toThrow('memberships_last_admin_check');
    await app.as(owner.token).get('/users').expect(200);
  });
});
