import { generateSync } from 'otplib';
import { type IdentityApp, type Member, startIdentityApp } from '../support/identity-app';

/** Anybody can make an account with anybody's address. Whoever proves to read the mailbox gets it, and nothing of what was prepared in it. */
let app: IdentityApp;
let mallory: Member;
let corp: Member;
beforeAll(async () => {
  app = await startIdentityApp();
  mallory = await app.signUp({ name: 'Mallory', organizationName: 'Trap' });
  app.clock.set(new Date(app.clock.now().getTime() + 1_000));
  corp = await app.signUp({ name: 'Olive', organizationName: 'Corp' });
});
afterAll(() => app.close());

const PLANTED = 'a passphrase of the attacker';
const OWN = 'a passphrase of the owner';
let made = 0;
const later = (ms: number): void => app.clock.set(new Date(app.clock.now().getTime() + ms));
const post = (path: string, body: object) => app.http.post(`/api/v1/auth/${path}`).send(body);
const login = (email: string, password: string) => post('login', { email, password });
const tokenOf = async (email: string, kind: string): Promise<string> =>
  (await app.mailsTo(email)).findLast((mail) => mail.kind === kind)!.token;
const codeFor = (secret: string): string => generateSync({ secret, epoch: Math.floor(app.clock.now().getTime() / 1000) });

/** An account of somebody's address in the attacker's organization, with the attacker's password, session and second factor. */
async function planted() {
  const email = `victim${++made}@corp.example`;
  const { body: user } = await app
    .as(mallory.accessToken)
    .post('/users')
    .send({ email, name: 'Victim', password: PLANTED, role: 'staff' })
    .expect(201);
  const { accessToken } = (await login(email, PLANTED).expect(200)).body;
  const { secret } = (await app.as(accessToken).post('/auth/two-factor/setup').send({ password: PLANTED }).expect(200)).body;
  await app
    .as(accessToken)
    .post('/auth/two-factor/enable')
    .send({ code: codeFor(secret) })
    .expect(200);
  return { email, userId: user.id as string, accessToken: accessToken as string };
}
async function invited(email: string, role = 'manager'): Promise<string> {
  await app.as(corp.accessToken).post('/users/invitations').send({ email, role }).expect(201);
  return tokenOf(email, 'invitation');
}
const eventsOf = (userId: string) =>
  app.asOwner<{ organization_id: string; type: string; aggregate_version: number | null; payload: object }>(
    'SELECT organization_id, type, aggregate_version, payload FROM events WHERE aggregate_id = $1 ORDER BY id',
    [userId],
  );

describe('an invitation', () => {
  it('gives the account to the owner of the mailbox: with a password of their own, without the attacker’s second factor and sessions', async () => {
    const { email, userId, accessToken } = await planted();
    const token = await invited(email);
    const { body } = await post('accept-invitation', { token, name: 'Vic', password: OWN }).expect(200);
    expect(body).toMatchObject({ user: { id: userId, role: 'manager' }, organization: { id: corp.organizationId } });

    await app.as(accessToken).get('/auth/me').expect(401);
    await login(email, PLANTED).expect(401);
    const signedIn = (await login(email, OWN).expect(200)).body;
    expect(signedIn.organization.id).toBe(corp.organizationId);
    const events = await eventsOf(userId);
    expect(events.filter(({ organization_id }) => organization_id === corp.organizationId)).toMatchObject([
      { type: 'two_factor.disabled', payload: { reason: 'mailbox_proved' } },
      { type: 'password.changed', aggregate_version: 2, payload: { how: 'invitation', sessionsEnded: 1 } },
      { type: 'membership.created' },
    ]);
    expect((await app.mailsTo(email)).map(({ kind }) => kind)).toEqual(['invitation', 'password-changed']);
  });

  it('makes useless what was mailed before, and asks for a good password', async () => {
    const { email } = await planted();
    await post('forgot-password', { email }).expect(202);
    const reset = await tokenOf(email, 'password-reset');
    const token = await invited(email);
    const refused = await post('accept-invitation', { token, password: 'password123' }).expect(400);
    expect(refused.body.error.details.issues).toEqual([expect.objectContaining({ path: 'body.password' })]);
    await post('accept-invitation', { token, password: OWN }).expect(200);
    await post('reset-password', { token: reset, password: PLANTED }).expect(400);
    await post('accept-invitation', { token, password: PLANTED }).expect(400);
  });

  it('is accepted once by many at the same moment', async () => {
    const { email } = await planted();
    const token = await invited(email);
    const answers = await Promise.all(Array.from({ length: 6 }, (_, n) => post('accept-invitation', { token, password: `${OWN} ${n}` })));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    for (const status of statuses) expect([200, 400, 401]).toContain(status);
    await login(email, `${OWN} ${statuses.indexOf(200)}`).expect(200);
  });

  it('leaves an account whose mailbox was proved as it is: it takes its password and its second factor', async () => {
    const { email } = await planted();
    await post('accept-invitation', { token: await invited(email), password: OWN }).expect(200);
    const { accessToken, user } = (await login(email, OWN).expect(200)).body;
    const { secret } = (await app.as(accessToken).post('/auth/two-factor/setup').send({ password: OWN }).expect(200)).body;
    await app
      .as(accessToken)
      .post('/auth/two-factor/enable')
      .send({ code: codeFor(secret) })
      .expect(200);

    await app.as(corp.accessToken).delete(`/users/${user.id}`).expect(204);
    const token = await invited(email);
    await post('accept-invitation', { token, password: 'another passphrase' }).expect(401);
    expect((await post('accept-invitation', { token, password: OWN }).expect(200)).body).toMatchObject({ twoFactorRequired: true });
    await post('forgot-password', { email }).expect(202);
    await post('reset-password', { token: await tokenOf(email, 'password-reset'), password: `${OWN} 2` }).expect(204);
    expect((await login(email, `${OWN} 2`).expect(200)).body).toMatchObject({ twoFactorRequired: true });
  });
});

