import type { HotLane } from '../../db/hot-lane';
import { readJsonPage, type JsonPage, type PageWanted, type Sorts } from '../../db/json-page';
import { versionedJson, type VersionedJson } from '../../db/versioned-json';
import { Prisma } from '../../generated/prisma/client';
import { currentOrganizationId } from '../../kernel/context';
import { TaxRateNotFound } from './organization.errors';

export interface TaxRatesWanted extends PageWanted {
  readonly sortBy: 'name' | 'rate';
  readonly archived: boolean;
}

/** Of a tax rate `p`. */
const VIEW = Prisma.sql`(SELECT row_to_json(rate_view) FROM (SELECT p.id, p.name, trim_scale(p.rate)::text AS rate, p.inclusive, p.is_default AS "isDefault",
  (SELECT coalesce(json_agg(c.id ORDER BY c.id), '[]'::json) FROM categories c WHERE c.organization_id = p.organization_id AND c.tax_rate_id = p.id) AS "categoryIds",
  instant_text(p.archived_at) AS "archivedAt", p.version, instant_text(p.created_at) AS "createdAt", instant_text(p.updated_at) AS "updatedAt") rate_view)`;

export const TAX_RATE_SORTS: Sorts<TaxRatesWanted['sortBy']> = {
  name: { key: Prisma.sql`t.name`, kind: 'text' },
  rate: { key: Prisma.sql`t.rate`, kind: 'decimal' },
};

export class TaxRatesQueries {
  constructor(private readonly lane: Pick<HotLane, 'text'>) {}

  /** @throws TaxRateNotFound */
  async read(taxRateId: string): Promise<VersionedJson> {
    const view = versionedJson(
      await this.lane.text(Prisma.sql`
        SELECT p.version || E'\\n' || ${VIEW}::text FROM tax_rates p
        WHERE p.organization_id = ${currentOrganizationId()}::uuid AND p.id = ${taxRateId}::uuid`),
    );
    if (!view) throw new TaxRateNotFound(`There is no tax rate ${taxRateId}`);
    return view;
  }

  list({ sortBy, archived, ...wanted }: TaxRatesWanted): Promise<JsonPage> {
    return readJsonPage(
      this.lane,
      {
        from: Prisma.sql`tax_rates t`,
        id: Prisma.sql`t.id`,
        where: [
          Prisma.sql`t.organization_id = ${currentOrganizationId()}::uuid`,
          archived ? Prisma.sql`t.archived_at IS NOT NULL` : Prisma.sql`t.archived_at IS NULL`,
        ],
        sort: TAX_RATE_SORTS[sortBy],
        columns: Prisma.sql`t.*`,
        view: VIEW,
      },
      wanted,
    );
  }
}
