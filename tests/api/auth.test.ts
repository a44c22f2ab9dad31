import { type IdentityApp, startIdentityApp } from '../support/identity-app';

let app: IdentityApp;
beforeAll(async () => {
  app = await startIdentityApp();
});
afterEach(() => app.clock.set(new Date()));
afterAll(() => app.close());

const UNKNOWN_ID = '01890000-0000-7000-8000-000000000000';
const MINUTE = 60_000;
const later = (ms: number): void => app.clock.set(new Date(app.clock.now().getTime() + ms));
const eventsOf = async (organizationId: string): Promise<string[]> =>
  (await app.asOwner<{ type: string }>('SELECT type FROM events WHERE organization_id = $1 ORDER BY id', [organizationId])).map(
    (event) => event.type,
  );
const login = (email: string, password: string) => app.http.post('/api/v1/auth/login').send({ email, password });
/** A refusal without what differs from request to request. */
const without = ({ error }: { error: Record<string, unknown> }): Record<string, unknown> => ({ ...error, requestId: undefined });

describe('registration', () => {
  it('makes a user, an organization with its first store and unit, and signs in', async () => {
    const { body, headers } = await app.http
      .post('/api/v1/auth/register')
      .send({
        email: ' Ada@Example.com',
        password: 'a long passphrase',
        name: 'Ada',
        organizationName: 'Engines',
        currency: 'gbp',
        timeZone: 'Europe/London',
      })
      .expect(201);
    expect(body).toEqual({
      user: expect.objectContaining({ email: 'ada@example.com', name: 'Ada', role: 'admin', version: 1 }),
      organization: { id: expect.any(String), name: 'Engines', currency: 'GBP', timeZone: 'Europe/London' },
      accessToken: body.token,
      token: expect.any(String),
      refreshToken: expect.stringMatching(/^[\w-]{43}$/),
      tokenType: 'Bearer',
      expiresIn: 900,
    });
    expect(headers['cache-control']).toBe('no-store');
    const stores = await app.as(body.token).get('/stores').expect(200);
    expect(stores.body.data).toEqual([expect.objectContaining({ code: 'MAIN', currency: 'GBP', kind: 'shop', version: 1 })]);
    const units = await app.asOwner('SELECT code, category, is_whole FROM units WHERE organization_id = $1', [body.organization.id]);
    expect(units).toEqual([{ code: 'pcs', category: 'count', is_whole: true }]);
    expect(await eventsOf(body.organization.id)).toEqual([
      'organization.created',
      'store.created',
      'unit.created',
      'user.registered',
      'membership.created',
      'session.started',
    ]);
  });

  it('names the organization after the user, and is reached as signup too', async () => {
    const { body } = await app.http
      .post('/api/auth/signup')
      .send({ email: 'grace@example.com', password: 'a long passphrase', name: 'Grace' })
      .expect(201);
    expect(body.organization).toMatchObject({ name: "Grace's organization", currency: 'USD', timeZone: 'UTC' });
    const long = { email: 'long@example.com', password: 'a long passphrase', name: `${'x'.repeat(104)}𝒳${'y'.repeat(14)}` };
    const named = await app.http.post('/api/auth/signup').send(long).expect(201);
    expect(named.body.organization.name).toBe(`${'x'.repeat(104)}'s organization`);
  });

  it('keeps names and addresses of people apart from the events', async () => {
    const { organizationId } = await app.signUp({ name: 'Somebody Particular' });
    const events = await app.asOwner<{ text: string }>('SELECT e::text AS text FROM events e WHERE organization_id = $1', [organizationId]);
    expect(events.map(({ text }) => text).join()).not.toMatch(/Particular(?!'s organization)|@example|passphrase/);
    const personal = await app.asOwner('SELECT data FROM event_personal_data WHERE organization_id = $1', [organizationId]);
    expect(personal).toEqual([{ data: { before: null, after: expect.objectContaining({ name: 'Somebody Particular' }) } }]);
  });

  it('refuses an address that is taken, whatever the password, also of many at once', async () => {
    const { email, password } = await app.signUp();
    const refused = await app.http.post('/api/v1/auth/register').send({ email, password, name: 'Again' }).expect(409);
    expect(refused.body.error.code).toBe('DUPLICATE');

    const same = { email: 'crowd@example.com', password: 'a long passphrase', name: 'Crowd' };
    const answers = await Promise.all(Array.from({ length: 12 }, () => app.http.post('/api/v1/auth/register').send(same)));
    expect(answers.map((answer) => answer.status).sort((a, b) => a - b)).toEqual([201, ...Array.from({ length: 11 }, () => 409)]);
  });

  it.each([
    ['short password', { password: 'ninechars' }, 'body.password'],
    ['long password', { password: 'x1'.repeat(129) }, 'body.password'],
    ['common password', { password: 'Password123' }, 'body.password'],
    ['one character over and over', { password: '~'.repeat(30) }, 'body.password'],
    ['no address', { email: 'nobody' }, 'body.email'],
    ['unknown currency', { currency: 'ZZZ' }, 'body.currency'],
    ['unknown time zone', { timeZone: 'Europe/Atlantis' }, 'body.timeZone'],
    ['offset as time zone', { timeZone: '+02:00' }, 'body.timeZone'],
    ['an operator in place of text', { email: { not: '' } }, 'body.email'],
    ['role', { role: 'admin' }, 'body.role'],
  ])('refuses a %s', async (_, wrong, path) => {
    const { body } = await app.http
      .post('/api/v1/auth/register')
      .send({ email: 'refused@example.com', password: 'a long passphrase', name: 'Refused', ...wrong })
      .expect(400);
    expect(body.error.details.issues).toEqual([expect.objectContaining({ path })]);
  });
});

describe('login', () => {
  it('signs in, without regard to the case of the address', async () => {
    const member = await app.signUp();
    const { body } = await login(member.email.toUpperCase(), member.password).expect(200);
    expect(body).toMatchObject({ user: { id: member.userId, role: 'admin' }, organization: { id: member.organizationId } });
    await app.as(body.accessToken).get('/auth/me').expect(200);
  });

  it('answers the same for an unknown address, a wrong password and a disabled account', async () => {
    const member = await app.signUp();
    const disabled = await app.signUp();
    await app.asOwner('UPDATE users SET disabled_at = now() WHERE id = $1', [disabled.userId]);
    const answers = [
      await login('unknown@example.com', 'a long passphrase').expect(401),
      await login(member.email, 'not the passphrase').expect(401),
      await login(disabled.email, disabled.password).expect(401),
    ];
    expect(new Set(answers.map(({ body }) => JSON.stringify(without(body)))).size).toBe(1);
    expect(answers[0]!.body.error.code).toBe('INVALID_CREDENTIALS');
  });

  it('takes every character of a long password, and the same text in another normal form', async () => {
    const password = `${'long '.repeat(20)}é`;
    const { email } = await app.signUp({ password });
    await login(email, `${'long '.repeat(20)}e`).expect(401);
    await login(email, password.normalize('NFD')).expect(200);
  });
});

describe('access tokens', () => {
  it('tell who one is', async () => {
    const member = await app.signUp();
    for (const path of ['/auth/me', '/auth/profile']) {
      const { body, headers } = await app.as(member.accessToken).get(path).expect(200);
      expect(body).toMatchObject({
        id: member.userId,
        email: member.email,
        role: 'admin',
        organization: { id: member.organizationId },
        permissions: expect.arrayContaining(['organization:write']),
      });
      expect(headers['etag']).toBe('"1"');
    }
  });

  it('expire', async () => {
    const { accessToken } = await app.signUp();
    later(16 * MINUTE);
    await app.as(accessToken).get('/auth/me').expect(401);
  });

  it('are refused in the same words whatever is wrong with them', async () => {
    const { accessToken, refreshToken } = await app.signUp();
    const [header, payload, signature] = accessToken.split('.') as [string, string, string];
    const headers = [
      undefined,
      'Bearer',
      'Bearer garbage',
      `Basic ${accessToken}`,
      `Bearer ${refreshToken}`,
      `Bearer ${header}.${payload}.${signature.slice(0, -2)}AA`,
      `Bearer ${header}.${payload}.`,
      `Bearer ${accessToken} ${accessToken}`,
    ];
    const bodies = new Set<string>();
    for (const authorization of headers) {
      const answer = await app.http.get('/api/v1/auth/me').set(authorization === undefined ? {} : { Authorization: authorization });
      expect(answer.status).toBe(401);
      expect(answer.headers['www-authenticate']).toBe('Bearer');
      bodies.add(JSON.stringify(without(answer.body)));
    }
    expect(bodies.size).toBe(1);
  });
});

describe('profile', () => {
  it('changes the name, guarded by the version', async () => {
    const { accessToken, organizationId } = await app.signUp();
    const me = app.as(accessToken);
    const changed = await me.patch('/auth/profile').set('If-Match', '"1"').send({ name: 'New Name' }).expect(200);
    expect(changed.body).toMatchObject({ name: 'New Name', version: 2 });
    expect(changed.headers['etag']).toBe('"2"');
    await me.patch('/auth/profile').set('If-Match', '"1"').send({ name: 'Other' }).expect(412);
    await me.patch('/auth/profile').send({ name: 'New Name' }).expect(200);
    expect((await me.get('/auth/profile')).body.version).toBe(2);
    expect((await eventsOf(organizationId)).filter((type) => type === 'profile.updated')).toHaveLength(1);
    await me.patch('/auth/profile').send({ role: 'admin' }).expect(400);
  });

  it('is the last thing a customer may see', async () => {
    const member = await app.signUp();
    await app.setRole(member, 'customer');
    await app.as(member.accessToken).get('/auth/profile').expect(200);
    await app.as(member.accessToken).get('/stores').expect(403);
  });
});

describe('two organizations', () => {
  it('see nothing of each other', async () => {
    const one = await app.signUp();
    const other = await app.signUp();
    const theirs = await app.as(one.accessToken).get(`/stores/${other.storeId}`).expect(404);
    const unknown = await app.as(one.accessToken).get(`/stores/${UNKNOWN_ID}`).expect(404);
    expect(theirs.text.replaceAll(other.storeId, '').replace(theirs.body.error.requestId, '')).toBe(
      unknown.text.replaceAll(UNKNOWN_ID, '').replace(unknown.body.error.requestId, ''),
    );
    const { body } = await app.as(one.accessToken).get('/stores').expect(200);
    expect(body.data.map((store: { id: string }) => store.id)).toEqual([one.storeId]);
  });
});
