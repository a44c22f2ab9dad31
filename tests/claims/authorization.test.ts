import jwt, { type JwtHeader, type JwtPayload, type SignOptions } from 'jsonwebtoken';
import type { AnyEndpoint } from '../../src/http/endpoint';
import { newId } from '../../src/kernel/ids';
import { permissionsOf, ROLES, type Permission, type Role } from '../../src/kernel/permissions';
import { PASSWORD, startTestApp, TOKEN_SECRET, type SignedUp, type TestApp } from '../support/app';

/**
 * A-1, generated from the route table: every route that is not public × every credential that is not good, and every role that lacks the
 * permission. A new route is held by it without a line here.
 */
let app: TestApp;
let owner: SignedUp;
let closed: AnyEndpoint[];
let bad: ReadonlyArray<readonly [name: string, token: string | undefined]>;

beforeAll(async () => {
  app = await startTestApp();
  owner = await app.signUp();
  closed = app.container.endpoints.filter(({ spec }) => spec.allow !== 'public');
  bad = await badCredentials();
});
afterAll(() => app.close());

/** A fresh session of a member of the owner's organization. */
async function member(role: Role): Promise<{ readonly token: string; readonly userId: string }> {
  const token = await app.member(owner.organizationId, role);
  return { token, userId: (jwt.decode(token) as JwtPayload).sub! };
}

async function badCredentials(): Promise<Array<[string, string | undefined]>> {
  const { iat, nbf, exp, ...claims } = jwt.decode(owner.token) as JwtPayload;
  const { kid } = jwt.decode(owner.token, { complete: true })!.header;
  const now = iat!;
  const sign = (payload: object, header: Partial<JwtHeader> = {}, options: SignOptions & { secret?: string } = {}): string => {
    const { secret = TOKEN_SECRET, ...rest } = options;
    return jwt.sign({ ...claims, iat, nbf, exp, ...payload }, secret, { ...rest, header: { alg: 'HS256', typ: 'at+jwt', kid, ...header } });
  };
  // The mould is good: what is refused below is refused for the one thing that is wrong with it.
  await app.as(sign({})).get('/auth/me').expect(200);
  const [header, payload, signature] = owner.token.split('.') as [string, string, string];
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

  const ended = await member('admin');
  await app.as(ended.token).post('/auth/logout').expect(204);
  const disabled = await member('admin');
  await app.sql('UPDATE users SET disabled_at = now() WHERE id = $1', [disabled.userId]);
  const expelled = await member('admin');
  await app.sql('UPDATE memberships SET disabled_at = now() WHERE user_id = $1', [expelled.userId]);
  const gone = await member('admin');
  await app.sql('DELETE FROM memberships WHERE user_id = $1', [gone.userId]);
  const stale = await member('admin');
  await app.sql('UPDATE sessions SET expires_at = now() WHERE user_id = $1', [stale.userId]);

  return [
    ['none', undefined],
    ['garbage', 'garbage'],
    ['three parts of garbage', 'a.b.c'],
    ['expired', sign({ iat: now - 1000, nbf: now - 1000, exp: now - 1 })],
    ['not yet valid', sign({ nbf: now + 60 })],
    ['without an expiry', jwt.sign({ ...claims, iat, nbf }, TOKEN_SECRET, { header: { alg: 'HS256', typ: 'at+jwt', kid } })],
    ['of another issuer', sign({ iss: 'somebody' })],
    ['for another audience', sign({ aud: 'another-api' })],
    ['of another type', sign({}, { typ: 'JWT' })],
    ['of another algorithm', sign({}, { alg: 'HS512' }, { algorithm: 'HS512' })],
    ['of no algorithm', `${encode({ alg: 'none', typ: 'at+jwt', kid })}.${payload}.`],
    ['of no algorithm, with a signature', `${encode({ alg: 'none', typ: 'at+jwt', kid })}.${payload}.${signature}`],
    ['of an unknown key', sign({}, { kid: 'unknown' })],
    ['signed with another secret', sign({}, {}, { secret: 'another secret of more than thirty-two bytes' })],
    ['unsigned', `${header}.${payload}.`],
    ['tampered with', `${header}.${encode({ ...claims, iat, nbf, exp, sub: newId() })}.${signature}`],
    ['of another user’s session', sign({ sub: newId() })],
    ['of another organization', sign({ org: newId() })],
    ['of an unknown session', sign({ sid: newId() })],
    ['a refresh token', owner.refreshToken],
    ['of an ended session', ended.token],
    ['of a disabled user', disabled.token],
    ['of a disabled membership', expelled.token],
    ['of a removed membership', gone.token],
    ['of an expired session', stale.token],
  ];
}

const pathOf = ({ path }: AnyEndpoint): string => `/api/v1${path.replaceAll(/:\w+/g, () => newId())}`;
const bodyOf = (endpoint: AnyEndpoint): object | undefined =>
  endpoint.kind === 'json' ? (endpoint.spec.example as object | undefined) : undefined;
