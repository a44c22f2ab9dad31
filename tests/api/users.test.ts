import { newId } from '../../src/kernel/ids';
import { type Requests, type SignedUp, startTestApp, type TestApp } from '../support/app';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

interface Member {
  readonly id: string;
  readonly email: string;
  readonly role: string;
  readonly version: number;
}
const ADA = { email: 'ada@example.com', name: 'Ada Lovelace', password: 'a long passphrase', role: 'staff' };
let made = 0;
const person = (fields: object = {}) => ({ ...ADA, email: `person${++made}@example.com`, ...fields });
const create = async (admin: Requests, fields: object = {}): Promise<Member> =>
  (await admin.post('/users', person(fields)).expect(201)).body as Member;
const login = (email: string, password = ADA.password) => app.http.post('/api/v1/auth/login').send({ email, password });
const signIn = async (email: string): Promise<Requests> => app.as((await login(email).expect(200)).body.accessToken as string);
const eventsAbout = (id: string) =>
  app.sql<{ type: string; before: object | null; after: object | null; payload: object; actor_id: string }>(
    'SELECT type, before, after, payload, actor_id FROM events WHERE aggregate_id = $1 AND type LIKE $2 ORDER BY id',
    [id, 'membership.%'],
  );

describe('users', () => {
  let owner: SignedUp;
  let admin: Requests;
  beforeAll(async () => {
    owner = await app.signUp();
    admin = app.as(owner.token);
  });

  it('are created, read, and sign in', async () => {
    const { body, headers } = await admin.post('/users', { ...ADA, email: ' Ada@Example.com' }).expect(201);
    expect(body).toEqual({
      id: expect.any(String),
      email: 'ada@example.com',
      name: 'Ada Lovelace',
      role: 'staff',
      status: 'active',
      storeIds: null,
      customerId: null,
      version: 1,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    });
    expect(headers['location']).toBe(`/api/v1/users/${body.id}`);
    expect(headers['etag']).toBe('"1"');
    expect((await admin.get(`/users/${body.id}`).expect(200)).body).toEqual(body);
    const me = await (await signIn('ada@example.com')).get('/auth/me').expect(200);
    expect(me.body).toMatchObject({ id: body.id, role: 'staff', organization: { id: owner.organizationId }, storeIds: null });
    expect(await eventsAbout(body.id)).toEqual([
      {
        type: 'membership.created',
        before: null,
        after: { userId: body.id, role: 'staff', storeIds: null, customerId: null },
        payload: { version: 1 },
        actor_id: owner.userId,
      },
    ]);
  });

  it('may be called employees', async () => {
    const { id, role } = await create(admin, { role: 'employee' });
    expect(role).toBe('staff');
    await admin.patch(`/users/${id}`, { role: 'viewer' }).expect(200);
    expect((await admin.patch(`/users/${id}`, { role: 'employee' }).expect(200)).body).toMatchObject({ role: 'staff', version: 3 });
    const { data } = (await admin.get('/users?role=employee').expect(200)).body as { data: Member[] };
    expect(new Set(data.map((member) => member.role))).toEqual(new Set(['staff']));
  });

  it('are listed by name, address or time, filtered, page by page', async () => {
    const another = await app.signUp();
    const boss = app.as(another.token);
    for (const name of ['Carol', 'Alan', 'Barbara']) await create(boss, { name, role: 'viewer' });
    const names = async (query: string): Promise<string[]> =>
      ((await boss.get(`/users${query}`).expect(200)).body as { data: Array<{ name: string }> }).data.map(({ name }) => name);
    expect(await names('')).toEqual(['Ada Admin', 'Alan', 'Barbara', 'Carol']);
    expect(await names('?sort=-createdAt')).toEqual(['Barbara', 'Alan', 'Carol', 'Ada Admin']);
    expect(await names('?role=viewer,admin&q=AL')).toEqual(['Alan']);
    expect(await names('?role=admin')).toEqual(['Ada Admin']);
    expect(await names('?status=disabled')).toEqual([]);
    const first = (await boss.get('/users?pageSize=3').expect(200)).body;
    expect(first.data).toHaveLength(3);
    expect(await names(`?pageSize=3&cursor=${first.pagination.nextCursor}`)).toEqual(['Carol']);
    await boss.get('/users?role=wizard').expect(400);
  });

  it('are refused when the address is taken, also of many at once', async () => {
    const taken = await admin.post('/users', { ...ADA, email: owner.email }).expect(409);
    expect(taken.body.error).toMatchObject({ code: 'DUPLICATE', details: { field: 'email' } });
    const answers = await Promise.all(Array.from({ length: 8 }, () => admin.post('/users', { ...ADA, email: 'crowd@example.com' })));
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, ...Array.from({ length: 7 }, () => 409)]);
  });

  it.each([
    ['a common password', { password: 'password123' }, 'body.password'],
    ['an unknown role', { role: 'owner' }, 'body.role'],
    ['a list of roles', { role: ['staff'] }, 'body.role'],
    ['a limit to no store', { storeIds: [] }, 'body.storeIds'],
    ['a customer who is staff', { customerId: newId() }, 'body.customerId'],
    ['an admin of one store', { role: 'admin', storeIds: [newId()] }, 'body.storeIds'],
  ])('are refused with %s', async (_, wrong, path) => {
    const { body } = await admin.post('/users', person(wrong)).expect(400);
    expect(body.error.details.issues).toEqual([expect.objectContaining({ path })]);
  });

  it('leave no password behind, whatever key the request has', async () => {
    const { email } = person();
    await admin
      .post('/users', { ...ADA, email, password: 'very secret indeed' })
      .set('Idempotency-Key', newId())
      .expect(201);
    const kept = await app.sql<{ row: string }>(
      'SELECT k::text AS row FROM idempotency_keys k WHERE organization_id = $1 UNION ALL SELECT e::text FROM events e WHERE organization_id = $1',
      [owner.organizationId],
    );
    expect(kept.map(({ row }) => row).join()).not.toMatch(/very secret|POST \/api\/v1\/users/);
    expect(await app.sql('SELECT 1 FROM idempotency_keys WHERE organization_id = $1', [owner.organizationId])).toEqual([]);
  });

  it.each(['manager', 'staff', 'viewer', 'customer'] as const)('are none of the business of a %s', async (role) => {
    const member = app.as(await app.member(owner.organizationId, role));
    const { body } = await member.get('/users').expect(403);
    expect(body.error).toMatchObject({ code: 'FORBIDDEN', details: { permission: 'users:read' } });
    await member.post('/users', person()).expect(403);
    await member.patch(`/users/${owner.userId}`, { role: 'viewer' }).expect(403);
    await member.delete(`/users/${owner.userId}`).expect(403);
    await member.get('/users/invitations').expect(403);
    await member.post('/users/invitations', { email: 'x@example.com', role: 'staff' }).expect(403);
  });

  it('of another organization are not found', async () => {
    const stranger = app.as((await app.signUp()).token);
    const { body } = await stranger.get(`/users/${owner.userId}`).expect(404);
    expect(body.error).toMatchObject({ code: 'USER_NOT_FOUND', message: `There is no user ${owner.userId}` });
    await stranger.patch(`/users/${owner.userId}`, { role: 'viewer' }).expect(404);
    await stranger.delete(`/users/${owner.userId}`).expect(404);
    const { data } = (await stranger.get('/users').expect(200)).body as { data: Member[] };
    expect(data).toHaveLength(1);
  });
});

