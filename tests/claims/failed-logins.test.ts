import { generateSync } from 'otplib';
import supertest from 'supertest';
import { type Container, createContainer } from '../../src/container';
import { SettableClock } from '../../src/kernel/clock';
import { newId } from '../../src/kernel/ids';
import { PASSWORD, startTestApp, type TestApp } from '../support/app';

/** wrong passwords are throttled, and the owner is not locked out for good. The limits are those the server starts with. */
const MINUTE = 60_000;
const HERE = '198.51.100.7';
const ELSEWHERE = '203.0.113.9';
const clock = new SettableClock(new Date());
const later = (ms: number): void => clock.set(new Date(clock.now().getTime() + ms));

let app: TestApp;
/** The same application once more, as another process would run it. */
let sister: Container;
beforeAll(async () => {
  app = await startTestApp({
    clock,
    env: {
      TRUST_PROXY: '1',
      THROTTLE_FAILED_LOGINS_PER_DEVICE: '10',
      THROTTLE_FAILED_LOGINS_PER_IP: '50',
      THROTTLE_ACCOUNT_REQUESTS_PER_ADDRESS: '5',
      THROTTLE_ACCOUNT_REQUESTS_PER_IP: '20',
    },
  });
  const { config, logger } = app.container;
  sister = createContainer({ config, runtimeUrl: app.database.runtimeUrl, logger, clock });
});
beforeEach(() => later(2 * 60 * MINUTE));
afterAll(async () => {
  await sister.close();
  await app.close();
});

const login = (email: string, password: string, from: string, browser = 'a browser', http = app.http) =>
  http.post('/api/v1/auth/login').set('X-Forwarded-For', from).set('User-Agent', browser).send({ email, password });
const register = (email: string, from: string) =>
  app.http.post('/api/v1/auth/register').set('X-Forwarded-For', from).send({ email, password: PASSWORD, name: 'Ada' });
function tally(statuses: readonly number[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

test('A-5: of 100 wrong passwords at once, at two processes, ten are tried; the owner signs in from elsewhere at once, and from here soon', async () => {
  const { email } = await app.signUp();
  const both = [app.http, supertest(sister.app())];
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, n) => login(email, `wrong password ${n}`, HERE, `browser ${n}`, both[n % 2])),
  );
  expect(tally(answers.map(({ status }) => status))).toEqual({ 401: 10, 429: 90 });
  const refused = answers.find(({ status }) => status === 429)!;
  expect(refused.body.error).toMatchObject({ code: 'TOO_MANY_ATTEMPTS', details: { retryAfter: 60 } });
  expect(refused.headers['retry-after']).toBe('60');

  // The right password is not even looked at, or the answer would tell a guesser.
  await login(email, PASSWORD, HERE).expect(429);
  await login(email, PASSWORD, HERE, 'another browser').expect(429);
  await login(email, PASSWORD, ELSEWHERE).expect(200);
  later(MINUTE);
  await login(email, PASSWORD, HERE).expect(200);
});

test('A-5: who goes on guessing waits longer each time, and the owner never longer than fifteen minutes', async () => {
  const { email } = await app.signUp();
  for (let n = 0; n < 10; n++) await login(email, 'wrong', HERE).expect(401);
  const waits: number[] = [];
  for (let n = 0; n < 4; n++) {
    const { headers } = await login(email, 'wrong', HERE).expect(429);
    waits.push(Number(headers['retry-after']));
    later(Number(headers['retry-after']) * 1000);
    await login(email, n < 3 ? 'wrong' : PASSWORD, HERE).expect(n < 3 ? 401 : 200);
  }
  expect(waits).toEqual([60, 120, 240, 480]);
});

test('who changes accounts or devices is held by the address', async () => {
  const statuses: number[] = [];
  for (let n = 0; n < 60; n++) statuses.push((await login(`person${n % 20}@example.com`, 'wrong', HERE, `browser ${n}`)).status);
  expect(tally(statuses)).toEqual({ 401: 50, 429: 10 });
  await login('person1@example.com', 'wrong', ELSEWHERE).expect(401);
});

test('a browser the owner signed in from before gets in when strangers have used up its address, and has ten attempts of its own', async () => {
  const { email } = await app.signUp();
  const other = await app.signUp();
  const { headers } = await app.http.post('/api/v1/auth/login').send({ email, password: PASSWORD, session: 'cookie' }).expect(200);
  const [device] = /__Host-qm-device=[^;]+/.exec(String(headers['set-cookie']))!;
  for (let n = 0; n < 51; n++) await login(`person${n}@example.com`, 'wrong', HERE).expect(n < 50 ? 401 : 429);

  await login(email, PASSWORD, HERE).expect(429);
  await login(email, PASSWORD, HERE).set('Cookie', device).expect(200);
  await login(other.email, PASSWORD, HERE).set('Cookie', device).expect(429);
  await login(email, PASSWORD, HERE).set('Cookie', '__Host-qm-device=made.up').expect(429);
  for (let n = 0; n < 10; n++) await login(email, 'wrong', HERE).set('Cookie', device).expect(401);
  await login(email, PASSWORD, HERE).set('Cookie', device).expect(429);
});

