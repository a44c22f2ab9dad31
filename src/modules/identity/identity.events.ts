import type { DomainEvent, Json } from '../../events/event';
import type { MembershipFields } from './memberships.repository';

/** Sessions have no version: they are only ever made and ended. A membership is a user in this organization, so its events go by the user's id. */
export const userRegistered = (userId: string, personal: { email: string; name: string }): DomainEvent => ({
  type: 'user.registered',
  aggregateType: 'user',
  aggregateId: userId,
  aggregateVersion: 1,
  personal: { before: null, after: personal },
});

export const profileUpdated = (userId: string, version: number, personal: { before: Json; after: Json }): DomainEvent => ({
  type: 'profile.updated',
  aggregateType: 'user',
  aggregateId: userId,
  aggregateVersion: version,
  payload: { fields: Object.keys(personal.after) },
  personal,
});

export const passwordResetRequested = (userId: string): DomainEvent => ({
  type: 'password_reset.requested',
  aggregateType: 'password_reset',
  aggregateId: userId,
  aggregateVersion: null,
  payload: { userId },
});

/** With a mailed link of one's own account, with that of an invitation, or with the password before. */
export type WayOfPassword = 'reset' | 'invitation' | 'change';

export const passwordChanged = (userId: string, version: number, payload: { how: WayOfPassword; sessionsEnded: number }): DomainEvent => ({
  type: 'password.changed',
  aggregateType: 'user',
  aggregateId: userId,
  aggregateVersion: version,
  payload,
});

const aboutMembership = (verb: string, userId: string, rest: Partial<DomainEvent>): DomainEvent => ({
  type: `membership.${verb}`,
  aggregateType: 'membership',
  aggregateId: userId,
  // The user's own events count versions under this id.
  aggregateVersion: null,
  ...rest,
});
export const membershipCreated = (userId: string, fields: MembershipFields): DomainEvent =>
  aboutMembership('created', userId, { payload: { version: 1 }, after: { userId, ...fields } });
export const membershipUpdated = (userId: string, version: number, difference: { before: Json; after: Json }): DomainEvent =>
  aboutMembership('updated', userId, { payload: { version }, ...difference });
export const membershipDeleted = (userId: string, version: number, before: Json): DomainEvent =>
  aboutMembership('deleted', userId, { payload: { version }, before });

const aboutInvitation = (verb: string, id: string, version: number, rest: Partial<DomainEvent> = {}): DomainEvent => ({
  type: `invitation.${verb}`,
  aggregateType: 'invitation',
  aggregateId: id,
  aggregateVersion: version,
  ...rest,
});
export const invitationCreated = ({
  id,
  email,
  role,
  storeIds,
  customerId,
}: MembershipFields & { id: string; email: string }): DomainEvent =>
  aboutInvitation('created', id, 1, { after: { role, storeIds, customerId }, personal: { before: null, after: { email } } });
/** It ends once: accepted or taken back. */
export const invitationAccepted = (id: string, userId: string): DomainEvent => aboutInvitation('accepted', id, 2, { payload: { userId } });
export const invitationRevoked = (id: string): DomainEvent => aboutInvitation('revoked', id, 2);

export const sessionStarted = (sessionId: string, userId: string): DomainEvent => ({
  type: 'session.started',
  aggregateType: 'session',
  aggregateId: sessionId,
  aggregateVersion: null,
  payload: { userId },
});

export type EndOfSession = 'logout' | 'refresh_token_reused' | 'ended_by_user' | 'password_changed' | 'membership_ended';

export const sessionEnded = (sessionId: string, userId: string, reason: EndOfSession): DomainEvent => ({
  type: 'session.ended',
  aggregateType: 'session',
  aggregateId: sessionId,
  aggregateVersion: null,
  payload: { userId, reason },
});

type TwoFactorEvent = 'two_factor.enabled' | 'two_factor.disabled' | 'two_factor.recovery_code_used';
const aboutTwoFactor = (type: TwoFactorEvent, userId: string, payload: Json = {}): DomainEvent => ({
  type,
  aggregateType: 'two_factor',
  aggregateId: userId,
  aggregateVersion: null,
  payload: { userId, ...payload },
});
export const twoFactorEnabled = (userId: string): DomainEvent => aboutTwoFactor('two_factor.enabled', userId);
export const twoFactorDisabled = (userId: string, reason?: 'mailbox_proved'): DomainEvent =>
  aboutTwoFactor('two_factor.disabled', userId, reason === undefined ? {} : { reason });
export const recoveryCodeUsed = (userId: string, codesLeft: number): DomainEvent =>
  aboutTwoFactor('two_factor.recovery_code_used', userId, { codesLeft });
