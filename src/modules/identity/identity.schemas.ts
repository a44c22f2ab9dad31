import { custom, Field } from '../../http/fields/field';
import {
  bool,
  describe,
  email,
  id,
  instantView,
  int,
  list,
  literal,
  named,
  nullable,
  oneOf,
  optional,
  shape,
  text,
  union,
  withDefault,
  type Infer,
} from '../../http/fields/fields';
import { currency, timeZone } from '../../http/fields/locale-fields';
import { PERMISSIONS, ROLES } from '../../kernel/permissions';
import { LONGEST_PASSWORD, passwordLength, problemOfPassword, SHORTEST_PASSWORD } from './domain/password-rules';
import { SESSION_KINDS } from './domain/session-kind';

/** That a membership may be limited to; more than a person could look after. */
export const MOST_STORES = 1_000;

/** Neither trimmed nor changed: spaces are characters like others. */
export const anyPassword = (): Field<string> =>
  new Field(
    custom((value) =>
      typeof value === 'string' && value !== '' && passwordLength(value) <= LONGEST_PASSWORD
        ? { value }
        : { problem: `must be text of 1 to ${LONGEST_PASSWORD} characters` },
    ),
    () => ({ type: 'string', format: 'password', minLength: 1, maxLength: LONGEST_PASSWORD }),
  );

/** What a person may choose. */
export const newPassword = (): Field<string> =>
  new Field(
    custom((value) => {
      if (typeof value !== 'string') return { problem: 'must be text' };
      const problem = problemOfPassword(value);
      return problem === undefined ? { value } : { problem };
    }),
    () => ({
      type: 'string',
      format: 'password',
      minLength: SHORTEST_PASSWORD,
      maxLength: LONGEST_PASSWORD,
      description: 'Common passwords are refused',
    }),
  );

/** How the client wants to be signed in. */
export const session = () =>
  describe(
    withDefault(oneOf(...SESSION_KINDS), 'bearer'),
    'bearer: tokens in the answer. cookie: for browsers, HTTP-only cookies and a CSRF token',
  );

/** Long enough for an access token too, which is then refused like any other wrong token. */
const refreshToken = () => text(4096);

export const registration = named(
  'Registration',
  shape({
    email: email(),
    password: newPassword(),
    name: text(120),
    organizationName: optional(text(120)),
    storeName: optional(text(120)),
    currency: optional(currency()),
    timeZone: optional(timeZone()),
    invitationToken: optional(
      describe(text(256), 'From a mailed invitation: makes a member of that organization, so the organization’s own fields are left out'),
    ),
    session: session(),
  }),
);
export const login = named(
  'Login',
  shape({
    email: email(),
    password: anyPassword(),
    organizationId: optional(
      describe(
        id(),
        'Which one to sign in to, for members of several; the one last joined by an invitation, else the oldest, when left out',
      ),
    ),
    session: session(),
  }),
);
export const refresh = named('Refresh', shape({ refreshToken: optional(refreshToken()), refresh_token: optional(refreshToken()) }));
export const logout = named('Logout', shape({ refreshToken: optional(refreshToken()), refresh_token: optional(refreshToken()) }));
export const profileChanges = named('ProfileChanges', shape({ name: text(120) }));

const user = {
  id: id(),
  email: email(),
  name: text(120),
  role: oneOf(...ROLES),
  version: int(1, 2 ** 31 - 1),
  createdAt: instantView(),
  updatedAt: instantView(),
};
const organization = named('OwnOrganization', shape({ id: id(), name: text(120), currency: currency(), timeZone: timeZone() }));

const userView = named('User', shape(user));
const signedIn = { user: userView, organization, expiresIn: int(1, 3600) };
const bearerSession = named(
  'BearerSession',
  shape({ ...signedIn, accessToken: text(2048), token: text(2048), refreshToken: text(64), tokenType: literal('Bearer') }),
);
/** The tokens are in cookies; a change sends the CSRF token in the header X-CSRF-Token. */
const cookieSession = named('CookieSession', shape({ ...signedIn, tokenType: literal('Cookie'), csrfToken: text(64) }));
export const signedInView = named('SignedIn', union(bearerSession, cookieSession));
/** The password was right. Send the challenge with a code to POST /auth/two-factor/verify. */
const challengeView = named('Challenge', shape({ twoFactorRequired: literal(true), challenge: text(64), expiresIn: int(1, 3600) }));
export const loginView = named('LoginAnswer', union(bearerSession, cookieSession, challengeView));
export const profileView = named(
  'Profile',
  shape({
    ...user,
    twoFactor: bool(),
    organization,
    organizations: describe(list(shape({ id: id(), name: text(120), role: oneOf(...ROLES) }), { max: 1_000 }), 'Those one may sign in to'),
    storeIds: describe(nullable(list(id(), { max: MOST_STORES })), 'The only stores one may see and use here; null: every store'),
    permissions: list(oneOf(...PERMISSIONS), { max: 100 }),
  }),
);

export type Registration = Infer<typeof registration>;
export type Login = Infer<typeof login>;
export type Refresh = Infer<typeof refresh>;
export type Logout = Infer<typeof logout>;
export type ProfileChanges = Infer<typeof profileChanges>;
export type UserView = Infer<typeof userView>;
export type BearerSessionView = Infer<typeof bearerSession>;
export type ChallengeView = Infer<typeof challengeView>;
export type CookieSessionView = Infer<typeof cookieSession>;
export type ProfileView = Infer<typeof profileView>;