test('known and unknown accounts are refused in the same words', async () => {
  const { email } = await app.signUp();
  const refusals: string[] = [];
  for (const account of [email, 'unknown@example.com']) {
    for (let n = 0; n < 10; n++) await login(account, 'wrong', HERE).expect(401);
    const { body } = await login(account, 'wrong', HERE).expect(429);
    refusals.push(JSON.stringify({ ...body.error, requestId: undefined }));
  }
  expect(refusals[0]).toBe(refusals[1]);
});

test('what succeeds is not counted, and forgets what failed before', async () => {
  const { email } = await app.signUp();
  for (let n = 0; n < 9; n++) await login(email, 'wrong', HERE).expect(401);
  for (let n = 0; n < 12; n++) await login(email, PASSWORD, HERE).expect(200);
  for (let n = 0; n < 10; n++) await login(email, 'wrong', HERE).expect(401);
  await login(email, PASSWORD, HERE).expect(429);
  later(MINUTE);
  await login(email, PASSWORD, HERE).expect(200);
  await login(email, PASSWORD, HERE).expect(200);
});

test('a right password sets no wait for those behind the same address', async () => {
  const { email } = await app.signUp();
  for (let n = 0; n < 50; n++) await login(`person${n}@example.com`, 'wrong', HERE).expect(401);
  later(MINUTE);
  for (let n = 0; n < 3; n++) await login(email, PASSWORD, HERE).expect(200);
  await login('person1@example.com', 'wrong', HERE).expect(401);
  await login(email, PASSWORD, HERE).expect(429);
});

test('an address is a network: of IPv6 the /56 that one household has', async () => {
  const { email } = await app.signUp();
  for (let n = 0; n < 10; n++) await login(email, 'wrong', `2001:db8:0:${n}::${n}`).expect(401);
  await login(email, PASSWORD, '2001:db8:0:ff::1').expect(429);
  await login(email, PASSWORD, '2001:db8:0:100::1').expect(200);
});

test('a known browser is a stranger when the password is another; known ones of one address have two hundred attempts together', async () => {
  const { email, token } = await app.signUp();
  const signIn = () => app.http.post('/api/v1/auth/login').send({ email, password: PASSWORD, session: 'cookie' }).expect(200);
  const markOf = ({ headers }: { headers: Record<string, string> }): string =>
    /__Host-qm-device=[^;]+/.exec(String(headers['set-cookie']))![0];
  const marks = [];
  for (let n = 0; n < 21; n++) marks.push(markOf(await signIn()));
  const statuses: number[] = [];
  for (const mark of marks.slice(0, 20))
    for (let n = 0; n < 10; n++) statuses.push((await login(email, 'wrong', HERE).set('Cookie', mark)).status);
  expect(tally(statuses)).toEqual({ 401: 200 });
  await login(email, PASSWORD, HERE).set('Cookie', marks[20]!).expect(429);
  await login(email, PASSWORD, ELSEWHERE).set('Cookie', marks[20]!).expect(200);

  for (let n = 0; n < 10; n++) await login(email, 'wrong', '192.0.2.44').expect(401);
  await login(email, PASSWORD, '192.0.2.44').set('Cookie', marks[20]!).expect(200);
  const newPassword = 'a passphrase nobody else has';
  await app.as(token).post('/auth/change-password', { currentPassword: PASSWORD, newPassword }).expect(200);
  await login(email, newPassword, '192.0.2.44').set('Cookie', marks[20]!).expect(429);
});

test('codes of the second factor: ten wrong ones, wherever they come from; a browser the owner signed in from has ten of its own', async () => {
  const { email, token } = await app.signUp();
  const { secret } = (await app.as(token).post('/auth/two-factor/setup', { password: PASSWORD }).expect(200)).body;
  const codeNow = (): string => generateSync({ secret, epoch: Math.floor(clock.now().getTime() / 1000) });
  await app.as(token).post('/auth/two-factor/enable', { code: codeNow() }).expect(200);
  const challenge = async (from: string, cookie = '') =>
    (await login(email, PASSWORD, from).set('Cookie', cookie).expect(200)).body.challenge;
  const verify = async (from: string, code: string, cookie?: string) =>
    app.http
      .post('/api/v1/auth/two-factor/verify')
      .set('X-Forwarded-For', from)
      .send({ challenge: await challenge(from, cookie), code });

  later(MINUTE);
  const first = (await app.http.post('/api/v1/auth/login').send({ email, password: PASSWORD, session: 'cookie' })).body.challenge;
  const { headers } = await app.http.post('/api/v1/auth/two-factor/verify').send({ challenge: first, code: codeNow() }).expect(200);
  const [device] = /__Host-qm-device=[^;]+/.exec(String(headers['set-cookie']))!;

  for (let n = 0; n < 10; n++) expect((await verify(n % 2 ? HERE : ELSEWHERE, '000000')).status).toBe(401);
  expect((await verify('192.0.2.44', '000000')).status).toBe(429);
  later(30_000);
  expect((await verify(HERE, codeNow())).status).toBe(429);
  expect((await verify(HERE, codeNow(), device)).status).toBe(200);
});

