import { newId } from '../../src/kernel/ids';
import { type IdentityApp, type Member, startIdentityApp } from '../support/identity-app';

let app: IdentityApp;
let owner: Member;
beforeAll(async () => {
  app = await startIdentityApp();
});
beforeEach(async () => {
  owner = await app.signUp({ name: 'Olive\nOwner', organizationName: 'Olive & Co' });
});
afterEach(() => app.clock.set(new Date()));
afterAll(() => app.close());

const DAY = 86_400_000;
const PASSPHRASE = 'a fresh new passphrase';
let made = 0;
const address = (): string => `guest${++made}@example.com`;
const later = (ms: number): void => app.clock.set(new Date(app.clock.now().getTime() + ms));
const post = (path: string, body: object) => app.http.post(`/api/v1/auth/${path}`).send(body);
const invite = (body: object, accessToken = owner.accessToken) => app.as(accessToken).post('/users/invitations').send(body);
const tokenFor = async (email: string): Promise<string> => (await app.mailsTo(email)).findLast(({ kind }) => kind === 'invitation')!.token;
async function invited(fields: object = {}): Promise<{ id: string; email: string; token: string }> {
  const email = address();
  const { body } = await invite({ email, role: 'staff', ...fields }).expect(201);
  return { id: body.id, email, token: await tokenFor(email) };
}
/** Somebody who proved to read the mailbox. */
async function verified(): Promise<Member> {
  const member = await app.signUp();
  await app.asOwner('UPDATE users SET email_verified_at = created_at WHERE id = $1', [member.userId]);
  return member;
}
const codeOf = ({ body }: { body: { error: { code: string } } }): string => body.error.code;
const eventsOf = (id: string) =>
  app.asOwner('SELECT type, aggregate_version FROM events WHERE aggregate_id = $1 AND type LIKE $2 ORDER BY id', [id, 'invitation.%']);

