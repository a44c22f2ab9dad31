import { generateSync } from 'otplib';
import { type IdentityApp, type Member, startIdentityApp } from '../support/identity-app';

let app: IdentityApp;
beforeAll(async () => {
  app = await startIdentityApp();
});
afterAll(() => app.close());

const SECOND = 1000;
const later = (ms: number): void => app.clock.set(new Date(app.clock.now().getTime() + ms));
/** The next step of the authenticators begins: codes used before are behind. */
const nextCode = (secret: string): string => {
  later(30 * SECOND);
  return codeOf(secret);
};
const codeOf = (secret: string, steps = 0): string =>
  generateSync({ secret, epoch: Math.floor(app.clock.now().getTime() / 1000) + steps * 30 });
const login = ({ email, password }: Member, fields: object = {}) =>
  app.http.post('/api/v1/auth/login').send({ email, password, ...fields });
const verify = (challenge: string, code: string) => app.http.post('/api/v1/auth/two-factor/verify').send({ challenge, code });
const challengeOf = async (member: Member): Promise<string> => (await login(member).expect(200)).body.challenge as string;
const eventsOf = async (organizationId: string): Promise<string[]> =>
  (
    await app.asOwner<{ type: string }>(`SELECT type FROM events WHERE organization_id = $1 AND type LIKE 'two_factor.%' ORDER BY id`, [
      organizationId,
    ])
  ).map((event) => event.type);

interface Enrolled extends Member {
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
}
async function enrol(): Promise<Enrolled> {
  const member = await app.signUp();
  const me = app.as(member.accessToken);
  const { secret } = (await me.post('/auth/two-factor/setup').send({ password: member.password }).expect(200)).body;
  const { recoveryCodes } = (
    await me
      .post('/auth/two-factor/enable')
      .send({ code: codeOf(secret) })
      .expect(200)
  ).body;
  return { ...member, secret, recoveryCodes };
}

describe('turning it on', () => {
  it('takes the password, then a code; answers ten recovery codes', async () => {
    const member = await app.signUp();
    const me = app.as(member.accessToken);
    const refused = await me.post('/auth/two-factor/setup').send({ password: 'not the password' }).expect(422);
    expect(refused.body.error.code).toBe('WRONG_PASSWORD');
    const { body, headers } = await me.post('/auth/two-factor/setup').send({ password: member.password }).expect(200);
    expect(body).toEqual({ secret: expect.stringMatching(/^[A-Z2-7]{32}$/), uri: expect.stringContaining(`secret=${body.secret}`) });
    expect(headers['cache-control']).toBe('no-store');

    // Not on yet: nobody has shown that they can make codes.
    expect((await me.get('/auth/me').expect(200)).body.twoFactor).toBe(false);
    expect((await login(member).expect(200)).body.accessToken).toBeDefined();

    const wrong = await me.post('/auth/two-factor/enable').send({ code: '000000' }).expect(422);
    expect(wrong.body.error.code).toBe('WRONG_CODE');
    const code = codeOf(body.secret);
    const enabled = await me
      .post('/auth/two-factor/enable')
      .send({ code: `${code.slice(0, 3)} ${code.slice(3)}` })
      .expect(200);
    expect(new Set(enabled.body.recoveryCodes).size).toBe(10);
    expect((await me.get('/auth/me').expect(200)).body.twoFactor).toBe(true);
    expect(await eventsOf(member.organizationId)).toEqual(['two_factor.enabled']);
  });

  it('replaces a secret that was never used, and refuses to replace one that is on', async () => {
    const member = await app.signUp();
    const me = app.as(member.accessToken);
    const setUp = () => me.post('/auth/two-factor/setup').send({ password: member.password });
    const missing = await me.post('/auth/two-factor/enable').send({ code: '123456' }).expect(409);
    expect(missing.body.error.code).toBe('TWO_FACTOR_NOT_SET_UP');
    const first = (await setUp().expect(200)).body.secret as string;
    const second = (await setUp().expect(200)).body.secret as string;
    await me
      .post('/auth/two-factor/enable')
      .send({ code: codeOf(first) })
      .expect(422);
    await me
      .post('/auth/two-factor/enable')
      .send({ code: codeOf(second) })
      .expect(200);
    for (const again of [setUp(), me.post('/auth/two-factor/enable').send({ code: nextCode(second) })])
      expect((await again.expect(409)).body.error.code).toBe('TWO_FACTOR_ENABLED');
  });

  it('keeps neither the secret nor the recovery codes readable', async () => {
    const member = await enrol();
    const rows = await app.asOwner<{ text: string }>(
      'SELECT f::text AS text FROM two_factors f UNION ALL SELECT r::text FROM recovery_codes r UNION ALL SELECT e::text FROM events e',
    );
    const stored = rows.map(({ text }) => text).join('\n');
    for (const secret of [member.secret, ...member.recoveryCodes]) expect(stored).not.toContain(secret);
    expect(stored).toMatch(/v1\.test\./);
  });
});

