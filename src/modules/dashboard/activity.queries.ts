import type { HotLane } from '../../db/hot-lane';
import { readJsonPage, type JsonPage, type PageWanted, type Sorts } from '../../db/json-page';
import { Prisma } from '../../generated/prisma/client';
import { currentOrganizationId } from '../../kernel/context';
import { allowedStores } from '../../kernel/store-access';

export interface ActivityWanted extends PageWanted {
  /** What the caller may read of. */
  readonly aggregateTypes: readonly string[];
}

export const ACTIVITY_SORTS: Sorts<'recordedAt'> = { recordedAt: { key: Prisma.sql`f.id`, kind: 'id' } };

const nameIn = (table: Prisma.Sql, name = Prisma.sql`t.name`): Prisma.Sql =>
  Prisma.sql`(SELECT ${name} FROM ${table} t WHERE t.organization_id = ${currentOrganizationId()}::uuid AND t.id = p.aggregate_id)`;

const NAME_OF_USER = Prisma.sql`(SELECT t.name FROM users t WHERE t.id = p.aggregate_id)`;

/** What the thing is called today, else (it is gone) what the event says. */
const label = (): Prisma.Sql => Prisma.sql`coalesce(CASE p.aggregate_type
  WHEN 'order' THEN ${nameIn(Prisma.sql`orders`, Prisma.sql`t.number`)}
  WHEN 'return' THEN ${nameIn(Prisma.sql`returns`, Prisma.sql`t.number`)}
  WHEN 'product' THEN ${nameIn(Prisma.sql`products`, Prisma.sql`t.name || ' (' || t.sku || ')'`)}
  WHEN 'stock_level' THEN ${nameIn(Prisma.sql`products`, Prisma.sql`t.name || ' (' || t.sku || ')'`)}
  WHEN 'customer' THEN ${nameIn(Prisma.sql`customers`)}
  WHEN 'category' THEN ${nameIn(Prisma.sql`categories`)}
  WHEN 'unit' THEN ${nameIn(Prisma.sql`units`)}
  WHEN 'store' THEN ${nameIn(Prisma.sql`stores`)}
  WHEN 'tax_rate' THEN ${nameIn(Prisma.sql`tax_rates`)}
  WHEN 'organization' THEN (SELECT t.name FROM organizations t WHERE t.id = p.aggregate_id)
  WHEN 'user' THEN ${NAME_OF_USER}
  WHEN 'membership' THEN ${NAME_OF_USER}
  WHEN 'password_reset' THEN ${NAME_OF_USER}
  WHEN 'two_factor' THEN ${NAME_OF_USER}
  END, p.payload ->> 'number', p.payload ->> 'fileName', p.before ->> 'name', p.after ->> 'name')`;

const view = (): Prisma.Sql => Prisma.sql`(SELECT row_to_json(event_view) FROM (
  SELECT p.id, p.type, p.aggregate_type AS "aggregateType", p.aggregate_id AS "aggregateId", ${label()} AS label, p.actor_kind AS "actorKind", p.actor_id AS "actorId",
    (SELECT u.name FROM users u WHERE u.id = p.actor_id AND p.actor_kind = 'user') AS "actorName", p.payload, p.before, p.after,
    (SELECT s.name FROM stores s WHERE s.organization_id = ${currentOrganizationId()}::uuid AND s.id::text = p.payload ->> 'storeId') AS "storeName",
    instant_text(p.occurred_at) AS "occurredAt", instant_text(p.recorded_at) AS "recordedAt") event_view)`;

/** The event log, newest first: ids of events are made in the order of time, and the primary key holds them in it. */
export class ActivityQueries {
  constructor(private readonly lane: Pick<HotLane, 'text'>) {}

  /** Each row is a LoggedEvent as JSON. */
  page({ aggregateTypes, ...wanted }: ActivityWanted): Promise<JsonPage> {
    const where = [
      Prisma.sql`f.organization_id = ${currentOrganizationId()}::uuid`,
      Prisma.sql`f.aggregate_type = ANY (${[...aggregateTypes]}::text[])`,
    ];
    const stores = allowedStores();
    if (stores !== undefined) where.push(ofStores(stores));
    return readJsonPage(
      this.lane,
      {
        from: Prisma.sql`events f`,
        id: Prisma.sql`f.id`,
        sort: ACTIVITY_SORTS.recordedAt,
        where,
        columns: Prisma.sql`f.*`,
        view: view(),
      },
      wanted,
    );
  }
}

/** For limited members. What belongs to no store is seen by everybody; an order's store is looked up, because not each of its events names it. */
const ofStores = (stores: readonly string[]): Prisma.Sql => Prisma.sql`coalesce(CASE f.aggregate_type
  WHEN 'order' THEN (SELECT o.store_id FROM orders o WHERE o.organization_id = ${currentOrganizationId()}::uuid AND o.id = f.aggregate_id)::text
  WHEN 'store' THEN f.aggregate_id::text
  ELSE f.payload ->> 'storeId' END = ANY (${stores}::text[]), true)`;
