import { type AppError, type FailureClass } from '../kernel/app-error';
import { Duplicate, InUse, InvalidInput, UnusableReference, VersionMismatch } from '../kernel/common-errors';

type Meaning = readonly [FailureClass, string];

/** What the unique keys and CHECKs that a request can run into mean to the person who sent it. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  users_email_key: [Duplicate, 'This e-mail address is already registered'],
  invitations_open_key: [Duplicate, 'This address was invited at the same moment'],
  memberships_last_admin_check: [InUse, 'An organization keeps at least one admin who can sign in'],
  stores_code_key: [Duplicate, 'Another store already has this code'],
  tax_rates_name_key: [Duplicate, 'Another tax rate already has this name'],
  tax_rates_one_default_key: [Duplicate, 'Another tax rate is already the default'],
  units_code_key: [Duplicate, 'Another unit already has this code'],
  categories_code_key: [Duplicate, 'Another category already has this code'],
  products_sku_key: [Duplicate, 'Another product already has this SKU'],
  products_barcode_key: [Duplicate, 'Another product already has this barcode'],
  customers_email_key: [Duplicate, 'Another customer already has this e-mail address'],
  customers_code_key: [Duplicate, 'Another customer already has this code'],
  orders_number_key: [Duplicate, 'Another order already has this number'],
  returns_number_key: [Duplicate, 'Another return already has this number'],
  // Two writers computed the same next version: the second one worked on what the first has just changed.
  events_aggregate_version_key: [VersionMismatch, 'The resource was changed by another request at the same moment; read it again'],
  imports_fingerprint_key: [Duplicate, 'This file was already imported with this mapping'],
  products_published_has_price_check: [InvalidInput, 'A published product needs a price'],
  products_unit_frozen_check: [InUse, 'The stock unit of a product cannot change once it was moved or ordered'],
  products_tracking_frozen_check: [InUse, 'A product that was moved, or that open orders hold, must go on tracking stock'],
  orders_transition_check: [InUse, 'The order was moved to another status meanwhile'],
  orders_payer_check: [InUse, 'The order was paid for meanwhile, so it keeps its customer'],
  orders_delete_draft_only_check: [InUse, 'Only a draft can be deleted'],
  stock_levels_on_hand_check: [InUse, 'There is not that much stock on hand'],
  stock_levels_reserved_within_on_hand_check: [InUse, 'That much of the stock is reserved for orders'],
};

/**
 * The error a violated constraint stands for, by SQLSTATE and name. Undefined for those that only a mistake of ours can violate:
 * they are answered as 500 and logged.
 */
export function constraintError(state: string, constraint: string | undefined, message: string): AppError | undefined {
  const meaning = constraint === undefined ? undefined : MEANINGS[constraint];
  if (meaning) return new meaning[0](meaning[1]);
  if (state === '23505') return new Duplicate('Another resource already has this value');
  if (state === '23503' && message.includes('still referenced')) return new InUse('Other resources still refer to it');
  if (state === '23001') return new InUse('Other resources still refer to it');
  if (state === '23503') return new UnusableReference('Something the request refers to does not exist');
  return undefined;
}

/** For the test that holds this list against the catalogue. */
export const namedConstraints: ReadonlySet<string> = new Set(Object.keys(MEANINGS));
