import { Prisma } from '../../../generated/prisma/client';
import { identifier, must, overTables, type Invariant } from '../invariant';

/** The state machine of orders (ORD), stated once more: a check that borrowed the code it checks would share its mistakes. */
const ALLOWED_MOVES = Prisma.sql`(VALUES
  ('draft', 'pending'),
  ('pending', 'confirmed'), ('pending', 'processing'), ('pending', 'cancelled'),
  ('confirmed', 'processing'), ('confirmed', 'shipped'), ('confirmed', 'cancelled'),
  ('processing', 'shipped'), ('processing', 'completed'), ('processing', 'cancelled'),
  ('shipped', 'delivered'), ('shipped', 'completed'),
  ('delivered', 'completed'), ('delivered', 'refunded'),
  ('completed', 'refunded'))`;

/** About rows of the identity plane, the organization's own and its invitations: seen with or without row-level security. */
export const identityInvariants: readonly Invariant[] = [
  {
    id: 'INV-10.organization',
    description: 'The organization has one event per version, from 1 to its version without a gap',
    rows: ({ organization }) => Prisma.sql`
      SELECT ${must(
        Prisma.sql`(SELECT count(*) = o.version AND count(DISTINCT e.aggregate_version) = o.version AND min(e.aggregate_version) = 1 AND max(e.aggregate_version) = o.version
          FROM events e WHERE e.organization_id = ${organization} AND e.aggregate_id = o.id AND e.aggregate_version IS NOT NULL)`,
        Prisma.sql`'id', o.id, 'version', o.version`,
      )}
      FROM organizations o WHERE o.id = ${organization}`,
  },
  {
    id: 'INV-18',
    description: 'The stores and the customer that an open invitation names exist',
    rows: ({ organization, now }) => Prisma.sql`
      SELECT ${must(
        Prisma.sql`NOT EXISTS (SELECT FROM unnest(i.store_ids) AS named (id) WHERE named.id NOT IN (SELECT s.id FROM stores s WHERE s.organization_id = ${organization}))
          AND (i.customer_id IS NULL OR EXISTS (SELECT FROM customers c WHERE c.organization_id = ${organization} AND c.id = i.customer_id))`,
        Prisma.sql`'invitationId', i.id, 'storeIds', i.store_ids, 'customerId', i.customer_id`,
      )}
      FROM invitations i
      WHERE i.organization_id = ${organization} AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > ${now}`,
  },
];

