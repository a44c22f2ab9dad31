import type { DomainEvent, Json } from '../../events/event';
import type { Role } from '../../kernel/permissions';

/** Users have versions; memberships and sessions don't, they are only ever made and ended. */
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

export const passwordChanged = (
  userId: string,
  version: number,
  payload: { how: 'reset' | 'change'; sessionsEnded: number },
): DomainEvent => ({
  type: 'password.changed',
  aggregateType: 'user',
  aggregateId: userId,
  aggregateVersion: version,
  payload,
});

export const membershipCreated = (userId: string, role: Role): DomainEvent => ({
  type: 'membership.created',
  aggregateType: 'membership',
  aggregateId: userId,
  aggregateVersion: null,
  after: { userId, role },
});

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
export const twoFactorDisabled = (userId: string): DomainEvent => aboutTwoFactor('two_factor.disabled', userId);
export const recoveryCodeUsed = (userId: string, codesLeft: number): DomainEvent =>
  aboutTwoFactor('two_factor.recovery_code_used', userId, { codesLeft });
