import bcrypt from 'bcrypt';
import { generateSync } from 'otplib';
import { PasswordHasher } from '../../src/modules/identity/password-hasher';
import { PASSWORD, type SignedUp, startTestApp, type TestApp } from '../support/app';

/** BCRYPT_COST was changed: passwords are hashed anew when their owners sign in. */
let app: TestApp;
let member: SignedUp;
let older: string;
beforeAll(async () => {
  app = await startTestApp({ env: { BCRYPT_COST: '5' } });
  const { passwordPepper } = app.container.config.secrets;
  older = await new PasswordHasher({ pepper: passwordPepper, cost: 4, atOnce: 1 }, { isOpen: false }).hash(PASSWORD);
});
beforeEach(async () => {
  member = await app.signUp();
  await app.sql('UPDATE users SET password_hash = $2 WHERE id = $1', [member.userId, older]);
});
afterAll(() => app.close());

const login = (password = PASSWORD) => app.http.post('/api/v1/auth/login').send({ email: member.email, password });
async function costNow(): Promise<number> {
  await app.container.settled();
  const [row] = await app.sql<{ hash: string }>('SELECT password_hash AS hash FROM users WHERE id = $1', [member.userId]);
  return bcrypt.getRounds(row!.hash);
}

it('the right password gets a hash of the configured cost; nothing else of the account changes', async () => {
  const facts = () =>
    app.sql(
      'SELECT u.version, u.password_version, s.stamp, s.revoked_at FROM users u JOIN sessions s ON s.user_id = u.id WHERE u.id = $1 AND s.id = (SELECT id FROM sessions WHERE user_id = u.id ORDER BY created_at LIMIT 1)',
      [member.userId],
    );
  const before = await facts();
  await login().expect(200);
  expect(await costNow()).toBe(5);
  expect(await facts()).toEqual(before);
  await login().expect(200);
  await app.as(member.token).get('/auth/me').expect(200);
});

it('who signs in, or changes the password, at the same moment is not told that it is wrong', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => login()));
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
  expect(await costNow()).toBe(5);

  await app.sql('UPDATE users SET password_hash = $2 WHERE id = $1', [member.userId, older]);
  const change = { currentPassword: PASSWORD, newPassword: 'a quite new passphrase' };
  const [changed] = await Promise.all([
    app.as(member.token).post('/auth/change-password', change),
    ...Array.from({ length: 3 }, () => login()),
  ]);
  expect(changed.status).toBe(200);
  await login('a quite new passphrase').expect(200);
});

it('waits for a sign-in with nobody beside it', async () => {
  const isIdle = jest.spyOn(PasswordHasher.prototype, 'isIdle', 'get').mockReturnValue(false);
  await login().expect(200);
  expect(await costNow()).toBe(4);
  isIdle.mockRestore();
  await login().expect(200);
  expect(await costNow()).toBe(5);
});

it('a wrong one changes nothing', async () => {
  await login('not the passphrase').expect(401);
  expect(await costNow()).toBe(4);
});

it('a sign-in that waits for the second factor goes on', async () => {
  const { secret } = (await app.as(member.token).post('/auth/two-factor/setup', { password: PASSWORD }).expect(200)).body as {
    secret: string;
  };
  const code = (ahead: number): string => generateSync({ secret, epoch: Math.floor(Date.now() / 1000) + ahead });
  await app
    .as(member.token)
    .post('/auth/two-factor/enable', { code: code(0) })
    .expect(200);
  const { challenge } = (await login().expect(200)).body as { challenge: string };
  expect(await costNow()).toBe(5);
  await app.http
    .post('/api/v1/auth/two-factor/verify')
    .send({ challenge, code: code(30) })
    .expect(200);
});

it('a password that was replaced meanwhile stays the new one', async () => {
  const answers = await Promise.all([
    login(),
    app.as(member.token).post('/auth/change-password', { currentPassword: PASSWORD, newPassword: 'a quite new passphrase' }),
  ]);
  expect(answers[1].status).toBe(200);
  await app.container.settled();
  await login().expect(401);
  await login('a quite new passphrase').expect(200);
});
