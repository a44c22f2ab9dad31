import { invalidField } from '../../../kernel/common-errors';
import type { Role } from '../../../kernel/permissions';

export const MEMBER_STATUSES = ['active', 'disabled'] as const;
export type MemberStatus = (typeof MEMBER_STATUSES)[number];

/** An admin could lift the limit, so it would be none. @throws InvalidInput */
export function requireLimitable({
  role,
  storeIds,
}: {
  readonly role: Role;
  readonly storeIds?: readonly string[] | null | undefined;
}): void {
  if (role === 'admin' && storeIds != null) throw invalidField('body.storeIds', 'is not for an admin, who uses every store');
}

/** Whether this member keeps the organization governable. */
export const governs = ({ role, status }: { readonly role: Role; readonly status: MemberStatus }): boolean =>
  role === 'admin' && status === 'active';

/** Store ids as they are stored and compared: each once, in order. */
export const inOrder = (storeIds: readonly string[]): string[] => [...new Set(storeIds)].sort();
