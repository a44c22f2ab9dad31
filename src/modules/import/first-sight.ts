import type { ImportMapping } from './mapping';
import { countryOf, LONGEST_NAME, rowReader } from './row-reader';
import { identity, nfc, type RowFields, type SourceRow } from './source-row';

/** What a file tells of a product, for the case that it has to be made. */
export interface SeenProduct {
  /** As written where it stands first. */
  readonly code: string;
  /** The first description of a sale or return. Those of stock notes say what happened to the stock. */
  name?: string;
  /** The first one above zero. */
  unitPrice?: string;
}

export interface SeenCustomer {
  /** The first one in the file; most files have none. */
  name?: string;
  country?: string;
}

/** Products and customers as the first pass over a file comes to know them: made with what the whole file tells, not only its first rows. */
export class FirstSight {
  /** By the code in lower case. */
  readonly products = new Map<string, SeenProduct>();
  readonly customers = new Map<string, SeenCustomer>();
  private readonly byCode = new Map<string, SeenProduct>();
  private readonly read: ReturnType<typeof rowReader>;

  constructor(private readonly mapping: ImportMapping) {
    this.read = rowReader(mapping, mapping.currency ?? 'USD'); // only rounding depends on the currency, and no total is looked at here
  }

  /** Different codes as written. */
  get productCodes(): number {
    return this.byCode.size;
  }

  /** `fields` are the row's: malformed rows have none. */
  add(row: SourceRow, fields: RowFields): void {
    this.addProduct(row, fields);
    this.addCustomer(fields);
  }

  private addProduct(row: SourceRow, { productCode }: RowFields): void {
    if (productCode === '') return;
    const seen = this.byCode.get(productCode) ?? this.newProduct(productCode);
    if (seen.name !== undefined && seen.unitPrice !== undefined) return;
    const result = this.read(row);
    if (!('read' in result)) return;
    const { judgement, description, unitPrice } = result.read;
    if (judgement.kind !== 'sale' && judgement.kind !== 'return') return;
    if (description !== '') seen.name ??= description;
    if (unitPrice !== '0') seen.unitPrice ??= unitPrice;
  }

  private newProduct(written: string): SeenProduct {
    const code = identity(written, 'productCode', this.mapping);
    const key = code.toLowerCase();
    let seen = this.products.get(key);
    if (seen === undefined) this.products.set(key, (seen = { code }));
    this.byCode.set(written, seen);
    return seen;
  }

  private addCustomer({ customerCode, customerName, country }: RowFields): void {
    if (customerCode === '') return;
    const code = identity(customerCode, 'customerCode', this.mapping);
    let seen = this.customers.get(code);
    if (seen === undefined) this.customers.set(code, (seen = {}));
    if (seen.name === undefined && customerName !== '' && customerName.length <= LONGEST_NAME) seen.name = nfc(customerName);
    if (seen.country === undefined && country !== '') {
      const known = countryOf(country, this.mapping);
      if (known !== '') seen.country = known;
    }
  }
}
