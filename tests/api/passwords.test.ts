import { type IdentityApp, type Member, startIdentityApp } from '../support/identity-app';

let app: IdentityApp;
beforeAll(async () => {
  app = await startIdentityApp();
});
afterEach(() => app.clock.set(new Date()));
afterAll(() => app.close());

const MINUTE = 60_000;
const NEW = 'a brand new passphrase';
const later = (ms: number): void => app.clock.set(new Date(app.clock.now().getTime() + ms));
const post = (path: string, body: object) => app.http.post(`/api/v1/auth/${path}`).send(body);
const login = (email: string, password: string) => post('login', { email, password });
const codeOf = ({ body }: { body: { error: { code: string } } }): string => body.error.code;

/** The token of the youngest link that was mailed to the address. */
async function mailedToken(email: string): Promise<string> {
  await post('forgot-password', { email }).expect(202);
  return (await app.mailsTo(email)).findLast(({ kind }) => kind === 'password-reset')!.token;
}
const eventsOf = (organizationId: string) =>
  app.asOwner<{ type: string; aggregate_version: number | null; payload: Record<string, unknown>; row: string }>(
    'SELECT type, aggregate_version, payload, e::text AS row FROM events e WHERE organization_id = $1 ORDER BY id',
    [organizationId],
  );

describe('a forgotten password', () => {
  it('is replaced with a mailed link; all sessions end, and a mail tells so', async () => {
    const member = await app.signUp({ name: 'Ada\nLovelace' });
    const other = (await login(member.email, member.password).expect(200)).body;
    await post('forgot-password', { email: member.email.toUpperCase() }).expect(202);
    const [mail] = await app.mailsTo(member.email);
    expect(mail).toMatchObject({ kind: 'password-reset', subject: 'Choose a new password', token: expect.stringMatching(/^[\w-]{43}$/) });
    expect(mail!.text).toContain('Hello Ada Lovelace,');
    expect(mail!.text).toContain(`https://app.example.com/reset-password#token=${mail!.token}`);

    await post('reset-password', { token: mail!.token, password: NEW }).expect(204);
    for (const accessToken of [member.accessToken, other.accessToken]) await app.as(accessToken).get('/auth/me').expect(401);
    for (const refreshToken of [member.refreshToken, other.refreshToken]) await post('refresh', { refreshToken }).expect(401);
    await login(member.email, member.password).expect(401);
    await login(member.email, NEW).expect(200);
    expect((await app.mailsTo(member.email)).map(({ kind }) => kind)).toEqual(['password-reset', 'password-changed']);
  });

  it('answers the same for known, unknown and disabled addresses, and mails only to those who may sign in', async () => {
    const known = await app.signUp();
    const disabled = await app.signUp();
    await app.asOwner('UPDATE users SET disabled_at = now() WHERE id = $1', [disabled.userId]);
    const addresses = [known.email, 'nobody-at-all@example.com', disabled.email];
    const answers = [];
    for (const email of addresses) answers.push(await post('forgot-password', { email }).expect(202));
    const withoutIds = answers.map(({ text, headers }) => ({
      text,
      headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !/^(x-request-id|date|ratelimit)/.test(name))),
    }));
    expect(withoutIds[1]).toEqual(withoutIds[0]);
    expect(withoutIds[2]).toEqual(withoutIds[0]);
    const mails = await Promise.all(addresses.map((address) => app.mailsTo(address)));
    expect(mails.map(({ length }) => length)).toEqual([1, 0, 0]);
  });

  it('is replaced by one of many who use a link at once', async () => {
    const member = await app.signUp();
    const token = await mailedToken(member.email);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => post('reset-password', { token, password: `${NEW} ${index}` })),
    );
    const statuses = answers.map(({ status }) => status);
    expect([...statuses].sort((a, b) => a - b)).toEqual([204, ...Array.from({ length: 9 }, () => 400)]);
    await login(member.email, `${NEW} ${statuses.indexOf(204)}`).expect(200);
  });

  it('takes a link once, for half an hour, and no link that is older than the password', async () => {
    const member = await app.signUp();
    const first = await mailedToken(member.email);
    const second = await mailedToken(member.email);
    expect(second).not.toBe(first);
    later(29 * MINUTE);
    await post('reset-password', { token: second, password: NEW }).expect(204);
    for (const token of [first, second, `${first}x`, 'nothing of ours'])
      expect(codeOf(await post('reset-password', { token, password: NEW }).expect(400))).toBe('INVALID_LINK');

    const late = await mailedToken(member.email);
    later(30 * MINUTE + 1);
    expect(codeOf(await post('reset-password', { token: late, password: NEW }).expect(400))).toBe('INVALID_LINK');
    await login(member.email, NEW).expect(200);
  });

  it('survives many links used at once, for one password', async () => {
    const member = await app.signUp();
    const tokens = [];
    for (let index = 0; index < 5; index++) tokens.push(await mailedToken(member.email));
    const answers = await Promise.all(tokens.map((token) => post('reset-password', { token, password: NEW })));
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([204, 400, 400, 400, 400]);
  });

  it('refuses what nobody may choose, and leaves the link', async () => {
    const member = await app.signUp();
    const token = await mailedToken(member.email);
    for (const password of ['short', 'password123', 'x'.repeat(257)]) await post('reset-password', { token, password }).expect(400);
    await post('reset-password', { token, password: NEW }).expect(204);
  });

  it('is none of an account that was disabled meanwhile', async () => {
    const member = await app.signUp();
    const token = await mailedToken(member.email);
    await app.asOwner('UPDATE users SET disabled_at = now() WHERE id = $1', [member.userId]);
    await post('reset-password', { token, password: NEW }).expect(400);
  });

  it('of somebody who is in no organization any more can be replaced too', async () => {
    const member = await app.signUp();
    await app.asOwner('DELETE FROM memberships WHERE user_id = $1', [member.userId]);
    const token = await mailedToken(member.email);
    await post('reset-password', { token, password: NEW }).expect(204);
    await login(member.email, NEW).expect(401);
  });

  it('leaves the token in no table, event or log', async () => {
    const member = await app.signUp();
    const token = await mailedToken(member.email);
    const [stored] = await app.asOwner<{ row: string }>('SELECT r::text AS row FROM password_resets r WHERE user_id = $1', [member.userId]);
    expect(stored!.row).not.toContain(token);
    expect(stored!.row).not.toContain(Buffer.from(token).toString('hex'));
    await post('reset-password', { token, password: NEW }).expect(204);
    const events = await eventsOf(member.organizationId);
    expect(events.map(({ row }) => row).join()).not.toMatch(new RegExp(`${token}|${NEW}|example\\.com`));
    expect(events.slice(-4)).toMatchObject([
      { type: 'session.started' },
      { type: 'password_reset.requested' },
      { type: 'session.ended', payload: { reason: 'password_changed' } },
      { type: 'password.changed', aggregate_version: 2, payload: { how: 'reset', sessionsEnded: 1 } },
    ]);
  });
});

