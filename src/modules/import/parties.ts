import type { EventStore } from '../../events/event-store';
import type { Clock } from '../../kernel/clock';
import { countryCodeOf } from '../../kernel/countries';
import { newId } from '../../kernel/ids';
import { productCreated, type Product } from '../catalogue/catalogue.module';
import { customerCreated, type Customer } from '../customers/customers.module';
import { composeCustomer } from '../customers/domain/customer';
import type { SeenCustomer, SeenProduct } from './first-sight';
import type { ImportMapping } from './mapping';
import type { KnownProduct, PartiesRepository } from './parties.repository';
import type { SourceDocument, SourceLine } from './source-document';
import type { FileSurvey } from './survey';

export interface KnownParties {
  /** By the product code in lower case. */
  readonly products: ReadonlyMap<string, KnownProduct>;
  /** Ids by code. */
  readonly customers: ReadonlyMap<string, string>;
}

/** What products and customers are made with. */
export interface PartySource {
  readonly firstSight: FileSurvey['firstSight'];
  readonly mapping: ImportMapping;
  readonly currency: string;
  readonly unitId: string;
}

export const linesOf = (document: SourceDocument): SourceLine[] => [...document.saleLines, ...document.returnLines, ...document.stockNotes];

/** Finds the products and customers of documents, and makes those that are not there. Existing ones stay as they are (ORD-8). */
export class Parties {
  constructor(
    private readonly repository: PartiesRepository,
    private readonly events: EventStore,
    private readonly clock: Clock,
  ) {}

  async of(documents: readonly SourceDocument[], source: PartySource): Promise<KnownParties> {
    return { products: await this.products(documents, source), customers: await this.customers(documents, source) };
  }

  private async products(documents: readonly SourceDocument[], source: PartySource): Promise<Map<string, KnownProduct>> {
    const services = new Map(documents.flatMap(linesOf).map(({ productKey, service }) => [productKey, service]));
    const keys = [...services.keys()].sort();
    const known = await this.repository.products(keys);
    const missing = keys.filter((key) => !known.has(key));
    if (missing.length === 0) return known;
    const wanted = missing.map((key) => newProduct(source.firstSight.products.get(key)!, services.get(key)!, source));
    const made = await this.repository.insertProducts(wanted, this.clock.now());
    await this.events.append(...wanted.filter(({ id }) => made.has(id)).map(productCreated));
    return this.repository.products(keys); // also those that somebody else made at the same moment
  }

  private async customers(documents: readonly SourceDocument[], source: PartySource): Promise<Map<string, string>> {
    const codes = [...new Set(documents.flatMap(({ customerCode }) => customerCode ?? []))].sort();
    const known = await this.repository.customers(codes);
    const missing = codes.filter((code) => !known.has(code));
    if (missing.length === 0) return known;
    const wanted = missing.map((code) => newCustomer(code, source.firstSight.customers.get(code)!, source));
    const made = await this.repository.insertCustomers(wanted, this.clock.now());
    await this.events.append(...wanted.filter(({ id }) => made.has(id)).map(customerCreated));
    return this.repository.customers(codes);
  }
}

/** Published when the file tells a price (CAT-1). */
const newProduct = ({ code, name, unitPrice }: SeenProduct, service: boolean, { currency, unitId }: PartySource): Product => ({
  id: newId(),
  sku: code,
  name: name ?? code,
  description: null,
  categoryId: null,
  unitId,
  price: unitPrice ?? null,
  cost: null,
  currency,
  status: unitPrice === undefined ? 'draft' : 'published',
  tracksStock: !service,
  allowsBackorder: false,
  reorderLevel: null,
  reorderQuantity: null,
  barcode: null,
  supplier: null,
  attributes: {},
  version: 1,
});

const newCustomer = (code: string, { name, country }: SeenCustomer, { mapping }: PartySource): Customer =>
  composeCustomer(newId(), {
    code,
    name: name ?? mapping.customerName.replaceAll('{code}', () => code),
    ...(country !== undefined && { country: countryCodeOf(country) ?? null }),
  });