describe('an invitation', () => {
  it('is mailed, shown, and holds no token anywhere else', async () => {
    const email = address();
    const { body } = await invite({ email: email.toUpperCase(), role: 'employee' }).set('Idempotency-Key', newId()).expect(201);
    expect(body).toEqual({
      id: expect.any(String),
      email,
      role: 'staff',
      storeIds: null,
      customerId: null,
      status: 'open',
      invitedBy: { id: owner.userId, name: 'Olive\nOwner' },
      createdAt: app.clock.now().toISOString(),
      expiresAt: new Date(app.clock.now().getTime() + 7 * DAY).toISOString(),
      acceptedAt: null,
      revokedAt: null,
    });
    const [mail] = await app.mailsTo(email);
    expect(mail).toMatchObject({
      kind: 'invitation',
      subject: 'You are invited to Olive & Co',
      token: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(mail!.text).toContain(`Olive Owner invites you, ${email}`);
    expect(mail!.text).toContain(`https://app.example.com/accept-invitation#token=${mail!.token}`);
    const kept = await app.asOwner<{ row: string }>(
      `SELECT i::text AS row FROM invitations i UNION ALL SELECT e::text FROM events e UNION ALL SELECT k::text FROM idempotency_keys k
       UNION ALL SELECT p::text FROM event_personal_data p`,
    );
    expect(kept.map(({ row }) => row).join()).not.toContain(mail!.token);
    const events = await app.asOwner<{ row: string }>('SELECT e::text AS row FROM events e WHERE aggregate_id = $1', [body.id]);
    expect(events.map(({ row }) => row).join()).not.toContain('example.com');
  });

  it('is sent once for one Idempotency-Key', async () => {
    const body = { email: address(), role: 'viewer' };
    const key = newId();
    const first = await invite(body).set('Idempotency-Key', key).expect(201);
    const again = await invite(body).set('Idempotency-Key', key).expect(201);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.body).toEqual(first.body);
    expect(await app.mailsTo(body.email)).toHaveLength(1);
  });

  it('takes the place of the one before', async () => {
    const { id, email, token } = await invited();
    const second = await invite({ email, role: 'viewer' }).expect(201);
    await post('accept-invitation', { token, name: 'Grace', password: PASSPHRASE }).expect(400);
    const { data } = (await app.as(owner.accessToken).get('/users/invitations?sort=createdAt').expect(200)).body;
    const statuses = Object.fromEntries(data.map((invitation: { id: string; status: string }) => [invitation.id, invitation.status]));
    expect(statuses).toEqual({ [id]: 'revoked', [second.body.id]: 'open' });
    expect(await eventsOf(id)).toEqual([
      { type: 'invitation.created', aggregate_version: 1 },
      { type: 'invitation.revoked', aggregate_version: 2 },
    ]);
  });

  it('is one for many at the same moment', async () => {
    const email = address();
    const answers = await Promise.all(Array.from({ length: 6 }, () => invite({ email, role: 'staff' })));
    for (const { status } of answers) expect([201, 409]).toContain(status);
    const open = await app.asOwner('SELECT 1 FROM invitations WHERE email = $1 AND accepted_at IS NULL AND revoked_at IS NULL', [email]);
    expect(open).toHaveLength(1);
  });

  it('is taken back', async () => {
    const { id, email, token } = await invited();
    const admin = app.as(owner.accessToken);
    await admin.delete(`/users/invitations/${id}`).expect(204);
    const again = await admin.delete(`/users/invitations/${id}`).expect(404);
    expect(again.body.error).toMatchObject({ code: 'INVITATION_NOT_FOUND', message: expect.stringContaining(id) });
    expect(codeOf(await post('accept-invitation', { token, name: 'Grace', password: PASSPHRASE }).expect(400))).toBe('INVALID_LINK');
    await invite({ email, role: 'staff' }).expect(201);
  });

  it('is over after seven days', async () => {
    const { token } = await invited();
    later(7 * DAY + 1);
    const { accessToken } = (await post('login', { email: owner.email, password: owner.password }).expect(200)).body;
    const list = (status: string) => app.as(accessToken).get(`/users/invitations?status=${status}`).expect(200);
    expect((await list('expired')).body.data).toHaveLength(1);
    expect((await list('open')).body.data).toEqual([]);
    await post('accept-invitation', { token, name: 'Grace', password: PASSPHRASE }).expect(400);
  });

  it('belongs to its organization', async () => {
    const { id } = await invited();
    const stranger = await app.signUp();
    const other = app.as(stranger.accessToken);
    expect((await other.get('/users/invitations').expect(200)).body.data).toEqual([]);
    await other.delete(`/users/invitations/${id}`).expect(404);
    await invite({ email: address(), role: 'staff', storeIds: [stranger.storeId] }).expect(422);
  });

  it('is refused for members, and for what nobody can be', async () => {
    const taken = await invite({ email: owner.email, role: 'staff' }).expect(409);
    expect(taken.body.error.message).toContain(owner.email);
    await invite({ email: address(), role: 'admin', storeIds: [owner.storeId] }).expect(400);
    await invite({ email: address(), role: 'god' }).expect(400);
    await invite({ email: 'nobody', role: 'staff' }).expect(400);
  });
});

describe('accepting', () => {
  it('makes an account, a member of the organization, and signs in', async () => {
    const { id, email, token } = await invited({ role: 'manager', storeIds: [owner.storeId] });
    const { body, headers } = await post('accept-invitation', { token, name: 'Grace Hopper', password: PASSPHRASE }).expect(200);
    expect(headers['cache-control']).toBe('no-store');
    expect(body).toMatchObject({
      user: { email, name: 'Grace Hopper', role: 'manager' },
      organization: { id: owner.organizationId, name: 'Olive & Co' },
    });
    const me = await app.as(body.accessToken).get('/auth/me').expect(200);
    expect(me.body).toMatchObject({ storeIds: [owner.storeId], organizations: [{ id: owner.organizationId, role: 'manager' }] });
    await post('login', { email, password: PASSPHRASE }).expect(200);
    const { data } = (await app.as(owner.accessToken).get('/users/invitations?status=accepted').expect(200)).body;
    expect(data).toMatchObject([{ id, acceptedAt: expect.any(String) }]);
    expect((await eventsOf(id)).at(-1)).toEqual({ type: 'invitation.accepted', aggregate_version: 2 });
    await post('accept-invitation', { token, name: 'Grace', password: PASSPHRASE }).expect(400);
  });

  it('by somebody with an account takes its password, and leaves it where it was', async () => {
    const guest = await verified();
    later(1000);
    await invite({ email: guest.email, role: 'viewer' }).expect(201);
    const token = await tokenFor(guest.email);
    expect(codeOf(await post('accept-invitation', { token, password: 'not the passphrase' }).expect(401))).toBe('INVALID_CREDENTIALS');
    const { body } = await post('accept-invitation', { token, password: guest.password }).expect(200);
    expect(body).toMatchObject({ user: { id: guest.userId, role: 'viewer' }, organization: { id: owner.organizationId } });
    const me = await app.as(body.accessToken).get('/auth/me').expect(200);
    expect(me.body.organizations).toMatchObject([
      { id: guest.organizationId, role: 'admin' },
      { id: owner.organizationId, role: 'viewer' },
    ]);

    const credentials = { email: guest.email, password: guest.password };
    expect((await post('login', credentials).expect(200)).body.organization.id).toBe(owner.organizationId);
    const there = await post('login', { ...credentials, organizationId: guest.organizationId }).expect(200);
    expect(there.body).toMatchObject({ user: { role: 'admin' }, organization: { id: guest.organizationId } });
    await post('login', { ...credentials, organizationId: newId() }).expect(401);

    await app.as(owner.accessToken).delete(`/users/${guest.userId}`).expect(204);
    await app.as(body.accessToken).get('/auth/me').expect(401);
    await app.as(guest.accessToken).get('/auth/me').expect(200);
  });

  it('by somebody who belongs nowhere any more is possible', async () => {
    const { email, token } = await invited();
    const { body } = await post('accept-invitation', { token, name: 'Grace', password: PASSPHRASE }).expect(200);
    await app.as(owner.accessToken).delete(`/users/${body.user.id}`).expect(204);
    await post('login', { email, password: PASSPHRASE }).expect(401);
    await invite({ email, role: 'staff' }).expect(201);
    await post('accept-invitation', { token: await tokenFor(email), password: PASSPHRASE }).expect(200);
    await post('login', { email, password: PASSPHRASE }).expect(200);
  });

  it('succeeds once for many at the same moment', async () => {
    const { token } = await invited();
    const newcomers = await Promise.all(
      Array.from({ length: 6 }, () => post('accept-invitation', { token, name: 'Grace', password: PASSPHRASE })),
    );
    expect(newcomers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { status } of newcomers) expect([200, 400, 401, 409]).toContain(status);

    const guest = await verified();
    await invite({ email: guest.email, role: 'staff' }).expect(201);
    const theirs = await tokenFor(guest.email);
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => post('accept-invitation', { token: theirs, password: guest.password })),
    );
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 400, 400, 400, 400, 400]);
    const members = await app.asOwner('SELECT 1 FROM memberships WHERE organization_id = $1', [owner.organizationId]);
    expect(members).toHaveLength(3);
  });

  it('wants a name and a good password of newcomers, and leaves the link', async () => {
    const { token } = await invited();
    const pathOf = ({ body }: { body: { error: { details: { issues: Array<{ path: string }> } } } }) => body.error.details.issues[0]!.path;
    expect(pathOf(await post('accept-invitation', { token, password: PASSPHRASE }).expect(400))).toBe('body.name');
    expect(pathOf(await post('accept-invitation', { token, name: 'Grace', password: 'password123' }).expect(400))).toBe('body.password');
    await post('accept-invitation', { token, name: 'Grace', password: PASSPHRASE }).expect(200);
    expect(codeOf(await post('accept-invitation', { token: 'nothing of ours', password: PASSPHRASE }).expect(400))).toBe('INVALID_LINK');
  });

  it('passes over stores that are gone, and never widens the limit', async () => {
    const { body: store } = await app.as(owner.accessToken).post('/stores').send({ code: 'GONE', name: 'Gone soon' }).expect(201);
    const { token } = await invited({ storeIds: [store.id] });
    expect(codeOf(await app.as(owner.accessToken).delete(`/stores/${store.id}`).expect(409))).toBe('IN_USE');
    // As if both had happened at the same moment.
    await app.asOwner('DELETE FROM stores WHERE id = $1', [store.id]);
    const { body } = await post('accept-invitation', { token, name: 'Grace', password: PASSPHRASE }).expect(200);
    const guest = app.as(body.accessToken);
    expect((await guest.get('/auth/me').expect(200)).body.storeIds).toEqual([]);
    expect((await guest.get('/stores').expect(200)).body.data).toEqual([]);
    await guest.get(`/stores/${owner.storeId}`).expect(403);
  });
});

