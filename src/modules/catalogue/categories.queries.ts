import type { HotLane } from '../../db/hot-lane';
import { readJsonPage, type JsonPage, type PageWanted, type Sorts } from '../../db/json-page';
import { versionedJson, type VersionedJson } from '../../db/versioned-json';
import { Prisma } from '../../generated/prisma/client';
import { currentOrganizationId } from '../../kernel/context';
import { CategoryNotFound } from './catalogue.errors';
import { nest, type Nested } from './domain/category-tree';

export interface CategoriesWanted extends PageWanted {
  readonly sortBy: 'name' | 'code';
  readonly q?: string | undefined;
  readonly parentId?: string | undefined;
}

export interface TreeNode {
  readonly id: string;
  readonly parentId: string | null;
  readonly code: string;
  readonly name: string;
  readonly level: number;
}

export const CATEGORY_SORTS: Sorts<CategoriesWanted['sortBy']> = {
  name: { key: Prisma.sql`c.name`, kind: 'text' },
  code: { key: Prisma.sql`c.code`, kind: 'text' },
};

/** Of a category `p` and the units `a` it allows. */
const VIEW = Prisma.sql`(SELECT row_to_json(category_view) FROM (SELECT p.id, p.code, p.name, p.parent_id AS "parentId", p.level,
  string_to_array(rtrim(p.path, '/'), '/') AS path, a.ids AS "allowedUnitIds", p.tax_rate_id AS "taxRateId", p.version,
  instant_text(p.created_at) AS "createdAt", instant_text(p.updated_at) AS "updatedAt") category_view)`;
const ALLOWED_UNITS = Prisma.sql`CROSS JOIN LATERAL (
  SELECT coalesce(json_agg(cu.unit_id ORDER BY cu.unit_id), '[]'::json) AS ids FROM category_units cu
  WHERE cu.organization_id = p.organization_id AND cu.category_id = p.id) a`;

export class CategoriesQueries {
  constructor(private readonly lane: Pick<HotLane, 'text'>) {}

  async read(categoryId: string): Promise<VersionedJson> {
    const view = versionedJson(
      await this.lane.text(Prisma.sql`
        SELECT p.version || E'\\n' || ${VIEW}::text FROM categories p ${ALLOWED_UNITS}
        WHERE p.organization_id = ${currentOrganizationId()}::uuid AND p.id = ${categoryId}::uuid`),
    );
    if (!view) throw new CategoryNotFound(`There is no category ${categoryId}`);
    return view;
  }

  list({ sortBy, q, parentId, ...wanted }: CategoriesWanted): Promise<JsonPage> {
    const where = [Prisma.sql`c.organization_id = ${currentOrganizationId()}::uuid`];
    if (parentId !== undefined) where.push(Prisma.sql`c.parent_id = ${parentId}::uuid`);
    if (q !== undefined) where.push(Prisma.sql`(strpos(lower(c.name), lower(${q})) > 0 OR strpos(lower(c.code), lower(${q})) > 0)`);
    return readJsonPage(
      this.lane,
      {
        from: Prisma.sql`categories c`,
        id: Prisma.sql`c.id`,
        where,
        sort: CATEGORY_SORTS[sortBy],
        columns: Prisma.sql`c.*`,
        view: VIEW,
        joins: ALLOWED_UNITS,
      },
      wanted,
    );
  }

  /** The whole forest, each level in the order of its names. */
  async tree(): Promise<Array<Nested<TreeNode>>> {
    const text = await this.lane.text(Prisma.sql`
      SELECT coalesce(json_agg(json_build_object('id', id, 'parentId', parent_id, 'code', code, 'name', name, 'level', level) ORDER BY name, id), '[]'::json)::text
      FROM categories WHERE organization_id = ${currentOrganizationId()}::uuid`);
    return nest(JSON.parse(text!) as TreeNode[]);
  }
}
