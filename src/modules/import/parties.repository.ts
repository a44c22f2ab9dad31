import type { UnitOfWork } from '../../db/unit-of-work';
import type { Prisma } from '../../generated/prisma/client';
import { currentOrganizationId } from '../../kernel/context';
import type { Product } from '../catalogue/catalogue.module';
import type { Customer } from '../customers/customers.module';

/** What the lines of documents need to know of a product. */
export interface KnownProduct {
  /** The product code in lower case, as it was asked for. */
  readonly key: string;
  readonly id: string;
  readonly name: string;
  readonly tracksStock: boolean;
  /** The stock unit's code. */
  readonly unit: string;
}

/** Products and customers of documents: looked up and made by the set. */
export class PartiesRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  private get tx(): Prisma.TransactionClient {
    return this.unitOfWork.transaction;
  }

  async products(keys: readonly string[]): Promise<Map<string, KnownProduct>> {
    const rows = await this.tx.$queryRaw<KnownProduct[]>`
      SELECT k.key, p.id::text, p.name, p.tracks_stock AS "tracksStock", u.code AS unit
      FROM unnest(${keys}::text[]) AS k (key)
      JOIN products p ON p.organization_id = ${currentOrganizationId()}::uuid AND p.sku_key = lower(k.key)
      JOIN units u ON u.organization_id = ${currentOrganizationId()}::uuid AND u.id = p.unit_id`;
    return new Map(rows.map((row) => [row.key, row]));
  }

  /** Makes those that nobody made at the same moment; answers their ids. */
  async insertProducts(products: readonly Product[], now: Date): Promise<Set<string>> {
    const rows = await this.tx.$queryRaw<Array<{ id: string }>>`
      INSERT INTO products (organization_id, id, sku, name, unit_id, price, currency, status, tracks_stock, created_at, updated_at)
      SELECT ${currentOrganizationId()}::uuid, p.id, p.sku, p.name, p."unitId", p.price, p.currency, p.status, p."tracksStock", ${now}, ${now}
      FROM json_to_recordset(${JSON.stringify(products)}::json)
        AS p (id uuid, sku text, name text, "unitId" uuid, price numeric, currency text, status text, "tracksStock" boolean)
      ON CONFLICT (organization_id, sku_key) DO NOTHING
      RETURNING id::text`;
    return new Set(rows.map(({ id }) => id));
  }

  /** Ids by code. */
  async customers(codes: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.tx.$queryRaw<Array<{ code: string; id: string }>>`
      SELECT code, id::text FROM customers WHERE organization_id = ${currentOrganizationId()}::uuid AND code = ANY (${codes}::text[])`;
    return new Map(rows.map(({ code, id }) => [code, id]));
  }

  /** Makes those that nobody made at the same moment; answers their ids. */
  async insertCustomers(customers: readonly Customer[], now: Date): Promise<Set<string>> {
    const rows = await this.tx.$queryRaw<Array<{ id: string }>>`
      INSERT INTO customers (organization_id, id, code, name, country, payment_terms, created_at, updated_at)
      SELECT ${currentOrganizationId()}::uuid, c.id, c.code, c.name, c.country, c."paymentTerms", ${now}, ${now}
      FROM json_to_recordset(${JSON.stringify(customers)}::json) AS c (id uuid, code text, name text, country text, "paymentTerms" integer)
      ON CONFLICT (organization_id, code) DO NOTHING
      RETURNING id::text`;
    return new Set(rows.map(({ id }) => id));
  }
}
