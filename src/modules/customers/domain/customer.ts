import type { Address } from '../../../kernel/address';

export interface Customer {
  readonly id: string;
  /** Its number in another system. */
  readonly code: string | null;
  readonly name: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly company: string | null;
  readonly billingAddress: Address | null;
  readonly shippingAddress: Address | null;
  readonly country: string | null;
  readonly taxNumber: string | null;
  /** Days until an invoice is due. */
  readonly paymentTerms: number;
  /** Canonical decimal text in the organization's currency; null is no limit. */
  readonly creditLimit: string | null;
  readonly notes: string | null;
  readonly anonymisedAt: Date | null;
  readonly version: number;
}

/** IVC-4 */
export const STANDARD_PAYMENT_TERMS = 30;

/** What names or describes a person: kept apart in events, so that it can be erased. */
export const PERSONAL_FIELDS = [
  'code',
  'name',
  'email',
  'phone',
  'company',
  'billingAddress',
  'shippingAddress',
  'taxNumber',
  'notes',
] as const satisfies readonly (keyof Customer)[];

/** CAT-3: what remains for the documents of a deleted customer. */
export const anonymised = (customer: Customer, now: Date): Customer => ({
  ...customer,
  code: null,
  name: 'Deleted customer',
  email: null,
  phone: null,
  company: null,
  billingAddress: null,
  shippingAddress: null,
  taxNumber: null,
  notes: null,
  anonymisedAt: now,
});