describe('signing in', () => {
  it('answers a challenge and no token; the code exchanges it', async () => {
    const member = await enrol();
    const { body, headers } = await login(member).expect(200);
    expect(body).toEqual({ twoFactorRequired: true, challenge: expect.stringMatching(/^[\w-]{43}$/), expiresIn: 300 });
    expect(headers['cache-control']).toBe('no-store');
    await app.http.get('/api/v1/auth/me').set('Authorization', `Bearer ${body.challenge}`).expect(401);
    await app.http.post('/api/v1/auth/refresh').send({ refreshToken: body.challenge }).expect(401);

    const signedIn = await verify(body.challenge, nextCode(member.secret)).expect(200);
    expect(signedIn.body).toMatchObject({ user: { id: member.userId }, tokenType: 'Bearer' });
    await app.as(signedIn.body.accessToken).get('/auth/me').expect(200);
    const done = await verify(body.challenge, nextCode(member.secret)).expect(401);
    expect(done.body.error.code).toBe('INVALID_CHALLENGE');
  });

  it('remembers that cookies were asked for', async () => {
    const member = await enrol();
    const { body, headers } = await login(member, { session: 'cookie' }).expect(200);
    expect(headers['set-cookie']).toBeUndefined();
    const signedIn = await verify(body.challenge, nextCode(member.secret)).expect(200);
    expect(signedIn.body.tokenType).toBe('Cookie');
    expect(signedIn.headers['set-cookie']).toHaveLength(4);
  });

  it('takes no code twice, nor an older one, also of many at once', async () => {
    const member = await enrol();
    const code = nextCode(member.secret);
    const challenges = [];
    for (let n = 0; n < 6; n++) challenges.push(await challengeOf(member));
    const answers = await Promise.all(challenges.map((challenge) => verify(challenge, code)));
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 401, 401, 401, 401, 401]);
    expect(answers.find(({ status }) => status === 401)!.body.error.code).toBe('INVALID_SECOND_FACTOR');
    await verify(await challengeOf(member), codeOf(member.secret, -1)).expect(401);
    await verify(await challengeOf(member), nextCode(member.secret)).expect(200);
  });

  it('lets a wrong code be tried again, and forgives a clock that is one step off', async () => {
    const member = await enrol();
    const challenge = await challengeOf(member);
    await verify(challenge, '000000').expect(401);
    await verify(challenge, 'not-a-code').expect(401);
    later(30 * SECOND);
    await verify(challenge, codeOf(member.secret, 2)).expect(401);
    await verify(challenge, codeOf(member.secret, 1)).expect(200);
  });

  it('takes each recovery code once', async () => {
    const member = await enrol();
    const [first, second] = member.recoveryCodes as [string, string];
    const both = await Promise.all([await challengeOf(member), await challengeOf(member)].map((challenge) => verify(challenge, first)));
    expect(both.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 401]);
    await verify(await challengeOf(member), second.toUpperCase().replace('-', ' ')).expect(200);
    expect(await eventsOf(member.organizationId)).toEqual([
      'two_factor.enabled',
      'two_factor.recovery_code_used',
      'two_factor.recovery_code_used',
    ]);
    const [left] = await app.asOwner<{ payload: object }>(
      `SELECT payload FROM events WHERE organization_id = $1 AND type = 'two_factor.recovery_code_used' ORDER BY id DESC LIMIT 1`,
      [member.organizationId],
    );
    expect(left!.payload).toEqual({ userId: member.userId, codesLeft: 8 });
  });

  it('a challenge ends after five minutes, with the password, and with the account or membership', async () => {
    const member = await enrol();
    const late = await challengeOf(member);
    later(301 * SECOND);
    await verify(late, codeOf(member.secret)).expect(401);

    const ends = [
      `UPDATE users SET password_hash = password_hash || 'x', password_version = password_version + 1 WHERE id = $1`,
      'UPDATE users SET disabled_at = now() WHERE id = $1',
      'UPDATE memberships SET disabled_at = now() WHERE user_id = $1',
    ];
    for (const end of ends) {
      const other = await enrol();
      const challenge = await challengeOf(other);
      await app.asOwner(end, [other.userId]);
      const { body } = await verify(challenge, nextCode(other.secret)).expect(401);
      expect(body.error.code).toBe('INVALID_CHALLENGE');
    }
    await verify('made up', '123456').expect(401);
  });
});

describe('turning it off', () => {
  it('takes the password and a code, of the authenticator or for recovery', async () => {
    for (const kind of ['totp', 'recovery'] as const) {
      const member = await enrol();
      const me = app.as(member.accessToken);
      const code = kind === 'totp' ? nextCode(member.secret) : member.recoveryCodes[0]!;
      const off = (fields: object) => me.post('/auth/two-factor/disable').send({ password: member.password, code, ...fields });
      expect((await off({ password: 'wrong' }).expect(422)).body.error.code).toBe('WRONG_PASSWORD');
      expect((await off({ code: '000000' }).expect(422)).body.error.code).toBe('WRONG_CODE');
      await off({}).expect(204);
      expect((await off({}).expect(409)).body.error.code).toBe('TWO_FACTOR_NOT_SET_UP');
      expect((await login(member).expect(200)).body.accessToken).toBeDefined();
      expect(await app.asOwner('SELECT 1 FROM recovery_codes WHERE user_id = $1', [member.userId])).toEqual([]);
      expect((await eventsOf(member.organizationId)).at(-1)).toBe('two_factor.disabled');
    }
  });
});