test('a session can try ten passwords and codes of its account, and no more', async () => {
  const { email, token } = await app.signUp();
  for (let n = 0; n < 10; n++) await app.as(token).post('/auth/two-factor/setup', { password: 'wrong' }).expect(422);
  await app.as(token).post('/auth/two-factor/setup', { password: PASSWORD }).expect(429);
  const other = (await login(email, PASSWORD, HERE).expect(200)).body.accessToken;
  await app.as(other).post('/auth/two-factor/setup', { password: PASSWORD }).expect(200);
});

test('registrations: five an hour for an address, twenty from one place, whether the address is taken or not', async () => {
  const statuses: number[] = [];
  for (let n = 0; n < 7; n++) statuses.push((await register('often@example.com', HERE)).status);
  expect(statuses).toEqual([201, 409, 409, 409, 409, 429, 429]);
  await register('often@example.com', ELSEWHERE).expect(429);

  const others = await Promise.all(Array.from({ length: 20 }, (_, n) => register(`crowd${n}@example.com`, HERE)));
  expect(tally(others.map(({ status }) => status))).toEqual({ 201: 15, 429: 5 });
  const refused = others.find(({ status }) => status === 429)!;
  expect(Number(refused.headers['retry-after'])).toBe(3600);
  await register('crowd@example.com', ELSEWHERE).expect(201);
  later(60 * MINUTE);
  await register('often@example.com', HERE).expect(409);
});

test('password resets: five an hour for an address, twenty from one place, in the same words whether there is an account or not', async () => {
  const { email } = await app.signUp();
  const forget = (address: string, from: string) =>
    app.http.post('/api/v1/auth/forgot-password').set('X-Forwarded-For', from).send({ email: address });
  const refusals = new Set<string>();
  for (const address of [email, 'unknown@example.com']) {
    for (let n = 0; n < 5; n++) await forget(address, HERE).expect(202);
    const { body } = await forget(address, ELSEWHERE).expect(429);
    refusals.add(JSON.stringify({ ...body.error, requestId: undefined }));
  }
  expect(refusals.size).toBe(1);
  const others = await Promise.all(Array.from({ length: 15 }, (_, n) => forget(`other${n}@example.com`, HERE)));
  expect(tally(others.map(({ status }) => status))).toEqual({ 202: 10, 429: 5 });
});

test('invitations and accounts for others: what is refused counts too, with an Idempotency-Key or without', async () => {
  const { token, email } = await app.signUp();
  const member = await app.signUp();
  const create = () => app.as(token).post('/users', { email: member.email, name: 'Known', password: PASSWORD, role: 'viewer' });
  const statuses: number[] = [];
  for (let n = 0; n < 7; n++) statuses.push((await create()).status);
  expect(statuses).toEqual([409, 409, 409, 409, 409, 429, 429]);

  const invite = () => app.as(token).post('/users/invitations', { email, role: 'viewer' });
  const invited: number[] = [];
  for (let n = 0; n < 7; n++) invited.push((await (n % 2 === 0 ? invite() : invite().set('Idempotency-Key', `again-${n}`))).status);
  expect(invited).toEqual([409, 409, 409, 409, 409, 429, 429]);
});

test('accounts for others: any number in a row from one place, and for one address; twenty known addresses', async () => {
  const { token } = await app.signUp();
  const create = async (email: string, role = 'viewer'): Promise<number> =>
    (
      await app
        .as(token)
        .post('/users', { email, name: 'New', password: PASSWORD, role, ...(role === 'customer' && { customerId: newId() }) })
    ).status;
  const statuses: number[] = [];
  for (let n = 0; n < 25; n++) statuses.push(await create(`clerk${n}@example.com`));
  for (let n = 0; n < 6; n++) statuses.push(await create('buyer@example.com', 'customer'));
  expect(tally(statuses)).toEqual({ 201: 25, 422: 6 });

  const guessed = await Promise.all(Array.from({ length: 25 }, (_, n) => create(`clerk${n}@example.com`)));
  expect(tally(guessed)).toEqual({ 409: 20, 429: 5 });
  expect(await create('one-more@example.com')).toBe(429);
});

test('invitations: five an hour for an address', async () => {
  const { token } = await app.signUp();
  const invite = (email: string) => app.as(token).post('/users/invitations', { email, role: 'viewer' });
  for (let n = 0; n < 5; n++) await invite('guest@example.com').expect(201);
  const { body } = await invite('guest@example.com').expect(429);
  expect(body.error.code).toBe('TOO_MANY_ATTEMPTS');
  await invite('another@example.com').expect(201);
});

test('counters name nobody', async () => {
  await login('somebody@example.com', 'wrong', HERE).expect(401);
  const rows = await app.sql<{ text: string }>('SELECT t::text AS text FROM throttles t');
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.every(({ text }) => /^\("\\\\x[0-9a-f]{64}",\d+,/.test(text))).toBe(true);
});
