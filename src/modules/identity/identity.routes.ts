import { get, patch, post, type AnyEndpoint } from '../../http/endpoint';
import { CrossSiteRequest } from '../../http/errors';
import { Duplicate, VersionMismatch } from '../../kernel/common-errors';
import type { IdentityController } from './identity.controller';
import { InvalidCredentials, InvalidLink, InvalidRefreshToken, TooManyAttempts } from './identity.errors';
import { login, loginView, logout, profileChanges, profileView, refresh, registration, signedInView } from './identity.schemas';

const tag = 'Identity';
const WAYS =
  'Answers tokens. With `"session": "cookie"` they are set as HTTP-only cookies instead, and the answer holds a `csrfToken`: every change that is ' +
  'signed in by cookies sends it as `X-CSRF-Token`. It can be read again from the cookie `__Host-qm-csrf`. A header `Authorization` goes before cookies.';

const registering = (path: '/auth/register' | '/auth/signup', operationId: string, identity: IdentityController): AnyEndpoint =>
  post(
    path,
    {
      operationId,
      summary: 'Register a user with an organization of their own',
      description:
        'Makes the organization, its first store (MAIN) and the role admin, and signs in. With `invitationToken` the user becomes a member of the ' +
        'organization that invited the address instead.',
      tag,
      allow: 'public',
      body: registration,
      returns: signedInView,
      status: 201,
      fails: [Duplicate, InvalidLink, TooManyAttempts],
      example: { email: 'ada@example.com', password: 'a long passphrase', name: 'Ada Lovelace', organizationName: 'Analytical Engines' },
    },
    identity.register,
  );

export const identityRoutes = (identity: IdentityController): AnyEndpoint[] => [
  registering('/auth/register', 'register', identity),
  registering('/auth/signup', 'signUp', identity),
  post(
    '/auth/login',
    {
      operationId: 'login',
      summary: 'Sign in',
      description: `${WAYS} An account with a second factor is answered a \`challenge\` for POST /auth/two-factor/verify, and no token.`,
      tag,
      allow: 'public',
      body: login,
      returns: loginView,
      fails: [InvalidCredentials, TooManyAttempts],
      example: { email: 'ada@example.com', password: 'a long passphrase' },
    },
    identity.login,
  ),
  post(
    '/auth/refresh',
    {
      operationId: 'refresh',
      summary: 'Exchange a refresh token for new tokens',
      description:
        'A refresh token works once. One that comes back after its use ends the session; a retry within ten seconds is served. Without a ' +
        'token in the body the one of the cookie is taken, which needs the header X-CSRF-Token; the answer then sets new cookies.',
      tag,
      allow: 'public',
      body: refresh,
      returns: signedInView,
      fails: [InvalidRefreshToken, CrossSiteRequest],
      example: { refreshToken: '3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' },
    },
    identity.refresh,
  ),
  post(
    '/auth/logout',
    {
      operationId: 'logout',
      summary: 'End this session',
      description: 'Its access and refresh tokens stop working at once, and cookies are cleared. The body may be left out.',
      tag,
      allow: 'signed-in',
      body: logout,
      returns: 'nothing',
      idempotency: 'none',
    },
    identity.logout,
  ),
  get(
    '/auth/me',
    { operationId: 'readMe', summary: 'Who am I', tag, allow: 'signed-in', returns: profileView, revalidate: false },
    identity.readProfile,
  ),
  get(
    '/auth/profile',
    { operationId: 'readProfile', summary: 'Read your own profile', tag, allow: 'profile:read', returns: profileView, revalidate: false },
    identity.readProfile,
  ),
  patch(
    '/auth/profile',
    {
      operationId: 'changeProfile',
      summary: 'Change your own profile',
      tag,
      allow: 'profile:write',
      body: profileChanges,
      returns: profileView,
      fails: [VersionMismatch],
      example: { name: 'Ada King' },
    },
    identity.changeProfile,
  ),
];
