import type { RequestMeta } from '../../../src/http/endpoint';
import { systemClock } from '../../../src/kernel/clock';
import { Unauthenticated } from '../../../src/kernel/common-errors';
import { newId } from '../../../src/kernel/ids';
import type { Role } from '../../../src/kernel/permissions';
import { AccessTokens } from '../../../src/modules/identity/access-token';
import { CookieSessions } from '../../../src/modules/identity/cookie-sessions';
import { CsrfTokens } from '../../../src/modules/identity/csrf-tokens';
import { KnownDevices } from '../../../src/modules/identity/known-devices';
import { Principals } from '../../../src/modules/identity/principals';
import type { LiveSession } from '../../../src/modules/identity/sessions.repository';

const tokens = new AccessTokens(['a secret that only this test knows'], systemClock);
const claims = { userId: newId(), organizationId: newId(), sessionId: newId() };
const bearer = `Bearer ${tokens.sign(claims)}`;

const keys = [Buffer.from('a key')];
const cookies = new CookieSessions(new CsrfTokens(keys), new KnownDevices(keys, systemClock), [], systemClock);
const sending = (authorization: string | undefined): RequestMeta => ({
  requestId: newId(),
  ip: '192.0.2.1',
  userAgent: undefined,
  method: 'GET',
  host: 'localhost',
  path: '/api/v1/auth/me',
  hasBody: false,
  header: (name) => (name === 'authorization' ? authorization : undefined),
});

function principalsOver(session: LiveSession | undefined) {
  const asked = { times: 0, session };
  const findLive = () => {
    asked.times += 1;
    return Promise.resolve(asked.session);
  };
  return { asked, principals: new Principals(tokens, { findLive }, cookies, systemClock) };
}
const live = (role: Role, stamp: number): LiveSession => ({
  ...claims,
  id: claims.sessionId,
  role,
  storeIds: null,
  customerId: null,
  stamp,
});

it('asks the database once, and again after forgetting', async () => {
  const { asked, principals } = principalsOver(live('admin', 1));
  const principal = await principals.authenticate(sending(bearer));
  expect(principal).toMatchObject({ userId: claims.userId, role: 'admin', session: { id: claims.sessionId, stamp: 1 } });
  expect(await principals.authenticate(sending(bearer))).toBe(principal);
  expect(asked.times).toBe(1);

  asked.session = live('viewer', 2);
  principals.forget(claims.sessionId);
  expect(await principals.authenticate(sending(bearer))).toMatchObject({ role: 'viewer', session: { stamp: 2 } });
});

it('refuses an ended session, and asks again the next time', async () => {
  const { asked, principals } = principalsOver(undefined);
  await expect(principals.authenticate(sending(bearer))).rejects.toThrow(Unauthenticated);
  await expect(principals.authenticate(sending(bearer))).rejects.toThrow(Unauthenticated);
  expect(asked.times).toBe(2);
});

it('refuses a token whose user or organization is not the session’s', async () => {
  const { principals } = principalsOver(live('admin', 1));
  for (const other of [{ userId: newId() }, { organizationId: newId() }])
    await expect(principals.authenticate(sending(`Bearer ${tokens.sign({ ...claims, ...other })}`))).rejects.toThrow(Unauthenticated);
});

it('asks nobody about what is no token of ours', async () => {
  const { asked, principals } = principalsOver(live('admin', 1));
  for (const header of [undefined, '', 'Bearer', 'Bearer x.y.z', bearer.slice(7), `${bearer}x`])
    await expect(principals.authenticate(sending(header))).rejects.toThrow('Send a valid access token');
  expect(asked.times).toBe(0);
});

it('tells which stores a limited membership may use', async () => {
  const storeIds = [newId(), newId()];
  const { asked, principals } = principalsOver({ ...live('staff', 1), storeIds });
  expect((await principals.authenticate(sending(bearer))).storeIds).toEqual(storeIds);
  asked.session = live('staff', 2);
  principals.forget(claims.sessionId);
  expect(await principals.authenticate(sending(bearer))).not.toHaveProperty('storeIds');
});
