/* No secret reaches a log: not from a request that succeeds, nor from one that is refused, nor from one that fails inside. */
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { generateSync } from 'otplib';
import { generateSecrets } from '../../src/config/development-secrets';
import type { AnyEndpoint, Endpoint } from '../../src/http/endpoint';
import { newId } from '../../src/kernel/ids';
import { startTestApp, type TestApp } from '../support/app';
import { queryOnce } from '../support/database';
import { startServerProcess, type ServerProcess } from '../support/server-process';
import { MarkedSecrets } from './marked-secrets';

const CARDS = ['4111 1111 1111 1111', '5500005555555559', '3782-822463-10005'];
const REQUEST = `flow-${randomBytes(4).toString('hex')}`;

interface Answer {
  readonly status: number;
  readonly body: { readonly [name: string]: string };
  readonly cookies: readonly string[];
}

const secrets = new MarkedSecrets();
/** Has the table of routes, and the database that the server under test works on. */
let app: TestApp;
let server: ServerProcess;
let folder: string;
let routes: readonly Endpoint[];

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'quartermaster-logs-'));
  await chmod(folder, 0o755);
  app = await startTestApp({ skipIntegrity: true });
  routes = app.container.endpoints.filter((endpoint: AnyEndpoint): endpoint is Endpoint => endpoint.kind === 'json');
  const own = generateSecrets();
  server = await startServerProcess({
    logFile: path.join(folder, 'output.log'),
    env: {
      NODE_ENV: 'production',
      DATABASE_URL: app.database.runtimeUrl,
      ...own,
      DATA_DIR: folder,
      LOG_LEVEL: 'debug',
      LOG_FILE: path.join(folder, 'app.log'),
      RATE_LIMIT_ANONYMOUS_PER_MINUTE: '1000000',
      RATE_LIMIT_USER_PER_MINUTE: '1000000',
    },
  });
  for (const value of [own.JWT_SECRET, own.PASSWORD_PEPPER, own.ENCRYPTION_KEYS.slice(3)]) secrets.add(value);
  secrets.add(new URL(app.database.runtimeUrl).password);
}, 60_000);
afterAll(async () => {
  await server.end('SIGTERM');
  await app.close();
  await rm(folder, { recursive: true, force: true });
});