describe('a change of a user', () => {
  let owner: SignedUp;
  let admin: Requests;
  let store: string;
  beforeAll(async () => {
    owner = await app.signUp();
    admin = app.as(owner.token);
    store = ((await admin.post('/stores', { code: 'B', name: 'Second' }).expect(201)).body as { id: string }).id;
  });

  it('of role acts on the next request, and is guarded by the version', async () => {
    const { id, email } = await create(admin, { role: 'viewer' });
    const member = await signIn(email);
    await member.post('/customers', { name: 'Grace' }).expect(403);
    const changed = await admin.patch(`/users/${id}`, { role: 'staff' }).set('If-Match', '"1"').expect(200);
    expect(changed.headers['etag']).toBe('"2"');
    await member.post('/customers', { name: 'Grace' }).expect(201);
    await admin.patch(`/users/${id}`, { role: 'viewer' }).set('If-Match', '"1"').expect(412);
    expect((await admin.patch(`/users/${id}`, { role: 'staff' }).expect(200)).body).toMatchObject({ version: 2 });
    expect((await eventsAbout(id)).at(-1)).toMatchObject({
      type: 'membership.updated',
      before: { role: 'viewer' },
      after: { role: 'staff' },
      payload: { version: 2 },
    });
    expect(await eventsAbout(id)).toHaveLength(2);
  });

  it('limits to stores, and lifts the limit', async () => {
    const { id, email } = await create(admin, { storeIds: [store, store] });
    const member = await signIn(email);
    expect((await admin.get(`/users/${id}`).expect(200)).body).toMatchObject({ storeIds: [store] });
    expect((await member.get('/auth/me').expect(200)).body).toMatchObject({ storeIds: [store] });
    await member.get(`/stores/${owner.storeId}`).expect(403);
    const both = [store, owner.storeId].sort((a, b) => (a < b ? -1 : 1));
    expect((await admin.patch(`/users/${id}`, { storeIds: [...both].reverse() }).expect(200)).body).toMatchObject({
      storeIds: both,
      version: 2,
    });
    await member.get(`/stores/${owner.storeId}`).expect(200);
    await admin.patch(`/users/${id}`, { storeIds: both }).expect(200);
    await admin.patch(`/users/${id}`, { storeIds: [owner.storeId] }).expect(200);
    await member.get(`/stores/${store}`).expect(403);
    expect((await admin.patch(`/users/${id}`, { storeIds: null }).expect(200)).body).toMatchObject({ storeIds: null, version: 4 });
    await member.get(`/stores/${store}`).expect(200);
  });

  it('refuses stores that are not there, and limits for admins', async () => {
    const stranger = await app.signUp();
    const { id } = await create(admin, { storeIds: [store] });
    const unknown = newId();
    const refused = await admin.patch(`/users/${id}`, { storeIds: [store, unknown, stranger.storeId] }).expect(422);
    expect(refused.body.error.details).toEqual({ field: 'storeIds', ids: [unknown, stranger.storeId].sort((a, b) => (a < b ? -1 : 1)) });
    await admin.patch(`/users/${id}`, { role: 'admin', storeIds: [store] }).expect(400);
    await admin.patch(`/users/${owner.userId}`, { storeIds: [store] }).expect(400);
    // An admin uses every store.
    expect((await admin.patch(`/users/${id}`, { role: 'admin' }).expect(200)).body).toMatchObject({ role: 'admin', storeIds: null });
    expect((await admin.patch(`/users/${id}`, { role: 'staff' }).expect(200)).body).toMatchObject({ storeIds: null });
  });

  it('says which customer it is, or takes the one with the same address', async () => {
    const customer = async (fields: object): Promise<string> =>
      ((await admin.post('/customers', { name: 'A Customer', ...fields }).expect(201)).body as { id: string }).id;
    const named = await customer({});
    const email = 'buyer@example.com';
    const same = await customer({ email });
    expect(await create(admin, { role: 'customer', email })).toMatchObject({ customerId: same });
    const { id } = await create(admin, { role: 'customer' });
    const change = async (body: object) => (await admin.patch(`/users/${id}`, body).expect(200)).body as object;
    expect(await change({ customerId: named })).toMatchObject({ role: 'customer', customerId: named, version: 2 });
    expect(await change({ role: 'viewer' })).toMatchObject({ role: 'viewer', customerId: null });
    await admin.patch(`/users/${id}`, { customerId: named }).expect(400);
    expect(await change({ role: 'customer', customerId: named })).toMatchObject({ customerId: named });
    expect(await change({ customerId: null })).toMatchObject({ role: 'customer', customerId: null });
    const unknown = newId();
    const { body } = await admin.patch(`/users/${id}`, { customerId: unknown }).expect(422);
    expect(body.error.details).toEqual({ field: 'customerId', id: unknown });
  });

  it('is not needed for an invited customer: the link is made at the acceptance', async () => {
    const [first, second] = ['first@example.com', 'second@example.com'];
    const customer = async (fields: object): Promise<string> =>
      ((await admin.post('/customers', { name: 'A Customer', ...fields }).expect(201)).body as { id: string }).id;
    const named = await customer({});
    const same = await customer({ email: second });
    const invite = (body: object) => admin.post('/users/invitations', { role: 'customer', ...body });
    expect((await invite({ email: first, customerId: named }).expect(201)).body).toMatchObject({ customerId: named });
    await invite({ email: second }).expect(201);
    await invite({ email: 'third@example.com', customerId: newId() }).expect(422);
    for (const [email, customerId] of [
      [first, named],
      [second, same],
    ] as const) {
      const [mail] = await app.mailsTo(email);
      const acceptance = { token: mail!.token, name: 'Grace', password: ADA.password };
      const { body } = await app.http.post('/api/v1/auth/accept-invitation').send(acceptance).expect(200);
      expect((await admin.get(`/users/${body.user.id}`).expect(200)).body).toMatchObject({ role: 'customer', customerId });
    }
  });

  it('disables, which signs out at once, and enables again', async () => {
    const { id, email } = await create(admin);
    const { body: tokens } = await login(email).expect(200);
    const member = app.as(tokens.accessToken as string);
    await member.get('/stores').expect(200);
    expect((await admin.patch(`/users/${id}`, { status: 'disabled' }).expect(200)).body).toMatchObject({ status: 'disabled' });
    for (const path of ['/stores', '/auth/me']) await member.get(path).expect(401);
    await app.http.post('/api/v1/auth/refresh').send({ refreshToken: tokens.refreshToken }).expect(401);
    await login(email).expect(401);
    expect((await admin.get('/users?status=disabled').expect(200)).body.data).toMatchObject([{ id }]);
    await admin.patch(`/users/${id}`, { status: 'active' }).expect(200);
    await member.get('/stores').expect(401); // the old session stays ended
    await login(email).expect(200);
    const ended = await app.sql('SELECT payload FROM events WHERE organization_id = $1 AND type = $2', [
      owner.organizationId,
      'session.ended',
    ]);
    expect(ended).toEqual([{ payload: { userId: id, reason: 'membership_ended' } }]);
  });

  it('removes, which signs out at once; the account stays', async () => {
    const { id, email } = await create(admin, { storeIds: [store] });
    const member = await signIn(email);
    await admin.delete(`/users/${id}`).set('If-Match', '"7"').expect(412);
    await admin.delete(`/users/${id}`).expect(204);
    await member.get('/auth/me').expect(401);
    await login(email).expect(401);
    await admin.get(`/users/${id}`).expect(404);
    await admin.delete(`/users/${id}`).expect(404);
    await admin.post('/users', person({ email })).expect(409);
    expect((await eventsAbout(id)).at(-1)).toMatchObject({
      type: 'membership.deleted',
      before: { role: 'staff', storeIds: [store], customerId: null, status: 'active' },
      payload: { version: 2 },
    });
    expect(await app.sql('SELECT 1 FROM membership_stores WHERE user_id = $1', [id])).toEqual([]);
  });

  it.each([
    ['nothing', {}],
    ['an unknown status', { status: 'retired' }],
    ['a name', { name: 'Somebody else' }],
    ['an address', { email: 'other@example.com' }],
  ])('to %s is refused', async (_, change) => {
    await admin.patch(`/users/${owner.userId}`, change).expect(400);
  });
});
