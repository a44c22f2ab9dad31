import type { HotLane } from '../../db/hot-lane';
import { readJsonPage, type JsonPage, type PageWanted, type Sorts } from '../../db/json-page';
import { versionedJson, type VersionedJson } from '../../db/versioned-json';
import { Prisma } from '../../generated/prisma/client';
import { currentOrganizationId } from '../../kernel/context';
import { UnitNotFound } from './catalogue.errors';

export interface UnitsWanted extends PageWanted {
  readonly sortBy: 'code' | 'name';
  readonly q?: string | undefined;
  readonly category?: string | undefined;
}

export const UNIT_SORTS: Sorts<UnitsWanted['sortBy']> = {
  code: { key: Prisma.sql`u.code`, kind: 'text' },
  name: { key: Prisma.sql`u.name`, kind: 'text' },
};

/** Of a unit `p`. */
const VIEW = Prisma.sql`(SELECT row_to_json(unit_view) FROM (SELECT p.id, p.code, p.name, p.category, trim_scale(p.factor)::text AS factor,
  p.is_whole AS "isWhole", p.version, instant_text(p.created_at) AS "createdAt", instant_text(p.updated_at) AS "updatedAt") unit_view)`;

export class UnitsQueries {
  constructor(private readonly lane: Pick<HotLane, 'text'>) {}

  async read(unitId: string): Promise<VersionedJson> {
    const view = versionedJson(
      await this.lane.text(Prisma.sql`
        SELECT p.version || E'\\n' || ${VIEW}::text FROM units p
        WHERE p.organization_id = ${currentOrganizationId()}::uuid AND p.id = ${unitId}::uuid`),
    );
    if (!view) throw new UnitNotFound(`There is no unit ${unitId}`);
    return view;
  }

  list({ sortBy, q, category, ...wanted }: UnitsWanted): Promise<JsonPage> {
    const where = [Prisma.sql`u.organization_id = ${currentOrganizationId()}::uuid`];
    if (category !== undefined) where.push(Prisma.sql`u.category = ${category}`);
    if (q !== undefined) where.push(Prisma.sql`(strpos(lower(u.name), lower(${q})) > 0 OR strpos(lower(u.code), lower(${q})) > 0)`);
    return readJsonPage(
      this.lane,
      {
        from: Prisma.sql`units u`,
        id: Prisma.sql`u.id`,
        where,
        sort: UNIT_SORTS[sortBy],
        columns: Prisma.sql`u.*`,
        view: VIEW,
      },
      wanted,
    );
  }
}