interface Sent {
  readonly body?: unknown;
  /** As it is, for what is no JSON. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

let sent = 0;
async function send(method: string, target: string, { body, text, headers }: Sent = {}): Promise<Answer> {
  const payload = text ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(`http://127.0.0.1:${server.port}/api/v1${target}`, {
    method: method.toUpperCase(),
    headers: {
      'X-Request-Id': `${REQUEST}-${++sent}`,
      ...(payload !== undefined && { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(payload !== undefined && { body: payload }),
  });
  const answer: Answer = {
    status: response.status,
    body: JSON.parse((await response.text()) || '{}') as Answer['body'],
    cookies: response.headers.getSetCookie(),
  };
  secrets.harvest(answer);
  return answer;
}

const bearer = (token: string): Record<string, string> => ({ Authorization: `Bearer ${token}` });

/** Registers, signs in in every way, turns the second factor on and signs in with it. */
async function identityFlow(): Promise<{ readonly token: string; readonly email: string; readonly password: string }> {
  const email = `${newId()}@shop.example`;
  const password = secrets.make();
  const registered = await send('post', '/auth/register', { body: { email, password, name: 'Ann', organizationName: 'Shop' } });
  expect(registered.status).toBe(201);
  expect((await send('post', '/auth/login', { body: { email, password: secrets.make() } })).status).toBe(401);
  const { body } = await send('post', '/auth/login', { body: { email, password } });
  const token = body['accessToken']!;
  const rotated = await send('post', '/auth/refresh', { body: { refreshToken: body['refreshToken'] } });
  expect(rotated.status).toBe(200);
  expect((await send('post', '/auth/refresh', { body: { refreshToken: secrets.make() } })).status).toBe(401);

  const { cookies } = await send('post', '/auth/login', { body: { email, password, session: 'cookie' } });
  expect(cookies.length).toBeGreaterThan(2);
  const pairs = cookies.map((cookie) => cookie.split(';')[0]!);
  const csrf = pairs.find((pair) => pair.includes('csrf'))!.split('=')[1]!;
  const browser = { Cookie: pairs.join('; '), 'Sec-Fetch-Site': 'same-origin', 'X-CSRF-Token': decodeURIComponent(csrf) };
  expect((await send('get', '/auth/me', { headers: browser })).status).toBe(200);
  expect((await send('post', '/auth/logout', { body: {}, headers: browser })).status).toBeLessThan(300);

  const enrolment = await send('post', '/auth/two-factor/setup', { body: { password }, headers: bearer(token) });
  const code = generateSync({ secret: enrolment.body['secret']! });
  const enabled = await send('post', '/auth/two-factor/enable', { body: { code }, headers: bearer(token) });
  expect(enabled.status).toBe(200);
  const [recovery] = enabled.body['recoveryCodes'] as unknown as string[];
  const { challenge } = (await send('post', '/auth/login', { body: { email, password } })).body;
  const second = await send('post', '/auth/two-factor/verify', { body: { challenge, code: recovery } });
  expect(second.status).toBe(200);
  return { token: second.body['accessToken']!, email, password };
}

/** Every route as its example says, with secrets and card numbers in it; the answers do not matter. */
async function everyRoute(token: string): Promise<void> {
  for (const { method, path: route, spec } of routes) {
    // Signing out would end the walk.
    if (route.endsWith('/logout')) continue;
    const target = route.replaceAll(/:\w+/g, newId());
    const example = spec.body === undefined ? undefined : spec.example;
    const key = { 'Idempotency-Key': newId() };
    const query = `?token=${secrets.make()}&password=${secrets.make()}&apiKey=${secrets.make()}&q=${encodeURIComponent(CARDS[0]!)}`;
    await send(method, target, { body: secrets.mark(example, undefined), headers: { ...bearer(token), ...key } });
    await send(method, target, { body: secrets.mark(example, CARDS[sent % 3]), headers: { ...bearer(token), ...key } });
    await send(method, target + query, { headers: { ...bearer(secrets.make()), Cookie: `__Host-qm-access=${secrets.make()}` } });
    if (example === undefined) continue;
    await send(method, target, { text: `{"password":"${secrets.make()}", "card":"${CARDS[1]}`, headers: bearer(token) });
    const wrongScheme = { Authorization: `Basic ${Buffer.from(`ann:${secrets.make()}`).toString('base64')}`, 'X-Api-Key': secrets.make() };
    await send(method, target, { body: { [secrets.make()]: secrets.make(), password: [secrets.make()] }, headers: wrongScheme });
  }
}

/** Requests that fail inside: the database refuses what they write, or has lost a table. */
async function faults({ token, email, password }: { token: string; email: string; password: string }): Promise<void> {
  const { superuserUrl } = app.database;
  const during = async (statement: string, undo: string, work: () => Promise<void>): Promise<void> => {
    await queryOnce(superuserUrl, statement);
    await work();
    await queryOnce(superuserUrl, undo);
  };
  const statuses: number[] = [];
  const attempt = async (target: string, body: object): Promise<void> => {
    statuses.push((await send('post', target, { body, headers: bearer(token) })).status);
  };
  const all = async (): Promise<void> => {
    await attempt('/auth/register', { email: `${newId()}@shop.example`, password: secrets.make(), name: 'Bob' });
    await attempt('/auth/login', { email, password });
    await attempt('/auth/two-factor/setup', { password });
    await attempt('/customers', { name: `Grace ${CARDS[0]}`, notes: secrets.make() });
  };
  for (const table of ['users', 'sessions', 'refresh_tokens', 'customers'])
    await during(`ALTER TABLE ${table} ADD CONSTRAINT broken CHECK (false) NOT VALID`, `ALTER TABLE ${table} DROP CONSTRAINT broken`, all);
  for (const table of ['users', 'sessions', 'events'])
    await during(`ALTER TABLE ${table} RENAME TO gone`, `ALTER TABLE gone RENAME TO ${table}`, all);
  expect(statuses.filter((status) => status >= 500).length).toBeGreaterThan(8);
}

test('marked secrets go through every flow, and none is found in a log', async () => {
  const person = await identityFlow();
  await everyRoute(person.token);
  await faults(person);
  expect(secrets.count).toBeGreaterThan(500);

  await server.end('SIGTERM'); // everything is written
  const [directory] = await queryOnce<{ path: string }>(app.database.superuserUrl, `SELECT current_setting('data_directory') AS path`);
  const logs = {
    output: await readFile(path.join(folder, 'output.log'), 'utf8'),
    file: await readFile(path.join(folder, 'app.log'), 'utf8'),
    database: await readFile(path.join(directory!.path, 'server.log'), 'utf8'),
  };
  // They are the logs of these very requests, the failed ones among them.
  for (const log of [logs.output, logs.file]) {
    expect(log.split(REQUEST).length).toBeGreaterThan(sent);
    expect(log).toContain('"request failed"');
    for (const { path: route } of routes) expect(log).toContain(`"${route}"`);
  }
  expect(logs.database).toContain('violates check constraint "broken"');

  for (const [name, text] of Object.entries(logs)) {
    expect({ name, found: secrets.foundIn(text) }).toEqual({ name, found: [] });
    for (const card of CARDS) expect({ name, card, found: digitsOf(text).includes(digitsOf(card)) }).toEqual({ name, card, found: false });
  }
}, 120_000);

const digitsOf = (text: string): string => text.replaceAll(/(?<=\d)[ -](?=\d)/g, '');