describe('changing the password', () => {
  let member: Member;
  const change = (body: object, accessToken = member.accessToken) => app.as(accessToken).post('/auth/change-password').send(body);
  beforeEach(async () => {
    member = await app.signUp();
  });

  it('ends all sessions, and answers a new one', async () => {
    const other = (await login(member.email, member.password).expect(200)).body;
    const { body, headers } = await change({ currentPassword: member.password, newPassword: NEW }).expect(200);
    expect(headers['cache-control']).toBe('no-store');
    for (const accessToken of [member.accessToken, other.accessToken]) await app.as(accessToken).get('/auth/me').expect(401);
    for (const refreshToken of [member.refreshToken, other.refreshToken]) await post('refresh', { refreshToken }).expect(401);
    const me = await app.as(body.accessToken).get('/auth/me').expect(200);
    expect(me.body).toMatchObject({ id: member.userId, version: 2 });
    await post('refresh', { refreshToken: body.refreshToken }).expect(200);
    await login(member.email, member.password).expect(401);
    await login(member.email, NEW).expect(200);
    expect((await app.mailsTo(member.email)).map(({ kind }) => kind)).toEqual(['password-changed']);
    const events = await eventsOf(member.organizationId);
    expect(events.find(({ type }) => type === 'password.changed')).toMatchObject({ payload: { how: 'change', sessionsEnded: 2 } });
    expect(events.filter(({ type }) => type === 'session.ended')).toHaveLength(2);
  });

  it('takes the password of now, and another one', async () => {
    const wrong = await change({ currentPassword: 'not the passphrase', newPassword: NEW }).expect(422);
    expect(codeOf(wrong)).toBe('WRONG_PASSWORD');
    const same = await change({ currentPassword: member.password, newPassword: member.password }).expect(400);
    expect(same.body.error.details.issues).toEqual([expect.objectContaining({ path: 'body.newPassword' })]);
    await change({ currentPassword: member.password, newPassword: 'short' }).expect(400);
    await app.http.post('/api/v1/auth/change-password').send({ currentPassword: member.password, newPassword: NEW }).expect(401);
    await app.as(member.accessToken).get('/auth/me').expect(200);
  });

  it('makes mailed links useless', async () => {
    const token = await mailedToken(member.email);
    await change({ currentPassword: member.password, newPassword: NEW }).expect(200);
    await post('reset-password', { token, password: 'somebody else’s passphrase' }).expect(400);
  });

  it('succeeds for one of many at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) => change({ currentPassword: member.password, newPassword: `${NEW} ${index}` })),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    for (const status of statuses.filter((other) => other !== 200)) expect([401, 422]).toContain(status);
    await login(member.email, `${NEW} ${statuses.indexOf(200)}`).expect(200);
  });

  it('of somebody signed in by cookies answers cookies', async () => {
    const { headers } = await post('login', { email: member.email, password: member.password, session: 'cookie' }).expect(200);
    const cookies = (headers['set-cookie'] as unknown as string[]).map((cookie) => cookie.split(';')[0]!);
    const csrf = cookies.find((cookie) => cookie.startsWith('__Host-qm-csrf='))!.split('=')[1]!;
    const changed = await post('change-password', { currentPassword: member.password, newPassword: NEW })
      .set('Cookie', cookies.join('; '))
      .set('X-CSRF-Token', csrf)
      .set('Sec-Fetch-Site', 'same-origin')
      .expect(200);
    expect(changed.body).toMatchObject({ tokenType: 'Cookie' });
    expect(changed.headers['set-cookie']).toEqual(expect.arrayContaining([expect.stringMatching(/^__Host-qm-access=ey/)]));
  });
});
