import { type IdentityApp, type Member, startIdentityApp } from '../support/identity-app';

let app: IdentityApp;
beforeAll(async () => {
  app = await startIdentityApp();
});
afterEach(() => app.clock.set(new Date()));
afterAll(() => app.close());

const DAY = 86_400_000;
const later = (ms: number): void => app.clock.set(new Date(app.clock.now().getTime() + ms));
const eventsOf = async (organizationId: string): Promise<string[]> =>
  (await app.asOwner<{ type: string }>('SELECT type FROM events WHERE organization_id = $1 ORDER BY id', [organizationId])).map(
    (event) => event.type,
  );
const login = (email: string, password: string) => app.http.post('/api/v1/auth/login').send({ email, password });
const refresh = (refreshToken: string) => app.http.post('/api/v1/auth/refresh').send({ refreshToken });

describe('refresh', () => {
  it('hands new tokens and uses the old one up', async () => {
    const member = await app.signUp();
    const first = await refresh(member.refreshToken).expect(200);
    expect(first.body.refreshToken).not.toBe(member.refreshToken);
    expect(first.body.token).toBe(first.body.accessToken);
    await app.as(first.body.accessToken).get('/auth/me').expect(200);
    await app.http.post('/api/v1/auth/refresh').send({ refresh_token: first.body.refreshToken }).expect(200);
  });

  it('ends the whole session when a used token comes back', async () => {
    const member = await app.signUp();
    const child = (await refresh(member.refreshToken).expect(200)).body;
    const grandchild = (await refresh(child.refreshToken).expect(200)).body;
    await app.as(grandchild.accessToken).get('/auth/me').expect(200);

    const refused = await refresh(member.refreshToken).expect(401);
    expect(refused.body.error.code).toBe('INVALID_REFRESH_TOKEN');
    await refresh(grandchild.refreshToken).expect(401);
    await app.as(grandchild.accessToken).get('/auth/me').expect(401);
    expect(await eventsOf(member.organizationId)).toContain('session.ended');
  });

  it('serves a retry within ten seconds, in place of the answer that was lost', async () => {
    const member = await app.signUp();
    const lost = (await refresh(member.refreshToken).expect(200)).body;
    later(9_000);
    const retried = (await refresh(member.refreshToken).expect(200)).body;
    await refresh(lost.refreshToken).expect(401);
    const next = (await refresh(retried.refreshToken).expect(200)).body;
    await app.as(next.accessToken).get('/auth/me').expect(200);
  });

  it('takes a retry after ten seconds for a theft', async () => {
    const member = await app.signUp();
    const child = (await refresh(member.refreshToken).expect(200)).body;
    later(11_000);
    await refresh(member.refreshToken).expect(401);
    await refresh(child.refreshToken).expect(401);
  });

  it('leaves one usable token when many present the same at once', async () => {
    const member = await app.signUp();
    const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(member.refreshToken)));
    expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 8 }, () => 200));
    const [unused] = await app.asOwner<{ count: string }>(
      'SELECT count(*) FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id WHERE s.user_id = $1 AND t.used_at IS NULL',
      [member.userId],
    );
    expect(unused!.count).toBe('1');
  });

  it('slides seven days, and never beyond thirty', async () => {
    const { refreshToken } = await app.signUp();
    let token = refreshToken;
    for (let day = 0; day < 5; day++) {
      later(6 * DAY - 1000);
      token = (await refresh(token).expect(200)).body.refreshToken;
    }
    later(10_000);
    await refresh(token).expect(401);

    const idle = await app.signUp();
    later(7 * DAY + 1);
    await refresh(idle.refreshToken).expect(401);
  });

  it('refuses unknown tokens, access tokens and none', async () => {
    const { accessToken } = await app.signUp();
    await refresh('nothing of ours').expect(401);
    await refresh(accessToken).expect(401);
    await app.http.post('/api/v1/auth/refresh').send({}).expect(400);
  });

  it('stores no token', async () => {
    const { refreshToken } = await app.signUp();
    const tokens = await app.asOwner<{ text: string }>('SELECT t::text AS text FROM refresh_tokens t');
    expect(tokens.map(({ text }) => text).join()).not.toContain(Buffer.from(refreshToken).toString('hex'));
  });
});

describe('what acts on the very next request', () => {
  let member: Member;
  beforeEach(async () => {
    member = await app.signUp();
    await app.as(member.accessToken).get('/stores').expect(200); // now the principal is cached
  });
  const status = async (path: string): Promise<number> => (await app.as(member.accessToken).get(path)).status;

  it('logout', async () => {
    await app.as(member.accessToken).post('/auth/logout').expect(204);
    for (const path of ['/auth/me', '/stores', '/organization']) expect(await status(path)).toBe(401);
    await refresh(member.refreshToken).expect(401);
    expect(await eventsOf(member.organizationId)).toContain('session.ended');
  });

  it('logout at another process', async () => {
    await app.asOwner('UPDATE sessions SET revoked_at = now() WHERE user_id = $1', [member.userId]);
    for (const path of ['/auth/me', '/stores']) expect(await status(path)).toBe(401);
  });

  it('logout of one session leaves the others', async () => {
    const other = (await login(member.email, member.password).expect(200)).body;
    await app.as(member.accessToken).post('/auth/logout').send({ refresh_token: member.refreshToken }).expect(204);
    await app.as(other.accessToken).get('/auth/me').expect(200);
  });

  it('a change of role', async () => {
    await app.setRole(member, 'viewer');
    const { body } = await app.as(member.accessToken).post('/stores').send({ code: 'B', name: 'B' }).expect(403);
    expect(body.error).toMatchObject({ code: 'FORBIDDEN', details: { permission: 'stores:write' } });
    const me = await app.as(member.accessToken).get('/auth/me').expect(200);
    expect(me.body).toMatchObject({ role: 'viewer', permissions: expect.not.arrayContaining(['stores:write']) });
    await app.setRole(member, 'manager');
    await app.as(member.accessToken).post('/stores').send({ code: 'B', name: 'B' }).expect(201);
  });

  it('disabling the user', async () => {
    await app.asOwner('UPDATE users SET disabled_at = now() WHERE id = $1', [member.userId]);
    for (const path of ['/auth/me', '/stores']) expect(await status(path)).toBe(401);
    await refresh(member.refreshToken).expect(401);
  });

  it('disabling or ending the membership', async () => {
    await app.asOwner('UPDATE memberships SET disabled_at = now() WHERE user_id = $1', [member.userId]);
    expect(await status('/stores')).toBe(401);
    await app.asOwner('UPDATE memberships SET disabled_at = NULL WHERE user_id = $1', [member.userId]);
    expect(await status('/stores')).toBe(200);
    await app.asOwner('DELETE FROM memberships WHERE user_id = $1', [member.userId]);
    expect(await status('/auth/me')).toBe(401);
    await login(member.email, member.password).expect(401);
  });
});
