import { newId } from '../../src/kernel/ids';
import { type IdentityApp, startIdentityApp } from '../support/identity-app';

let app: IdentityApp;
beforeAll(async () => {
  app = await startIdentityApp();
});
afterEach(() => app.clock.set(new Date()));
afterAll(() => app.close());

const DAY = 86_400_000;
const later = (ms: number): void => app.clock.set(new Date(app.clock.now().getTime() + ms));
interface Session {
  readonly id: string;
  readonly isCurrent: boolean;
  readonly userAgent: string | null;
}
const login = async (
  email: string,
  password: string,
  userAgent = 'Firefox on Linux',
): Promise<{ accessToken: string; refreshToken: string }> =>
  (await app.http.post('/api/v1/auth/login').set('User-Agent', userAgent).send({ email, password }).expect(200)).body;
const sessionsOf = async (accessToken: string): Promise<Session[]> =>
  ((await app.as(accessToken).get('/auth/sessions').expect(200)).body as { data: Session[] }).data;

describe('the list of sessions', () => {
  it('tells where the user is signed in, the youngest first, and which one asks', async () => {
    const member = await app.signUp();
    later(1000);
    const { accessToken } = await login(member.email, member.password);
    const sessions = await sessionsOf(accessToken);
    expect(sessions).toEqual([
      {
        id: expect.any(String),
        isCurrent: true,
        ip: expect.stringMatching(/127\.0\.0\.1$/),
        userAgent: 'Firefox on Linux',
        organization: { id: member.organizationId, name: expect.any(String) },
        createdAt: app.clock.now().toISOString(),
        lastUsedAt: app.clock.now().toISOString(),
        expiresAt: new Date(app.clock.now().getTime() + 7 * DAY).toISOString(),
      },
      expect.objectContaining({ isCurrent: false }),
    ]);
    expect((await sessionsOf(member.accessToken)).map(({ isCurrent }) => isCurrent)).toEqual([false, true]);
  });

  it('holds one’s own that have not ended, page by page', async () => {
    const member = await app.signUp();
    const stranger = await app.signUp();
    for (const browser of ['A', 'B', 'C', 'D']) {
      later(1000);
      await login(member.email, member.password, browser);
    }
    const { accessToken } = await login(member.email, member.password, 'E');
    await app.as(accessToken).post('/auth/logout').expect(204);
    const me = app.as(member.accessToken);
    const first = (await me.get('/auth/sessions?pageSize=2&sort=createdAt').expect(200)).body;
    expect(first.data.map(({ userAgent }: Session) => userAgent).at(-1)).toBe('A');
    const second = (await me.get(`/auth/sessions?pageSize=2&sort=createdAt&cursor=${first.pagination.nextCursor}`).expect(200)).body;
    expect(second.data.map(({ userAgent }: Session) => userAgent)).toEqual(['B', 'C']);
    expect((await me.get('/auth/sessions?page=1').expect(200)).body.pagination.total).toBe(5);
    expect(await sessionsOf(stranger.accessToken)).toHaveLength(1);
    later(8 * DAY);
    const [fresh, ...others] = await sessionsOf((await login(member.email, member.password)).accessToken);
    expect(fresh).toMatchObject({ isCurrent: true });
    expect(others).toEqual([]);
  });
});

describe('ending a session', () => {
  it('acts on the very next request, and once', async () => {
    const member = await app.signUp();
    const lost = await login(member.email, member.password);
    await app.as(lost.accessToken).get('/stores').expect(200);
    const me = app.as(member.accessToken);
    const { id } = (await sessionsOf(member.accessToken)).find(({ isCurrent }) => !isCurrent)!;
    await me.delete(`/auth/sessions/${id}`).expect(204);
    for (const path of ['/auth/me', '/stores']) await app.as(lost.accessToken).get(path).expect(401);
    await app.http.post('/api/v1/auth/refresh').send({ refreshToken: lost.refreshToken }).expect(401);
    const again = await me.delete(`/auth/sessions/${id}`).expect(404);
    expect(again.body.error).toMatchObject({ code: 'SESSION_NOT_FOUND', message: expect.stringContaining(id) });
    expect(await sessionsOf(member.accessToken)).toHaveLength(1);
    const events = await app.asOwner('SELECT payload FROM events WHERE aggregate_id = $1 AND type = $2', [id, 'session.ended']);
    expect(events).toEqual([{ payload: { userId: member.userId, reason: 'ended_by_user' } }]);
  });

  it('is possible for the own one, and signs out', async () => {
    const member = await app.signUp();
    const [{ id }] = (await sessionsOf(member.accessToken)) as [Session];
    await app.as(member.accessToken).delete(`/auth/sessions/${id}`).expect(204);
    await app.as(member.accessToken).get('/auth/me').expect(401);
  });

  it('in another organization is told to that organization', async () => {
    const member = await app.signUp();
    const other = await app.signUp();
    await app.asOwner(`INSERT INTO memberships (organization_id, user_id, role) VALUES ($1, $2, 'viewer')`, [
      other.organizationId,
      member.userId,
    ]);
    const credentials = { email: member.email, password: member.password, organizationId: other.organizationId };
    const there = (await app.http.post('/api/v1/auth/login').send(credentials).expect(200)).body;
    const { id } = (await sessionsOf(member.accessToken)).find(({ isCurrent }) => !isCurrent)!;
    await app.as(member.accessToken).delete(`/auth/sessions/${id}`).expect(204);
    await app.as(there.accessToken).get('/auth/me').expect(401);
    const events = await app.asOwner('SELECT organization_id, actor_id FROM events WHERE aggregate_id = $1 AND type = $2', [
      id,
      'session.ended',
    ]);
    expect(events).toEqual([{ organization_id: other.organizationId, actor_id: member.userId }]);
  });

  it('is refused for somebody else’s like for an unknown one', async () => {
    const member = await app.signUp();
    const stranger = await app.signUp();
    const [{ id }] = (await sessionsOf(stranger.accessToken)) as [Session];
    const unknown = newId();
    const me = app.as(member.accessToken);
    const answers = await Promise.all([id, unknown].map((other) => me.delete(`/auth/sessions/${other}`).expect(404)));
    const texts = answers.map(({ body }, index) => body.error.message.replace([id, unknown][index]!, ''));
    expect(texts[0]).toBe(texts[1]);
    await app.as(stranger.accessToken).get('/auth/me').expect(200);
  });

  it('succeeds once for many at the same moment', async () => {
    const member = await app.signUp();
    await login(member.email, member.password);
    const { id } = (await sessionsOf(member.accessToken)).find(({ isCurrent }) => !isCurrent)!;
    const answers = await Promise.all(Array.from({ length: 10 }, () => app.as(member.accessToken).delete(`/auth/sessions/${id}`)));
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([204, ...Array.from({ length: 9 }, () => 404)]);
  });
});