describe('a reset', () => {
  it('drops what the attacker prepared, and the invitation then takes the password it set', async () => {
    const { email, userId, accessToken } = await planted();
    const token = await invited(email);
    await post('forgot-password', { email }).expect(202);
    await post('reset-password', { token: await tokenOf(email, 'password-reset'), password: OWN }).expect(204);
    await app.as(accessToken).get('/auth/me').expect(401);
    await login(email, PLANTED).expect(401);
    expect(await app.asOwner('SELECT 1 FROM two_factors WHERE user_id = $1', [userId])).toEqual([]);
    expect((await eventsOf(userId)).map(({ type }) => type)).toContain('two_factor.disabled');

    await post('accept-invitation', { token, password: PLANTED }).expect(401);
    expect((await post('accept-invitation', { token, password: OWN }).expect(200)).body.organization.id).toBe(corp.organizationId);
    expect((await login(email, OWN).expect(200)).body.organization.id).toBe(corp.organizationId);
  });
});

describe('signing in', () => {
  it('leads to the organization last joined by an invitation, else to the oldest', async () => {
    const { email, userId } = await planted();
    await app.asOwner('DELETE FROM two_factors WHERE user_id = $1', [userId]);
    expect((await login(email, PLANTED).expect(200)).body.organization.id).toBe(mallory.organizationId);
    later(1_000);
    await post('accept-invitation', { token: await invited(email), password: OWN }).expect(200);
    expect((await login(email, OWN).expect(200)).body.organization.id).toBe(corp.organizationId);
    later(1_000);
    const third = await app.signUp();
    await app.as(third.accessToken).post('/users/invitations').send({ email, role: 'viewer' }).expect(201);
    await post('accept-invitation', { token: await tokenOf(email, 'invitation'), password: OWN }).expect(200);
    expect((await login(email, OWN).expect(200)).body.organization.id).toBe(third.organizationId);
    await app.as(third.accessToken).delete(`/users/${userId}`).expect(204);
    expect((await login(email, OWN).expect(200)).body.organization.id).toBe(corp.organizationId);
  });

  it('goes on as before for who registered and never used a link', async () => {
    const member = await app.signUp();
    await login(member.email, member.password).expect(200);
    const [row] = await app.asOwner<{ proved: Date | null }>('SELECT email_verified_at AS proved FROM users WHERE id = $1', [
      member.userId,
    ]);
    expect(row!.proved).toBeNull();
  });

  it('an account that an invitation made is of a proved address', async () => {
    const email = 'newcomer@corp.example';
    const token = await invited(email);
    const { user } = (await post('accept-invitation', { token, name: 'New', password: OWN }).expect(200)).body;
    const [row] = await app.asOwner<{ proved: Date | null }>('SELECT email_verified_at AS proved FROM users WHERE id = $1', [user.id]);
    expect(row!.proved).toEqual(app.clock.now());
  });
});
