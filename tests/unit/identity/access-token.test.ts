import jwt, { type SignOptions } from 'jsonwebtoken';
import { AccessTokens } from '../../../src/modules/identity/access-token';
import { SettableClock } from '../../../src/kernel/clock';
import { newId } from '../../../src/kernel/ids';

const SECRET = 'the secret that signs now, long enough';
const PREVIOUS = 'the secret that signed before, long enough';
const clock = new SettableClock(new Date('2026-11-21T10:00:00.500Z'));
const tokens = new AccessTokens([SECRET, PREVIOUS], clock);
const claims = { userId: newId(), organizationId: newId(), sessionId: newId() };
const good = tokens.sign(claims);
const decoded = jwt.decode(good, { complete: true })!;
const header = decoded.header;
const payload = decoded.payload as jwt.JwtPayload;
const { exp: _, ...endless } = payload;

/** Our token with something else in it, signed as well as anybody could who knows the secret. */
const forge = (wrong: {
  header?: { alg?: SignOptions['algorithm']; typ?: string | undefined; kid?: string | undefined };
  payload?: object;
  secret?: string;
}): string =>
  jwt.sign({ ...payload, ...wrong.payload }, wrong.secret ?? SECRET, {
    header: { ...header, ...wrong.header } as jwt.JwtHeader,
    algorithm: wrong.header?.alg ?? 'HS256',
  });

afterEach(() => clock.set(new Date('2026-11-21T10:00:00.500Z')));

it('says who, where and in which session, for fifteen minutes', () => {
  expect(tokens.verify(good)).toEqual(claims);
  expect(header).toEqual({ alg: 'HS256', typ: 'at+jwt', kid: expect.stringMatching(/^[\w-]{8}$/) });
  expect(payload.exp! - payload.iat!).toBe(900);
  expect(tokens.verify(forge({}))).toEqual(claims);
});

it('is still good when the secret was changed since', () => {
  const before = new AccessTokens([PREVIOUS], clock);
  expect(tokens.verify(before.sign(claims))).toEqual(claims);
  expect(before.verify(good)).toBeUndefined();
});

it('expires', () => {
  clock.set(new Date('2026-11-21T10:14:59Z'));
  expect(tokens.verify(good)).toEqual(claims);
  clock.set(new Date('2026-11-21T10:15:01Z'));
  expect(tokens.verify(good)).toBeUndefined();
});

it.each([
  ['nothing', ''],
  ['garbage', 'garbage'],
  ['three parts of garbage', 'a.b.c'],
  ['endless', `${'a'.repeat(5000)}.b.c`],
  ['another issuer', forge({ payload: { iss: 'somebody' } })],
  ['another audience', forge({ payload: { aud: 'something' } })],
  ['another type', forge({ header: { typ: 'JWT' } })],
  ['no type', forge({ header: { typ: undefined } })],
  ['an unknown key', forge({ header: { kid: 'unknown' } })],
  ['no key', forge({ header: { kid: undefined } })],
  ['another secret', forge({ secret: 'guessed' })],
  ["another key's secret", forge({ secret: PREVIOUS })],
  ['another algorithm', forge({ header: { alg: 'HS512' } })],
  ['not good yet', forge({ payload: { nbf: payload.nbf! + 3600 } })],
  ['without end', jwt.sign(endless, SECRET, { header })],
  ['without session', forge({ payload: { sid: undefined } })],
  ['a session that is no id', forge({ payload: { sid: "'; DROP TABLE sessions" } })],
  ['an organization that is no id', forge({ payload: { org: ['x'] } })],
])('is refused: %s', (_, token) => {
  expect(tokens.verify(token)).toBeUndefined();
});

it('is refused without a signature, and with its payload changed', () => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const [head, body, signature] = good.split('.') as [string, string, string];
  expect(tokens.verify(`${part({ ...header, alg: 'none' })}.${body}.`)).toBeUndefined();
  expect(tokens.verify(`${part({ ...header, alg: 'none' })}.${body}.${signature}`)).toBeUndefined();
  expect(tokens.verify(`${head}.${part({ ...payload, org: newId() })}.${signature}`)).toBeUndefined();
});
