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

/** address is written key by key: jsonb would send its keys in an order of its own. */
const VIEW = Prisma.sql`json_build_object('id', p.id, 'code', p.code, 'name', p.name, 'kind', p.kind, 'currency', p.currency,
  'address', CASE WHEN p.address IS NOT NULL THEN json_build_object('line1', p.address -> 'line1', 'line2', p.address -> 'line2', 'city', p.address -> 'city',
    'region', p.address -> 'region', 'postalCode', p.address -> 'postalCode', 'country', p.address -> 'country') END,
  'archivedAt', instant_text(p.archived_at), 'version', p.version, 'createdAt', instant_text(p.created_at), 'updatedAt', instant_text(p.updated_at))`;

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
