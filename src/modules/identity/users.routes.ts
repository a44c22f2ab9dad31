import { del, get, patch, post, type AnyEndpoint } from '../../http/endpoint';
import { Duplicate, UnusableReference, VersionMismatch } from '../../kernel/common-errors';
import { InvalidCredentials, InvalidLink, InvitationNotFound, LastAdmin, TooManyAttempts, UserNotFound } from './identity.errors';
import { loginView } from './identity.schemas';
import type { InvitationsController } from './invitations.controller';
import type { UsersController } from './users.controller';
import {
  acceptance,
  invitationList,
  invitationPage,
  invitationParams,
  invitationView,
  memberChanges,
  memberList,
  memberPage,
  memberView,
  newInvitation,
  newMember,
  userParams,
} from './users.schemas';

const tag = 'Users';

export const userRoutes = (users: UsersController): AnyEndpoint[] => [
  get(
    '/users',
    {
      operationId: 'listUsers',
      summary: 'List the users of the organization',
      tag,
      allow: 'users:read',
      query: memberList,
      returns: memberPage,
    },
    users.list,
  ),
  post(
    '/users',
    {
      operationId: 'createUser',
      summary: 'Create a user of the organization',
      description:
        'With a password you hand over yourself; to let people choose their own, invite them. Takes no Idempotency-Key, because a password is ' +
        'kept in no other form than its hash: the address is taken once.',
      tag,
      allow: 'users:write',
      body: newMember,
      returns: memberView,
      status: 201,
      fails: [Duplicate, UnusableReference, TooManyAttempts],
      idempotency: 'none',
      example: { email: 'grace@example.com', name: 'Grace Hopper', password: 'a long passphrase', role: 'staff' },
    },
    users.create,
  ),
  get(
    '/users/:userId',
    {
      operationId: 'readUser',
      summary: 'Read a user of the organization',
      tag,
      allow: 'users:read',
      params: userParams,
      returns: memberView,
      fails: [UserNotFound],
      revalidate: false,
    },
    users.read,
  ),
  patch(
    '/users/:userId',
    {
      operationId: 'changeUser',
      summary: 'Change what a user may do, or disable them',
      description:
        'Acts on the user’s next request; who is disabled is signed out. Who becomes an admin uses every store. The last admin can be neither ' +
        'demoted nor disabled. Name and e-mail address are the user’s own affair.',
      tag,
      allow: 'users:write',
      params: userParams,
      body: memberChanges,
      returns: memberView,
      fails: [UserNotFound, LastAdmin, UnusableReference, VersionMismatch],
      example: { role: 'manager' },
    },
    users.change,
  ),
  del(
    '/users/:userId',
    {
      operationId: 'removeUser',
      summary: 'Remove a user from the organization',
      description: 'Signs the user out. The account stays, and what it did keeps its name. The last admin cannot be removed.',
      tag,
      allow: 'users:write',
      params: userParams,
      returns: 'nothing',
      fails: [UserNotFound, LastAdmin, VersionMismatch],
    },
    users.remove,
  ),
];

export const invitationRoutes = (invitations: InvitationsController): AnyEndpoint[] => [
  get(
    '/users/invitations',
    {
      operationId: 'listInvitations',
      summary: 'List invitations',
      tag,
      allow: 'users:read',
      query: invitationList,
      returns: invitationPage,
    },
    invitations.list,
  ),
  post(
    '/users/invitations',
    {
      operationId: 'inviteUser',
      summary: 'Invite somebody into the organization',
      description:
        'Mails a link that works once, for seven days; its token is what POST /auth/accept-invitation and the registration take. An earlier ' +
        'open invitation of the address ends. Whether the address has an account already is not told.',
      tag,
      allow: 'users:write',
      body: newInvitation,
      returns: invitationView,
      status: 201,
      fails: [Duplicate, UnusableReference, TooManyAttempts],
      before: invitations.countRequest,
      example: { email: 'grace@example.com', role: 'staff' },
    },
    invitations.invite,
  ),
  del(
    '/users/invitations/:invitationId',
    {
      operationId: 'revokeInvitation',
      summary: 'Take back an invitation that is open',
      tag,
      allow: 'users:write',
      params: invitationParams,
      returns: 'nothing',
      fails: [InvitationNotFound],
    },
    invitations.revoke,
  ),
  post(
    '/auth/accept-invitation',
    {
      operationId: 'acceptInvitation',
      summary: 'Accept an invitation, and sign in to the organization',
      description:
        'An address without an account needs name and password, and gets one; one with an account needs its password. An account that never ' +
        'used a mailed link before is given the password instead, and its sessions and second factor end: until then anybody could have made ' +
        'it. An account with a second factor becomes a member and is answered a `challenge`, as at the login.',
      tag: 'Identity',
      allow: 'public',
      body: acceptance,
      returns: loginView,
      fails: [InvalidLink, InvalidCredentials, Duplicate, TooManyAttempts],
      example: { token: '3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', name: 'Grace Hopper', password: 'a long passphrase' },
    },
    invitations.accept,
  ),
];