const named = ({ method, path }: AnyEndpoint): string => `${method} ${path}`;

interface Refusal {
  readonly status: number;
  readonly code: string | undefined;
}
async function send(endpoint: AnyEndpoint, headers: Record<string, string>, path = pathOf(endpoint)): Promise<Refusal> {
  const { status, body } = await app.http[endpoint.method](path).set(headers).send(bodyOf(endpoint));
  return { status, code: (body as { error?: { code: string } }).error?.code };
}
type Case = readonly [name: string, headers: Record<string, string>];
const UNAUTHENTICATED: Refusal = { status: 401, code: 'UNAUTHENTICATED' };

/** What every route answers each header, so that a failure names the route and what was let in. */
async function walk(endpoints: readonly AnyEndpoint[], cases: readonly Case[], expected: Refusal): Promise<void> {
  expect(endpoints.length * cases.length).toBeGreaterThan(0);
  for (const endpoint of endpoints) {
    const answers = await Promise.all(cases.map(async ([name, headers]) => [name, await send(endpoint, headers)] as const));
    const wrong = answers.filter(([, answer]) => answer.status !== expected.status || answer.code !== expected.code);
    expect({ route: named(endpoint), wrong }).toEqual({ route: named(endpoint), wrong: [] });
  }
}

test('public routes are those for people without an account at hand', () => {
  const open = app.container.endpoints.filter(({ spec }) => spec.allow === 'public');
  expect(open.filter(({ path }) => !path.startsWith('/auth/')).map(named)).toEqual([]);
  expect(closed.length).toBeGreaterThan(70);
});

test('A-1: no route lets in a bad bearer token', async () => {
  const cases = bad.map(([name, token]): Case => [name, token === undefined ? {} : { Authorization: `Bearer ${token}` }]);
  await walk(closed, cases, UNAUTHENTICATED);
});

test('A-1: no route lets in a bad token in a cookie', async () => {
  // The token is read by the same code, so a few of them will do.
  const few = bad.filter(([name]) =>
    ['none', 'garbage', 'expired', 'tampered with', 'of an ended session', 'of a disabled user'].includes(name),
  );
  expect(few).toHaveLength(6);
  const cases = few.map(([name, token]): Case => [name, { Cookie: `__Host-qm-access=${token ?? ''}` }]);
  await walk(closed, cases, UNAUTHENTICATED);
});

test('A-1: no change by cookie goes through without the proof that an own page asks for it', async () => {
  const { headers, body } = await app.http
    .post('/api/v1/auth/login')
    .send({ email: owner.email, password: PASSWORD, session: 'cookie' })
    .expect(200);
  const [cookie] = /__Host-qm-access=[^;]+/.exec(String(headers['set-cookie']))!;
  const { csrfToken } = body as { csrfToken: string };
  await app.http.get('/api/v1/auth/me').set('Cookie', cookie).expect(200);
  const proofs: readonly Case[] = [
    ['nothing', {}],
    ['only the page', { 'Sec-Fetch-Site': 'same-origin' }],
    ['only the token', { 'X-CSRF-Token': csrfToken }],
    ['a page elsewhere', { 'X-CSRF-Token': csrfToken, 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' }],
  ];
  const changes = closed.filter(({ method }) => method !== 'get');
  await walk(
    changes,
    proofs.map(([name, proof]): Case => [name, { Cookie: cookie, ...proof }]),
    { status: 403, code: 'CROSS_SITE_REQUEST' },
  );
});

test('A-1: the alias of the base is guarded like the base', async () => {
  for (const endpoint of closed) {
    const path = pathOf(endpoint).replace('/api/v1/', '/api/');
    expect({ route: named(endpoint), ...(await send(endpoint, {}, path)) }).toEqual({ route: named(endpoint), ...UNAUTHENTICATED });
  }
});

test.each(ROLES)('A-1: the role %s can do what its permissions say and no more', async (role) => {
  const { token } = await member(role);
  const lacking = closed.filter(({ spec }) => spec.allow !== 'signed-in' && !permissionsOf(role).has(spec.allow as Permission));
  if (role === 'admin') expect(lacking).toEqual([]);
  else await walk(lacking, [[role, { Authorization: `Bearer ${token}` }]], { status: 403, code: 'FORBIDDEN' });
});

test('A-1: a permission taken away is missing at the next request, on every route', async () => {
  const { token, userId } = await member('admin');
  await app.as(token).get('/stores').expect(200);
  await app.sql(`UPDATE memberships SET role = 'customer' WHERE user_id = $1`, [userId]);
  const lacking = closed.filter(({ spec }) => spec.allow !== 'signed-in' && !permissionsOf('customer').has(spec.allow as Permission));
  await walk(lacking, [['customer', { Authorization: `Bearer ${token}` }]], { status: 403, code: 'FORBIDDEN' });
});
