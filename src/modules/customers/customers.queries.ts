import type { HotLane } from '../../db/hot-lane';
import { readJsonPage, type JsonPage, type PageWanted, type Sorts } from '../../db/json-page';
import { versionedJson, type VersionedJson } from '../../db/versioned-json';
import { Prisma } from '../../generated/prisma/client';
import { currentOrganizationId } from '../../kernel/context';
import { CustomerNotFound } from './customers.errors';

export interface CustomersWanted extends PageWanted {
  readonly sortBy: 'name' | 'createdAt';
  /** Part of name, company, e-mail, phone or code, without regard to case. */
  readonly q?: string | undefined;
  /** Lower case. */
  readonly email?: string | undefined;
  /** ISO 3166-1 alpha-2. */
  readonly country?: string | undefined;
}

export const CUSTOMER_SORTS: Sorts<CustomersWanted['sortBy']> = {
  name: { key: Prisma.sql`f.name`, kind: 'text' },
  createdAt: { key: Prisma.sql`f.created_at`, kind: 'instant' },
};

const VIEW = Prisma.sql`json_build_object('id', p.id, 'code', p.code, 'name', p.name, 'email', p.email, 'phone', p.phone, 'company', p.company,
  'billingAddress', p.billing_address, 'shippingAddress', p.shipping_address, 'country', p.country, 'taxNumber', p.tax_number,
  'paymentTerms', p.payment_terms, 'creditLimit', money_text(p.credit_limit, o.currency), 'notes', p.notes, 'anonymisedAt', instant_text(p.anonymised_at),
  'version', p.version, 'createdAt', instant_text(p.created_at), 'updatedAt', instant_text(p.updated_at))`;
const JOINS = Prisma.sql`JOIN organizations o ON o.id = p.organization_id`;

export class CustomersQueries {
  constructor(private readonly lane: Pick<HotLane, 'text'>) {}

  async read(customerId: string): Promise<VersionedJson> {
    const view = versionedJson(
      await this.lane.text(Prisma.sql`
        SELECT p.version || E'\\n' || ${VIEW}::text FROM customers p ${JOINS}
        WHERE p.organization_id = ${currentOrganizationId()}::uuid AND p.id = ${customerId}::uuid`),
    );
    if (!view) throw new CustomerNotFound(`There is no customer ${customerId}`);
    return view;
  }

  /** Anonymised ones are left out: they exist for their documents only. */
  list({ sortBy, q, email, country, ...wanted }: CustomersWanted): Promise<JsonPage> {
    const where = [Prisma.sql`f.organization_id = ${currentOrganizationId()}::uuid`, Prisma.sql`f.anonymised_at IS NULL`];
    if (email !== undefined) where.push(Prisma.sql`f.email = ${email}`);
    if (country !== undefined) where.push(Prisma.sql`f.country = ${country}`);
    if (q !== undefined) where.push(contains(q));
    return readJsonPage(
      this.lane,
      {
        from: Prisma.sql`customers f`,
        id: Prisma.sql`f.id`,
        where,
        sort: CUSTOMER_SORTS[sortBy],
        columns: Prisma.sql`f.*`,
        view: VIEW,
        joins: JOINS,
      },
      wanted,
    );
  }
}

const contains = (q: string): Prisma.Sql => Prisma.sql`(strpos(lower(f.name), lower(${q})) > 0 OR strpos(f.email, lower(${q})) > 0
  OR strpos(lower(f.company), lower(${q})) > 0 OR strpos(f.phone, ${q}) > 0 OR strpos(lower(f.code), lower(${q})) > 0)`;