describe('registration with an invitation', () => {
  it.each(['register', 'signup'])('at /auth/%s makes a member of the organization', async (path) => {
    const { email, token } = await invited({ role: 'viewer' });
    const account = { email, password: PASSPHRASE, name: 'Grace', invitationToken: token };
    const { body } = await post(path, account).expect(201);
    expect(body).toMatchObject({ user: { email, role: 'viewer' }, organization: { id: owner.organizationId } });
    await post(path, account).expect(400);
  });

  it('is for the invited address only, and founds nothing', async () => {
    const { email, token } = await invited();
    const account = { email, password: PASSPHRASE, name: 'Grace', invitationToken: token };
    const other = await post('register', { ...account, email: address() }).expect(400);
    expect(other.body.error.details.issues).toEqual([expect.objectContaining({ path: 'body.email' })]);
    const founding = await post('register', { ...account, organizationName: 'Mine' }).expect(400);
    expect(founding.body.error.details.issues).toEqual([expect.objectContaining({ path: 'body.organizationName' })]);
    expect(codeOf(await post('register', { ...account, invitationToken: 'nothing of ours' }).expect(400))).toBe('INVALID_LINK');
    const guest = await app.signUp();
    await invite({ email: guest.email, role: 'staff' }).expect(201);
    await post('register', { ...account, email: guest.email, invitationToken: await tokenFor(guest.email) }).expect(409);
  });
});
