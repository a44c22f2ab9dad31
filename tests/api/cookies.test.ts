import supertest, { type Response } from 'supertest';
import type { Config } from '../../src/config/config';
import { type Container, createContainer } from '../../src/container';
import { SettableClock } from '../../src/kernel/clock';
import { PASSWORD, startTestApp, type SignedUp, type TestApp } from '../support/app';

const TRUSTED = 'https://shop.example.com';
let app: TestApp;
let owner: SignedUp;
beforeAll(async () => {
  app = await startTestApp({ clock: new SettableClock(new Date()), env: { CORS_ORIGINS: TRUSTED } });
  owner = await app.signUp();
});
afterAll(() => app.close());

/** What a browser keeps of an answer's cookies: attributes by name, and the header it sends from then on. */
function jarOf(response: Response): { attributes: Record<string, string>; value: Record<string, string>; header: string } {
  const lines = (response.headers['set-cookie'] ?? []) as unknown as string[];
  const cookies = lines.map((line) => /^([^=]+)=([^;]*); (.*)$/.exec(line)!);
  const value = Object.fromEntries(cookies.map(([, name, text]) => [name!, text!]));
  return {
    attributes: Object.fromEntries(cookies.map(([, name, , rest]) => [name!, rest!])),
    value,
    header: Object.entries(value)
      .map(([name, text]) => `${name}=${text}`)
      .join('; '),
  };
}

const login = () => app.http.post('/api/v1/auth/login').send({ email: owner.email, password: PASSWORD, session: 'cookie' });
async function signIn() {
  const response = await login().expect(200);
  return { ...jarOf(response), csrf: response.body.csrfToken as string };
}
const OWN_PAGE = { 'Sec-Fetch-Site': 'same-origin' };
const codeOf = ({ body }: Response): string => (body as { error: { code: string } }).error.code;

describe('signing in with cookies', () => {
  it('sets them for this host alone, out of the reach of scripts, and answers no token', async () => {
    const response = await login().expect(200);
    expect(response.body).toEqual({
      user: expect.objectContaining({ id: owner.userId }),
      organization: expect.objectContaining({ id: owner.organizationId }),
      tokenType: 'Cookie',
      csrfToken: expect.stringMatching(/^[\w-]{43}$/),
      expiresIn: 900,
    });
    const { attributes, value } = jarOf(response);
    expect(attributes).toEqual({
      '__Host-qm-access': 'Max-Age=900; Path=/; HttpOnly; Secure; SameSite=Lax',
      '__Host-qm-refresh': 'Max-Age=604800; Path=/; HttpOnly; Secure; SameSite=Lax',
      '__Host-qm-csrf': 'Max-Age=604800; Path=/; Secure; SameSite=Lax',
      '__Host-qm-device': 'Max-Age=15552000; Path=/; HttpOnly; Secure; SameSite=Lax',
    });
    expect(value['__Host-qm-csrf']).toBe(response.body.csrfToken);
    expect(response.headers['cache-control']).toBe('no-store');
  });

  it('works for registration too, and is asked for: otherwise nothing is set', async () => {
    const person = { email: 'cookie@example.com', password: PASSWORD, name: 'Cookie' };
    const made = await app.http
      .post('/api/v1/auth/register')
      .send({ ...person, session: 'cookie' })
      .expect(201);
    expect(Object.keys(jarOf(made).value)).toHaveLength(4);
    const bearer = await app.http.post('/api/v1/auth/login').send({ email: owner.email, password: PASSWORD }).expect(200);
    expect(bearer.headers['set-cookie']).toBeUndefined();
    expect(bearer.body).toMatchObject({ tokenType: 'Bearer', accessToken: bearer.body.token });
    await app.http.post('/api/v1/auth/login').send({ email: owner.email, password: PASSWORD, session: 'jar' }).expect(400);
  });
});

