import { addressJson } from '../../db/address-json';
import { inAllowedStores } from '../../db/allowed-stores';
import type { HotLane } from '../../db/hot-lane';
import { readJsonPage, type JsonPage, type PageWanted, type Sorts } from '../../db/json-page';
import { versionedJson, type VersionedJson } from '../../db/versioned-json';
import { Prisma } from '../../generated/prisma/client';
import { currentOrganizationId } from '../../kernel/context';
import { requireStore } from '../../kernel/store-access';
import { StoreNotFound } from './organization.errors';

export interface StoresWanted extends PageWanted {
  readonly sortBy: 'createdAt' | 'name' | 'code';
  readonly archived: boolean;
}

/** Of a store `p`. */
const VIEW = Prisma.sql`(SELECT row_to_json(store_view) FROM (SELECT p.id, p.code, p.name, p.kind, p.currency, ${addressJson(Prisma.sql`p.address`)} AS address,
  instant_text(p.archived_at) AS "archivedAt", p.version, instant_text(p.created_at) AS "createdAt", instant_text(p.updated_at) AS "updatedAt") store_view)`;

export const STORE_SORTS: Sorts<StoresWanted['sortBy']> = {
  createdAt: { key: Prisma.sql`s.created_at`, kind: 'instant' },
  name: { key: Prisma.sql`s.name`, kind: 'text' },
  code: { key: Prisma.sql`s.code`, kind: 'text' },
};

export class StoresQueries {
  constructor(private readonly lane: Pick<HotLane, 'text'>) {}

  /** @throws StoreNotFound, StoreForbidden */
  async read(storeId: string): Promise<VersionedJson> {
    const view = versionedJson(
      await this.lane.text(Prisma.sql`
        SELECT p.version || E'\\n' || ${VIEW}::text FROM stores p
        WHERE p.organization_id = ${currentOrganizationId()}::uuid AND p.id = ${storeId}::uuid`),
    );
    if (!view) throw new StoreNotFound(`There is no store ${storeId}`);
    requireStore(storeId);
    return view;
  }

  list({ sortBy, archived, ...wanted }: StoresWanted): Promise<JsonPage> {
    return readJsonPage(
      this.lane,
      {
        from: Prisma.sql`stores s`,
        id: Prisma.sql`s.id`,
        where: [
          Prisma.sql`s.organization_id = ${currentOrganizationId()}::uuid`,
          inAllowedStores(Prisma.sql`s.id`),
          archived ? Prisma.sql`s.archived_at IS NOT NULL` : Prisma.sql`s.archived_at IS NULL`,
        ],
        sort: STORE_SORTS[sortBy],
        columns: Prisma.sql`s.*`,
        view: VIEW,
      },
      wanted,
    );
  }
}
