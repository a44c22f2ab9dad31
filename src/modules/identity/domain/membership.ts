import { invalidField } from '../../../kernel/common-errors';
import type { Role } from '../../../kernel/permissions';

export const MEMBER_STATUSES = ['active', 'disabled'] as const;
export type MemberStatus = (typeof MEMBER_STATUSES)[number];

interface Wanted {
  readonly role: Role;
  readonly storeIds?: readonly string[] | null | undefined;
  readonly customerId?: string | null | undefined;
}

/** What fits a role: an admin could lift a limit to stores, so it would be none; only who signs in as a customer is one. @throws InvalidInput */
export function requireFitting({ role, storeIds, customerId }: Wanted): void {
  if (role === 'admin' && storeIds != null) throw invalidField('body.storeIds', 'is not for an admin, who uses every store');
  if (role !== 'customer' && customerId != null) throw invalidField('body.customerId', 'is for the role customer');
}

/** Whether this member keeps the organization governable. */
export const governs = ({ role, status }: { readonly role: Role; readonly status: MemberStatus }): boolean =>
  role === 'admin' && status === 'active';

/** Store ids as they are stored and compared: each once, in order. */
export const inOrder = (storeIds: readonly string[]): string[] => [...new Set(storeIds)].sort();