export const historyInvariants: readonly Invariant[] = [
  {
    id: 'INV-10',
    description: 'Every row with a version has one event per version, from 1 to its version without a gap',
    rows: ({ organization, tables }) => Prisma.sql`
      WITH versioned AS (
        ${overTables(
          tables.filter((table) => table.hasId && table.hasVersion),
          ({ name }) =>
            Prisma.sql`SELECT ${name}::text AS table_name, id, version FROM ${identifier(name)} WHERE organization_id = ${organization}`,
          Prisma.sql`SELECT NULL AS table_name, NULL::uuid AS id, NULL::integer AS version WHERE false`,
        )}
      ), history AS (
        SELECT aggregate_id, count(*) AS events, count(DISTINCT aggregate_version) AS versions, min(aggregate_version) AS first, max(aggregate_version) AS last
        FROM events WHERE organization_id = ${organization} AND aggregate_version IS NOT NULL GROUP BY aggregate_id
      )
      SELECT ${must(
        Prisma.sql`h.events = v.version AND h.versions = v.version AND h.first = 1 AND h.last = v.version`,
        Prisma.sql`'table', v.table_name, 'id', v.id, 'version', v.version, 'events', coalesce(h.events, 0), 'firstVersion', h.first, 'lastVersion', h.last`,
      )}
      FROM versioned v LEFT JOIN history h ON h.aggregate_id = v.id`,
  },
  {
    id: 'INV-10.adjustments',
    description:
      'Every adjustment of stock has one event, and every such event its adjustment: levels have no version that could tell (STK-13)',
    rows: ({ organization }) => Prisma.sql`
      SELECT ${must(
        Prisma.sql`m.id IS NOT NULL AND e.events = 1 AND e.quantity = m.quantity`,
        Prisma.sql`'movementId', coalesce(m.id, e.movement_id), 'quantity', m.quantity::text, 'events', coalesce(e.events, 0), 'quantityTold', e.quantity::text`,
      )}
      FROM (SELECT id, quantity FROM stock_movements WHERE organization_id = ${organization} AND kind = 'adjustment') m
      FULL JOIN (SELECT (payload ->> 'movementId')::uuid AS movement_id, count(*) AS events, min((payload ->> 'quantity')::numeric) AS quantity
                 FROM events WHERE organization_id = ${organization} AND type = 'stock.adjusted' GROUP BY 1) e ON e.movement_id = m.id`,
  },
  {
    id: 'INV-14',
    description:
      "Every order's statuses, as its events tell them, are a path in the state machine that ends at its status (imported orders may start anywhere)",
    // An event that took several steps at once lists them in payload.path, with or without the ends.
    rows: ({ organization }) => Prisma.sql`
      WITH allowed (from_status, to_status) AS ${ALLOWED_MOVES},
      visited AS (
        SELECT e.aggregate_id AS order_id, e.aggregate_version AS version, e.type, step.ordinal, step.status
        FROM events e
        CROSS JOIN LATERAL (
          SELECT 0 AS ordinal, e.before ->> 'status' AS status WHERE e.before ->> 'status' IS NOT NULL
          UNION ALL
          SELECT p.ordinal, p.status
          FROM jsonb_array_elements_text(CASE jsonb_typeof(e.payload -> 'path') WHEN 'array' THEN e.payload -> 'path' ELSE '[]' END) WITH ORDINALITY AS p (status, ordinal)
          UNION ALL
          SELECT 1000000, e.after ->> 'status'
        ) step
        WHERE e.organization_id = ${organization} AND e.aggregate_type = 'order' AND e.after ->> 'status' IS NOT NULL
      ), moves AS (
        SELECT order_id, version, type, ordinal, status, lag(status) OVER (PARTITION BY order_id ORDER BY version, ordinal) AS previous FROM visited
      ), history AS (
        SELECT m.order_id, array_agg(m.status ORDER BY m.version, m.ordinal) AS statuses,
          bool_and(CASE
            WHEN m.previous IS NULL THEN m.ordinal > 0 AND (m.status IN ('draft', 'pending') OR m.type = 'order.imported')
            WHEN m.ordinal = 0 THEN m.status = m.previous
            ELSE m.status = m.previous OR a.to_status IS NOT NULL END) AS is_path
        FROM moves m LEFT JOIN allowed a ON a.from_status = m.previous AND a.to_status = m.status
        GROUP BY m.order_id
      )
      SELECT ${must(
        Prisma.sql`h.is_path AND h.statuses[cardinality(h.statuses)] = o.status`,
        Prisma.sql`'orderId', o.id, 'status', o.status, 'history', h.statuses`,
      )}
      FROM orders o LEFT JOIN history h ON h.order_id = o.id
      WHERE o.organization_id = ${organization}`,
  },
  {
    id: 'INV-16',
    description: 'What a stored idempotent answer says was created exists, or was deleted since',
    rows: ({ organization, tables }) => Prisma.sql`
      WITH answers AS MATERIALIZED (
        SELECT key, body::jsonb ->> 'id' AS id, created_at FROM idempotency_keys
        WHERE organization_id = ${organization} AND status = 201 AND body LIKE '{%'
      ), created AS MATERIALIZED (
        SELECT key, id::uuid AS id, created_at FROM answers WHERE id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
      ), resources AS (
        ${overTables(
          tables.filter((table) => table.hasId),
          ({ name }) =>
            Prisma.sql`SELECT t.id FROM ${identifier(name)} t JOIN created c ON c.id = t.id WHERE t.organization_id = ${organization}`,
          Prisma.sql`SELECT NULL::uuid AS id WHERE false`,
        )}
        UNION ALL
        SELECT user_id FROM memberships WHERE organization_id = ${organization}
        UNION ALL
        SELECT id FROM invitations WHERE organization_id = ${organization}
        UNION ALL
        SELECT e.aggregate_id FROM events e JOIN created c ON c.id = e.aggregate_id WHERE e.organization_id = ${organization} AND e.type LIKE '%.deleted'
      )
      SELECT ${must(Prisma.sql`c.id IN (SELECT id FROM resources)`, Prisma.sql`'key', c.key, 'id', c.id, 'answeredAt', c.created_at`)}
      FROM created c`,
  },
  {
    id: 'INV-13',
    description: 'No numeric column holds NaN or Infinity (MON-10)',
    rows: ({ organization, tables }) =>
      overTables(
        tables.filter((table) => table.numericColumns.length > 0),
        ({ name, keyPairs, numericColumns }) => Prisma.sql`
          SELECT ${must(
            Prisma.sql`NOT (ARRAY[${identifier(numericColumns.join(', '))}]::numeric[] && ARRAY['NaN', 'Infinity', '-Infinity']::numeric[])`,
            Prisma.sql`'table', ${name}::text, ${identifier(keyPairs)}`,
          )}
          FROM ${identifier(name)} WHERE organization_id = ${organization}`,
        Prisma.sql`SELECT NULL::jsonb AS example WHERE false`,
      ),
  },
];
