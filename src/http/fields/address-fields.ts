import type { Address, AddressInput } from '../../kernel/address';
import { countryCodeOf } from '../../kernel/countries';
import { custom, Field } from './field';
import { countryCode, named, nullable, optional, shape, text } from './fields';

/** Input: an ISO 3166-1 alpha-2 code, or an English name that maps to one; becomes the code. */
export const country = (): Field<string> =>
  new Field(
    custom((value) => {
      const code = typeof value === 'string' && value.length <= 80 ? countryCodeOf(value) : undefined;
      return code === undefined ? { problem: 'must be a country: ISO 3166-1 alpha-2, or its English name' } : { value: code };
    }),
    () => ({
      type: 'string',
      minLength: 2,
      maxLength: 80,
      description: 'ISO 3166-1 alpha-2, or an English name',
      examples: ['GB', 'United Kingdom'],
    }),
  );

/** A postal address as it is sent. `storedAddress()` makes it the answer's shape. */
export const addressInput: Field<AddressInput> = named(
  'AddressInput',
  shape({
    line1: text(200),
    line2: optional(nullable(text(200, { min: 0 }))),
    city: text(100),
    region: optional(nullable(text(100, { min: 0 }))),
    postalCode: optional(nullable(text(20, { min: 0 }))),
    country: country(),
  }),
);

/** A postal address as it is stored (JSON) and answered: every key present. */
export const addressView: Field<Address> = named(
  'Address',
  shape({
    line1: text(200),
    line2: nullable(text(200)),
    city: text(100),
    region: nullable(text(100)),
    postalCode: nullable(text(20)),
    country: countryCode(),
  }),
);
