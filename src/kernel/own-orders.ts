import { currentContext } from './context';

/**
 * ORD-10: the customer whose orders alone the caller may see and touch. Undefined: everybody's, within the permissions; null: nobody's,
 * because the caller signs in as a customer and is not linked to one yet.
 */
export const onlyCustomer = (): string | null | undefined => currentContext().customerId;

/** Whether the caller signs in as a customer: the shop window's view of things, without what is the shop's own affair. */
export const isCustomer = (): boolean => onlyCustomer() !== undefined;
