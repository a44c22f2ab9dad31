import { addressJson } from '../../db/address-json';
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

/** Of a customer `p` and the organization `o`. */
const VIEW = Prisma.sql`(SELECT row_to_json(customer_view) FROM (SELECT p.id, p.code, p.name, p.email, p.phone, p.company,
  ${addressJson(Prisma.sql`p.billing_address`)} AS "billingAddress", ${addressJson(Prisma.sql`p.shipping_address`)} AS "shippingAddress", p.country, p.tax_number AS "taxNumber",
  p.payment_terms AS "paymentTerms", money_text(p.credit_limit, o.currency) AS "creditLimit", p.notes, instant_text(p.anonymised_at) AS "anonymisedAt",
  p.version, instant_text(p.created_at) AS "createdAt", instant_text(p.updated_at) AS "updatedAt") customer_view)`;
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