describe('requests with cookies', () => {
  it('read without further proof', async () => {
    const { header } = await signIn();
    const { body } = await app.http.get('/api/v1/auth/me').set('Cookie', `theme=dark; ${header}`).expect(200);
    expect(body.email).toBe(owner.email);
  });

  it('change with the CSRF token, from a page of this host or of an allowed origin', async () => {
    const { header, csrf } = await signIn();
    const change = () =>
      app.http.patch('/api/v1/auth/profile').set('Cookie', header).set('X-CSRF-Token', csrf).set('Host', 'erp.example.com:8443');
    const proofs = [
      OWN_PAGE,
      { Origin: 'https://erp.example.com:8443' },
      { Origin: TRUSTED },
      { Origin: TRUSTED, 'Sec-Fetch-Site': 'same-site' },
    ];
    for (const proof of proofs) await change().set(proof).send({ name: 'Ada' }).expect(200);
  });

  it.each<[string, Record<string, string>]>([
    ['no word about where it comes from', {}],
    ['a page of another site', { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' }],
    ['a page of a sister host', { 'Sec-Fetch-Site': 'same-site', Origin: 'https://blog.example.com' }],
    ['an origin of another host', { Origin: 'https://evil.example' }],
    ['a sandboxed page', { Origin: 'null' }],
    ['a page of another port', { Origin: 'https://erp.example.com:9000' }],
  ])('are refused a change from %s', async (_, provenance) => {
    const { header, csrf } = await signIn();
    const refused = await app.http
      .patch('/api/v1/auth/profile')
      .set({ Cookie: header, 'X-CSRF-Token': csrf, Host: 'erp.example.com:8443', ...provenance })
      .send({ name: 'Eve' })
      .expect(403);
    expect(codeOf(refused)).toBe('CROSS_SITE_REQUEST');
  });

  it('are refused a change without the CSRF token of this very session', async () => {
    const { header, csrf } = await signIn();
    const other = await signIn();
    for (const token of [undefined, '', 'garbage', other.csrf, csrf.slice(0, -1)]) {
      const refused = await app.http
        .post('/api/v1/units')
        .set({ Cookie: header, ...OWN_PAGE, ...(token !== undefined && { 'X-CSRF-Token': token }) })
        .send({ code: 'x', name: 'X', category: 'count', factor: '1', isWhole: true });
      expect([token, refused.status, codeOf(refused)]).toEqual([token, 403, 'CROSS_SITE_REQUEST']);
    }
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'are refused a change sent as %s, also where no body is read',
    async (type) => {
      const { header, csrf } = await signIn();
      for (const path of ['/auth/profile', '/categories/01890000-0000-7000-8000-000000000000']) {
        const method = path === '/auth/profile' ? 'patch' : 'delete';
        const refused = await app.http[method](`/api/v1${path}`)
          .set({ Cookie: header, 'X-CSRF-Token': csrf, ...OWN_PAGE, 'Content-Type': type })
          .send('{"name":"Eve"}')
          .expect(415);
        expect(codeOf(refused)).toBe('UNSUPPORTED_MEDIA_TYPE');
      }
    },
  );

  it('do not count beside a bearer token, which needs no proof and is not replaced by a cookie when it is wrong', async () => {
    const { header } = await signIn();
    await app.as(owner.token).patch('/auth/profile', { name: 'Ada' }).set('Cookie', header).expect(200);
    await app.as('garbage').get('/auth/me').set('Cookie', header).expect(401);
    await app.http.get('/api/v1/auth/me').set({ Cookie: header, Authorization: 'Basic dXNlcjpwYXNz' }).expect(200);
    await app.http.get('/api/v1/auth/me').set({ Authorization: 'Basic dXNlcjpwYXNz' }).expect(401);
    await app.http.get('/api/v1/auth/me').set('Cookie', '__Host-qm-access=garbage').expect(401);
    await app.http.get('/api/v1/auth/me').set('Cookie', header.replace('__Host-qm-access', 'qm-access')).expect(401);
  });

  it('may ask before: a browser is told that the header is allowed', async () => {
    const { headers } = await app.http
      .options('/api/v1/auth/profile')
      .set({ Origin: TRUSTED, 'Access-Control-Request-Method': 'PATCH', 'Access-Control-Request-Headers': 'x-csrf-token' });
    expect(headers).toMatchObject({ 'access-control-allow-origin': TRUSTED, 'access-control-allow-credentials': 'true' });
    expect(headers['access-control-allow-headers']).toContain('X-CSRF-Token');
  });
});

describe('a change of secrets', () => {
  /** The same application after a restart with other secrets. */
  const restarted = (secrets: Partial<Config['secrets']>): Container => {
    const { config, logger } = app.container;
    return createContainer({
      config: { ...config, secrets: { ...config.secrets, ...secrets } },
      runtimeUrl: app.database.runtimeUrl,
      logger,
    });
  };
  const use = async (container: Container, work: (http: ReturnType<typeof supertest>) => Promise<void>): Promise<void> => {
    try {
      await work(supertest(container.app()));
    } finally {
      await container.close();
    }
  };

  it('of access tokens leaves sessions of browsers as they are: they refresh', async () => {
    const { header, csrf } = await signIn();
    await use(restarted({ jwt: 'another secret that signs access tokens', previousJwt: undefined }), async (http) => {
      await http.get('/api/v1/auth/me').set('Cookie', header).expect(401);
      const renewed = await http
        .post('/api/v1/auth/refresh')
        .set({ Cookie: header, 'X-CSRF-Token': csrf, ...OWN_PAGE })
        .expect(200);
      expect(renewed.body.csrfToken).toBe(csrf);
    });
  });

  it('of keys at rest is noticed by nobody while the old key is in the ring', async () => {
    const { header, csrf } = await signIn();
    const [old] = app.container.config.secrets.encryptionKeys;
    const fresh = { id: 'fresh', key: Buffer.alloc(32, 9) };
    await use(restarted({ encryptionKeys: [fresh, old!] }), async (http) => {
      const renewed = await http
        .post('/api/v1/auth/refresh')
        .set({ Cookie: header, 'X-CSRF-Token': csrf, ...OWN_PAGE })
        .expect(200);
      expect(renewed.body.csrfToken).not.toBe(csrf);
    });
  });
});

describe('refresh and logout with cookies', () => {
  const refresh = (header: string, csrf: string) =>
    app.http.post('/api/v1/auth/refresh').set({ Cookie: header, 'X-CSRF-Token': csrf, ...OWN_PAGE });

  it('rotate them; the CSRF token stays that of the session', async () => {
    const { header, csrf, value } = await signIn();
    const renewed = await refresh(header, csrf).expect(200);
    expect(renewed.body).toMatchObject({ tokenType: 'Cookie', csrfToken: csrf });
    const jar = jarOf(renewed);
    expect(jar.value['__Host-qm-refresh']).not.toBe(value['__Host-qm-refresh']);
    await app.http.get('/api/v1/auth/me').set('Cookie', jar.header).expect(200);

    // The old one comes back after its successor was used: stolen. Everything ends.
    await refresh(jar.header, csrf).expect(200);
    await refresh(header, csrf).expect(401);
    await app.http.get('/api/v1/auth/me').set('Cookie', jar.header).expect(401);
  });

  it('need the proof of a change; a refused refresh uses nothing up', async () => {
    const { header, csrf } = await signIn();
    await app.http
      .post('/api/v1/auth/refresh')
      .set({ Cookie: header, ...OWN_PAGE })
      .expect(403);
    await app.http.post('/api/v1/auth/refresh').set({ Cookie: header, 'X-CSRF-Token': csrf, Origin: 'https://evil.example' }).expect(403);
    await app.http
      .post('/api/v1/auth/logout')
      .set({ Cookie: header, ...OWN_PAGE })
      .expect(403);
    await refresh(header, csrf).expect(200);
    await app.http.post('/api/v1/auth/refresh').set(OWN_PAGE).expect(400);
  });

  it('are not cleared by a logout with a bearer token, which ends another session', async () => {
    const { header } = await signIn();
    const { accessToken } = (await app.http.post('/api/v1/auth/login').send({ email: owner.email, password: PASSWORD }).expect(200)).body;
    const left = await app.as(accessToken).post('/auth/logout').set('Cookie', header).expect(204);
    expect(left.headers['set-cookie']).toBeUndefined();
    await app.http.get('/api/v1/auth/me').set('Cookie', header).expect(200);
  });

  it('clear them, and end the session', async () => {
    const { header, csrf } = await signIn();
    const left = await app.http
      .post('/api/v1/auth/logout')
      .set({ Cookie: header, 'X-CSRF-Token': csrf, ...OWN_PAGE })
      .expect(204);
    const { attributes, value } = jarOf(left);
    expect(value).toEqual({ '__Host-qm-access': '', '__Host-qm-refresh': '', '__Host-qm-csrf': '' });
    expect(Object.values(attributes).every((text) => text.startsWith('Max-Age=0; Path=/;') && text.includes('Secure'))).toBe(true);
    await app.http.get('/api/v1/auth/me').set('Cookie', header).expect(401);
    await refresh(header, csrf).expect(401);
  });
});
