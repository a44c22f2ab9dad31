/** A postal address as it is stored (JSON) and answered: every key present. */
export interface Address {
  readonly line1: string;
  readonly line2: string | null;
  readonly city: string;
  readonly region: string | null;
  readonly postalCode: string | null;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
}

/** As people send it. */
export type AddressInput = Pick<Address, 'line1' | 'city' | 'country'> & Partial<Pick<Address, 'line2' | 'region' | 'postalCode'>>;

/** Fills in what was left out; an empty text is as good as none. */
export const storedAddress = ({ line1, line2, city, region, postalCode, country }: AddressInput): Address => ({
  line1,
  line2: line2 || null,
  city,
  region: region || null,
  postalCode: postalCode || null,
  country,
});
