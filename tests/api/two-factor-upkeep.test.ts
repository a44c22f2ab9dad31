import { randomBytes } from 'node:crypto';
import { generateSync } from 'otplib';
import supertest from 'supertest';
import { type Container, createContainer } from '../../src/container';
import { SettableClock } from '../../src/kernel/clock';
import type { EncryptionKey } from '../../src/kernel/field-cipher';
import { PASSWORD, type SignedUp, startTestApp, type TestApp } from '../support/app';

/** What whoever runs the server does about second factors: change the key, and let in people who have lost theirs. */
const clock = new SettableClock(new Date());
let app: TestApp;
const others: Container[] = [];
beforeAll(async () => {
  app = await startTestApp({ clock });
});
afterAll(async () => {
  for (const container of others) await container.close();
  await app.close();
});

/** The same application with another key ring, on the same database. */
function withKeys(encryptionKeys: readonly EncryptionKey[]): Container {
  const { config, logger } = app.container;
  const container = createContainer({
    config: { ...config, secrets: { ...config.secrets, encryptionKeys } },
    runtimeUrl: app.database.runtimeUrl,
    logger,
    clock,
  });
  others.push(container);
  return container;
}

async function enrol(): Promise<SignedUp & { readonly secret: string }> {
  const member = await app.signUp();
  const me = app.as(member.token);
  const { secret } = (await me.post('/auth/two-factor/setup', { password: PASSWORD }).expect(200)).body as { secret: string };
  await me.post('/auth/two-factor/enable', { code: codeOf(secret, -1) }).expect(200);
  return { ...member, secret };
}
const codeOf = (secret: string, steps = 0): string =>
  generateSync({ secret, epoch: Math.floor(clock.now().getTime() / 1000) + steps * 30 });

test('secrets are brought under a new key while the server runs; then the old key may go', async () => {
  const members = [await enrol(), await enrol(), await enrol()];
  const fresh: EncryptionKey = { id: 'new', key: randomBytes(32) };
  const { twoFactor } = withKeys([fresh, ...app.container.config.secrets.encryptionKeys]).modules.identity;
  expect(await twoFactor.reencrypt()).toBe(3);
  expect(await twoFactor.reencrypt()).toBe(0);
  const rows = await app.sql<{ secret: string }>('SELECT secret FROM two_factors');
  expect(rows.every(({ secret }) => secret.startsWith('v1.new.'))).toBe(true);

  const http = supertest(withKeys([fresh]).app());
  const { email, secret } = members[0]!;
  const { challenge } = (await http.post('/api/v1/auth/login').send({ email, password: PASSWORD }).expect(200)).body as {
    challenge: string;
  };
  await http
    .post('/api/v1/auth/two-factor/verify')
    .send({ challenge, code: codeOf(secret) })
    .expect(200);
});

test('a lost second factor is turned off by address, and the log says so', async () => {
  const { email, organizationId } = await enrol();
  const { twoFactor } = app.container.modules.identity;
  expect(await twoFactor.remove('unknown@example.com')).toBe(false);
  expect(await twoFactor.remove(email)).toBe(true);
  expect(await twoFactor.remove(email)).toBe(false);
  const { body } = await app.http.post('/api/v1/auth/login').send({ email, password: PASSWORD }).expect(200);
  expect(body).toHaveProperty('accessToken');
  const [event] = await app.sql(
    `SELECT type, actor_kind FROM events WHERE organization_id = $1 AND aggregate_type = 'two_factor' ORDER BY id DESC LIMIT 1`,
    [organizationId],
  );
  expect(event).toEqual({ type: 'two_factor.disabled', actor_kind: 'system' });
});
