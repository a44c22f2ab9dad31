import type { Address } from '../../../kernel/address';
import { Forbidden } from '../../../kernel/common-errors';
import { Decimal } from '../../../kernel/decimal';

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

/** Undefined leaves a field as it is. */
export type CustomerChange = Partial<Omit<Customer, 'id' | 'version' | 'anonymisedAt'>>;
export type NewCustomer = CustomerChange & Pick<Customer, 'name'>;

/** What whoever creates or changes a customer may do. */
export interface CustomerRights {
  /** prices:write: how much may be owed is decided by those who decide what is owed. */
  readonly maySetCreditLimit: boolean;
}

/**
 * ORD-12: a limit that stays is nobody's decision; undefined leaves it as it is.
 * @throws Forbidden
 */
export function requireCreditRight(before: string | null, after: string | null | undefined, { maySetCreditLimit }: CustomerRights): void {
  if (maySetCreditLimit || after === undefined || before === after) return;
  if (before !== null && after !== null && new Decimal(before).eq(after)) return;
  throw new Forbidden('Setting a credit limit needs the permission prices:write', { permission: 'prices:write' });
}

/** The country is that of the billing address, else of the shipping address, when none is named. */
export const composeCustomer = (id: string, wanted: NewCustomer): Customer => ({
  id,
  code: wanted.code ?? null,
  name: wanted.name,
  email: wanted.email ?? null,
  phone: wanted.phone ?? null,
  company: wanted.company ?? null,
  billingAddress: wanted.billingAddress ?? null,
  shippingAddress: wanted.shippingAddress ?? null,
  country: wanted.country ?? wanted.billingAddress?.country ?? wanted.shippingAddress?.country ?? null,
  taxNumber: wanted.taxNumber ?? null,
  paymentTerms: wanted.paymentTerms ?? STANDARD_PAYMENT_TERMS,
  creditLimit: wanted.creditLimit ?? null,
  notes: wanted.notes ?? null,
  anonymisedAt: null,
  version: 1,
});

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
