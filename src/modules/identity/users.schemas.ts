import { custom, Field } from '../../http/fields/field';
import {
  commaList,
  describe,
  email,
  id,
  instantView,
  int,
  list,
  named,
  nullable,
  oneOf,
  optional,
  partial,
  shape,
  text,
  type Infer,
} from '../../http/fields/fields';
import { listQuery, pageOf } from '../../http/lists/paging';
import { ROLES, type Role } from '../../kernel/permissions';
import { anyPassword, MOST_STORES, newPassword, session } from './identity.schemas';
import { INVITATION_STATUSES } from './invitations.queries';
import { MEMBER_STATUSES } from './domain/membership';

const WORDS = [...ROLES, 'employee'];

/** A role in a request, where `employee` is another word for staff. */
const role = (): Field<Role> =>
  new Field(
    custom((value) => {
      const word = value === 'employee' ? 'staff' : value;
      return ROLES.some((known) => known === word) ? { value: word } : { problem: `must be one of ${WORDS.join(', ')}` };
    }),
    () => ({ type: 'string', enum: WORDS, description: '`employee` is another word for staff' }),
  );
const storeIds = () => list(id(), { min: 1, max: MOST_STORES });
const limit = () => describe(nullable(storeIds()), 'The only stores to be seen and used; null: every store. Not for admins');
const storeIdsView = () => describe(nullable(list(id(), { max: MOST_STORES })), 'The only stores to be seen and used; null: every store');

const customerId = () =>
  describe(nullable(id()), 'Who of the customers a user of the role customer is; the one with the same e-mail address when left out');
const customerIdView = () => describe(nullable(id()), 'Who of the customers a user of the role customer is, when that is known');

export const userParams = shape({ userId: id() });
export const newMember = named(
  'NewUser',
  shape({
    email: email(),
    name: text(120),
    password: newPassword(),
    role: role(),
    storeIds: optional(limit()),
    customerId: optional(customerId()),
  }),
);
export const memberChanges = named(
  'UserChanges',
  partial({ role: role(), storeIds: limit(), customerId: customerId(), status: oneOf(...MEMBER_STATUSES) }),
);
export const memberView = named(
  'Member',
  shape({
    id: id(),
    email: email(),
    name: text(120),
    role: oneOf(...ROLES),
    status: describe(oneOf(...MEMBER_STATUSES), 'A disabled user cannot sign in to this organization'),
    storeIds: storeIdsView(),
    customerId: customerIdView(),
    version: int(1, 2 ** 31 - 1),
    createdAt: describe(instantView(), 'When the user joined the organization'),
    updatedAt: instantView(),
  }),
);
export const memberList = listQuery(
  { sort: ['name', 'email', 'createdAt'], default: 'name' },
  {
    q: optional(describe(text(100), 'Part of name or e-mail address')),
    role: optional(commaList(role(), { max: ROLES.length })),
    status: optional(oneOf(...MEMBER_STATUSES)),
  },
);
export const memberPage = pageOf('MemberPage', memberView);

export const invitationParams = shape({ invitationId: id() });
export const newInvitation = named(
  'NewInvitation',
  shape({ email: email(), role: role(), storeIds: optional(limit()), customerId: optional(customerId()) }),
);
export const invitationView = named(
  'Invitation',
  shape({
    id: id(),
    email: email(),
    role: oneOf(...ROLES),
    storeIds: storeIdsView(),
    customerId: customerIdView(),
    status: oneOf(...INVITATION_STATUSES),
    invitedBy: nullable(shape({ id: id(), name: text(120) })),
    createdAt: instantView(),
    expiresAt: instantView(),
    acceptedAt: nullable(instantView()),
    revokedAt: nullable(instantView()),
  }),
);
export const invitationList = listQuery(
  { sort: ['createdAt', 'email'], default: '-createdAt' },
  { status: optional(oneOf(...INVITATION_STATUSES)) },
);
export const invitationPage = pageOf('InvitationPage', invitationView);

export const acceptance = named(
  'InvitationAcceptance',
  shape({
    token: describe(text(256), 'From the mailed link'),
    password: describe(
      anyPassword(),
      'Of the account of the invited address; of the account to be made, when there is none; a new one, when the account never used a mailed link',
    ),
    name: optional(describe(text(120), 'For an address without an account')),
    session: session(),
  }),
);

export type UserParams = Infer<typeof userParams>;
export type NewMemberBody = Infer<typeof newMember>;
export type MemberChangesBody = Infer<typeof memberChanges>;
export type MemberView = Infer<typeof memberView>;
export type MemberList = Infer<typeof memberList>;
export type InvitationParams = Infer<typeof invitationParams>;
export type NewInvitationBody = Infer<typeof newInvitation>;
export type InvitationView = Infer<typeof invitationView>;
export type InvitationList = Infer<typeof invitationList>;
export type AcceptanceBody = Infer<typeof acceptance>;
