import { Prisma } from '../../../generated/prisma/client';
import { must, type Invariant } from '../invariant';

export const stockInvariants: readonly Invariant[] = [
  {
    id: 'INV-3',
    description: "A level's onHand is the sum of its movements (STK-3)",
    // The full join also finds movements whose level is gone.
    rows: ({ organization }) => Prisma.sql`
      SELECT ${must(
        Prisma.sql`coalesce(l.on_hand, 0) = coalesce(m.quantity, 0) AND l.product_id IS NOT NULL`,
        Prisma.sql`'productId', coalesce(l.product_id, m.product_id), 'storeId', coalesce(l.store_id, m.store_id), 'onHand', l.on_hand::text, 'movements', m.quantity::text`,
      )}
      FROM (SELECT product_id, store_id, on_hand FROM stock_levels WHERE organization_id = ${organization}) l
      FULL JOIN (SELECT product_id, store_id, sum(quantity) AS quantity FROM stock_movements WHERE organization_id = ${organization}
                 GROUP BY product_id, store_id) m ON m.product_id = l.product_id AND m.store_id = l.store_id`,
  },
  {
    id: 'VAL-1',
    description: "A level's value is the sum of its movements' values, and nothing on hand is worth nothing",
    rows: ({ organization }) => Prisma.sql`
      SELECT ${must(
        Prisma.sql`l.value = coalesce(m.value, 0) AND l.value >= 0 AND (l.on_hand > 0 OR l.value = 0)`,
        Prisma.sql`'productId', l.product_id, 'storeId', l.store_id, 'onHand', l.on_hand::text, 'value', l.value::text, 'movements', m.value::text`,
      )}
      FROM stock_levels l
      LEFT JOIN (SELECT product_id, store_id, sum(value) AS value FROM stock_movements WHERE organization_id = ${organization}
                 GROUP BY product_id, store_id) m ON m.product_id = l.product_id AND m.store_id = l.store_id
      WHERE l.organization_id = ${organization}`,
  },
  {
    id: 'STK-2',
    description: 'A movement goes the way its kind says, and its value goes with it',
    rows: ({ organization }) => Prisma.sql`
      SELECT ${must(
        Prisma.sql`CASE
            WHEN m.kind IN ('receipt', 'customer_return', 'transfer_in', 'issue_return') THEN m.quantity > 0
            WHEN m.kind IN ('shipment', 'sale', 'vendor_return', 'transfer_out', 'issue', 'scrap') THEN m.quantity < 0
            WHEN m.kind = 'adjustment' THEN m.quantity <> 0
            WHEN m.kind = 'revaluation' THEN m.quantity = 0
            ELSE m.kind = 'count' END
          AND (m.kind = 'revaluation' OR sign(m.value) IN (0, sign(m.quantity)))`,
        Prisma.sql`'movementId', m.id, 'productId', m.product_id, 'kind', m.kind, 'quantity', m.quantity::text, 'value', m.value::text`,
      )}
      FROM stock_movements m WHERE m.organization_id = ${organization}`,
  },
  {
    id: 'STK-1.chain',
    description:
      'Movements form a chain: each starts from the quantity and value that another left, the first from nothing, and the last leaves the level',
    // Ids are made before the level's lock is taken, so they don't tell the order. A chain needs no order: every state is left as often as it is
    // entered, counting the empty start as entered and the level of today as left.
    rows: ({ organization }) => Prisma.sql`
      SELECT ${must(
        Prisma.sql`sum(weight) = 0`,
        Prisma.sql`'productId', product_id, 'storeId', store_id, 'quantity', quantity::text, 'value', value::text, 'enteredMoreOftenThanLeft', sum(weight)`,
      )}
      FROM (
        SELECT product_id, store_id, quantity_after AS quantity, value_after AS value, 1 AS weight FROM stock_movements WHERE organization_id = ${organization}
        UNION ALL
        SELECT product_id, store_id, quantity_after - quantity, value_after - value, -1 FROM stock_movements WHERE organization_id = ${organization}
        UNION ALL
        SELECT product_id, store_id, 0, 0, 1 FROM stock_levels WHERE organization_id = ${organization}
        UNION ALL
        SELECT product_id, store_id, on_hand, value, -1 FROM stock_levels WHERE organization_id = ${organization}
      ) states
      GROUP BY product_id, store_id, quantity, value`,
  },
  {
    id: 'INV-4',
    description: "A level's reserved is what its active reservations hold",
    rows: ({ organization }) => Prisma.sql`
      SELECT ${must(
        Prisma.sql`l.reserved = coalesce(r.held, 0)`,
        Prisma.sql`'productId', l.product_id, 'storeId', l.store_id, 'reserved', l.reserved::text, 'held', r.held::text`,
      )}
      FROM stock_levels l
      LEFT JOIN (SELECT product_id, store_id, sum(open_quantity) AS held FROM stock_reservations
                 WHERE organization_id = ${organization} AND status = 'active' GROUP BY product_id, store_id) r
        ON r.product_id = l.product_id AND r.store_id = l.store_id
      WHERE l.organization_id = ${organization}`,
  },
  {
    id: 'INV-4.orders',
    description: 'Active reservations belong to an open order, and to a line of it for the same product',
    rows: ({ organization }) => Prisma.sql`
      SELECT ${must(
        Prisma.sql`o.status IN ('pending', 'confirmed', 'processing') AND l.product_id = r.product_id AND o.store_id = r.store_id AND r.open_quantity BETWEEN 0 AND r.quantity`,
        Prisma.sql`'reservationId', r.id, 'orderId', r.order_id, 'orderStatus', o.status, 'openQuantity', r.open_quantity::text`,
      )}
      FROM stock_reservations r
      LEFT JOIN orders o ON o.organization_id = ${organization} AND o.id = r.order_id
      LEFT JOIN order_lines l ON l.organization_id = ${organization} AND l.id = r.order_line_id AND l.order_id = r.order_id
      WHERE r.organization_id = ${organization} AND r.status = 'active'`,
  },
  {
    id: 'STK-9',
    description: 'A line of an open order holds exactly its open quantity, unless its reservation expired; imported orders hold nothing',
    rows: ({ organization }) => Prisma.sql`
      SELECT ${must(
        Prisma.sql`coalesce(r.held, 0) = CASE WHEN o.imported THEN 0 ELSE l.quantity - l.shipped_quantity - l.cancelled_quantity END OR r.expired`,
        Prisma.sql`'orderId', o.id, 'orderLineId', l.id, 'open', (l.quantity - l.shipped_quantity - l.cancelled_quantity)::text, 'held', r.held::text`,
      )}
      FROM orders o
      JOIN order_lines l ON l.organization_id = ${organization} AND l.order_id = o.id AND l.tracks_stock
      LEFT JOIN (SELECT order_line_id, sum(open_quantity) FILTER (WHERE status = 'active') AS held, bool_or(status = 'expired') AS expired
                 FROM stock_reservations WHERE organization_id = ${organization} GROUP BY order_line_id) r ON r.order_line_id = l.id
      WHERE o.organization_id = ${organization} AND o.status IN ('pending', 'confirmed', 'processing')`,
  },
  {
    id: 'INV-5',
    description: '0 ≤ reserved ≤ onHand unless the product allows back-orders and tracks stock, and onHand ≥ 0 (STK-5)',
    rows: ({ organization }) => Prisma.sql`
      SELECT ${must(
        Prisma.sql`l.on_hand >= 0 AND l.reserved >= 0 AND (l.reserved <= l.on_hand OR p.allows_backorder) AND l.allows_backorder = (p.allows_backorder AND p.tracks_stock)`,
        Prisma.sql`'productId', l.product_id, 'storeId', l.store_id, 'onHand', l.on_hand::text, 'reserved', l.reserved::text, 'allowsBackorder', p.allows_backorder`,
      )}
      FROM stock_levels l
      LEFT JOIN products p ON p.organization_id = ${organization} AND p.id = l.product_id
      WHERE l.organization_id = ${organization}`,
  },
  {
    id: 'INV-15',
    description: 'No active reservation is older than its limit by more than 60 s',
    rows: ({ organization, now }) => Prisma.sql`
      SELECT ${must(
        Prisma.sql`expires_at IS NULL OR expires_at >= ${now}::timestamptz - interval '60 s'`,
        Prisma.sql`'reservationId', id, 'orderId', order_id, 'expiresAt', expires_at`,
      )}
      FROM stock_reservations WHERE organization_id = ${organization} AND status = 'active'`,
  },
];
