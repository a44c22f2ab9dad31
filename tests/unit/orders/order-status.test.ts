import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Decimal } from '../../../src/kernel/decimal';
import {
  allowedMoves,
  assertCancellable,
  canChangeItems,
  fulfilmentStatus,
  IllegalTransition,
  type MovableOrder,
  moveTo,
  ORDER_STATUSES,
  orderLifecycle,
  type OrderStatus,
  paymentStatus,
  shippingPath,
} from '../../../src/modules/orders/domain/order-status';
import { refusalOf } from '../../support/refusal';

const d = (value: number | string): Decimal => new Decimal(value);

/** The table of the rule book, written down a second time on purpose. */
const LEGAL: Record<OrderStatus, string> = {
  draft: 'pending',
  pending: 'confirmed processing cancelled',
  confirmed: 'processing shipped cancelled',
  processing: 'shipped completed cancelled',
  shipped: 'delivered completed',
  delivered: 'completed refunded',
  completed: 'refunded',
  cancelled: '',
  refunded: '',
};
const isLegal = (from: OrderStatus, to: OrderStatus): boolean => LEGAL[from].split(' ').includes(to);
const pairs = ORDER_STATUSES.flatMap((from) => ORDER_STATUSES.map((to) => [from, to] as const));

const line = (shipped = 0, cancelled = 0) => ({ quantity: d(2), shippedQuantity: d(shipped), cancelledQuantity: d(cancelled) });

/** Nothing shipped and all money refunded, so that only the table decides. */
const order = (status: OrderStatus, facts: Partial<MovableOrder> = {}): MovableOrder => ({
  status,
  lines: [line()],
  paidAmount: d(10),
  refundedAmount: d(10),
  ...facts,
});

describe('ORD-1: every pair of statuses', () => {
  test.each(pairs.filter(([from, to]) => isLegal(from, to)))('ORD-1: %s may become %s', (from, to) => {
    expect(moveTo(to, order(from))).toBe(to);
    expect(orderLifecycle.can(from, to)).toBe(true);
  });

  test.each(pairs.filter(([from, to]) => !isLegal(from, to)))('ORD-1: %s may not become %s', (from, to) => {
    const attempt = (): OrderStatus => moveTo(to, order(from));
    const allowed = LEGAL[from].split(' ').filter(Boolean);
    expect(attempt).toThrow(IllegalTransition);
    expect(refusalOf(attempt)).toMatchObject({ code: 'ILLEGAL_TRANSITION', status: 409, details: { from, to, allowed } });
  });

  test('ORD-1: the refusal tells what is possible', () => {
    expect(() => moveTo('delivered', order('pending'))).toThrow(
      'An order that is pending cannot become delivered (possible: confirmed, processing, cancelled)',
    );
    expect(() => moveTo('pending', order('refunded'))).toThrow(
      'An order that is refunded cannot become pending (nothing else is possible)',
    );
  });

  test("ORD-1: the database's trigger holds the same table", () => {
    const sql = readFileSync(join(__dirname, '../../../prisma/migrations/20261121090100_guards/migration.sql'), 'utf8');
    const trigger = /FUNCTION orders_guard_status\(\)[\s\S]*?END \$\$;/.exec(sql)![0];
    const inSql = new Map<string, string[]>();
    for (const [, from, targets] of trigger.matchAll(/WHEN '(\w+)' THEN ARRAY\[([^\]]*)\]/g)) {
      inSql.set(
        from!,
        [...targets!.matchAll(/'(\w+)'/g)].map(([, to]) => to!),
      );
    }
    for (const status of ORDER_STATUSES) expect([status, inSql.get(status) ?? []]).toEqual([status, [...orderLifecycle.allowed(status)]]);
  });
});

describe('ORD-5: cancelling', () => {
  const shipped = { lines: [line(), line(0.5)] };

  test.each(ORDER_STATUSES)('ORD-5: %s can be cancelled or not', (status) => {
    const cancellable = ['pending', 'confirmed', 'processing'].includes(status);
    expect(allowedMoves(order(status)).includes('cancelled')).toBe(cancellable);
    expect(allowedMoves(order(status, shipped))).not.toContain('cancelled');
    // What is still open may be taken off also when units were shipped.
    const attempt = (): void => assertCancellable(order(status, shipped));
    if (cancellable) expect(attempt).not.toThrow();
    else expect(attempt).toThrow(IllegalTransition);
  });

  test('ORD-5: an order with shipped units is not cancelled', () => {
    expect(allowedMoves(order('processing', shipped))).toEqual(['shipped', 'completed']);
    expect(refusalOf(() => moveTo('cancelled', order('processing', shipped)))).toMatchObject({
      message:
        'An order that is processing cannot become cancelled, because units of it were shipped: ' +
        'cancel the open quantity and return the shipped one (possible: shipped, completed)',
      details: { from: 'processing', to: 'cancelled', allowed: ['shipped', 'completed'] },
    });
  });
});

describe('ORD-4: what is shipped or completed has units that leave or left', () => {
  test.each([
    ['processing', [line()], true],
    ['processing', [line(0, 2), line(0, 1)], true],
    ['processing', [line(1, 1), line(0, 2)], true],
    ['processing', [line(0, 2), line(0, 2)], false],
    ['confirmed', [line(0, 2)], false],
  ] as const)('ORD-4: %s, of the lines %j: %s', (status, lines, ships) => {
    expect(allowedMoves(order(status, { lines })).includes('shipped')).toBe(ships);
    const attempt = (): OrderStatus => moveTo('shipped', order(status, { lines }));
    if (ships) expect(attempt()).toBe('shipped');
    else expect(attempt).toThrow('nothing of it was shipped or is open: cancel it');
  });
});

describe('ORD-6: refunded needs all money back', () => {
  test.each([
    ['10', '0', false],
    ['10', '9.99', false],
    ['10', '10', true],
    ['0', '0', false],
  ])('ORD-6: paid %s, refunded %s: %s', (paid, refunded, goes) => {
    const facts = { paidAmount: d(paid), refundedAmount: d(refunded) };
    expect(allowedMoves(order('completed', facts))).toEqual(goes ? ['refunded'] : []);
    if (goes) expect(moveTo('refunded', order('completed', facts))).toBe('refunded');
    else expect(() => moveTo('refunded', order('completed', facts))).toThrow('because its money was not refunded in full');
  });
});

describe('ORD-4: the way a shipment takes', () => {
  test.each([
    ['pending', false, ['processing']],
    ['pending', true, ['processing', 'shipped']],
    ['confirmed', false, ['processing']],
    ['confirmed', true, ['shipped']],
    ['processing', false, []],
    ['processing', true, ['shipped']],
  ] as const)('ORD-4: %s, everything shipped %s: %j', (status, everything, path) => {
    expect(shippingPath(status, everything)).toEqual(path);
    let current: OrderStatus = status;
    for (const next of shippingPath(status, everything)) current = moveTo(next, order(current));
    expect(current).toBe(everything ? 'shipped' : 'processing');
  });

  test.each(
    (['draft', 'shipped', 'delivered', 'completed', 'cancelled', 'refunded'] as const).flatMap((from) => [
      { from, everything: false, to: 'processing' },
      { from, everything: true, to: 'shipped' },
    ]),
  )('ORD-4: nothing is shipped from $from ($to)', ({ from, everything, to }) => {
    expect(refusalOf(() => shippingPath(from, everything))).toMatchObject({
      code: 'ILLEGAL_TRANSITION',
      details: { from, to, allowed: orderLifecycle.allowed(from) },
    });
  });
});

test.each(ORDER_STATUSES)('ORD-9: items of a %s order', (status) =>
  expect(canChangeItems(status)).toBe(['draft', 'pending', 'confirmed'].includes(status)),
);

describe('ORD-3: fulfilment is derived', () => {
  test.each([
    ['unfulfilled', [[5, 0, 0, 0]]],
    ['unfulfilled', []],
    ['unfulfilled', [[5, 0, 5, 0]]],
    ['partial', [[5, 2, 0, 0]]],
    [
      'partial',
      [
        [5, 5, 0, 0],
        [1, 0, 0, 0],
      ],
    ],
    [
      'fulfilled',
      [
        [5, 5, 0, 0],
        [1, 1, 0, 0],
      ],
    ],
    ['fulfilled', [[5, 2, 3, 0]]],
    [
      'fulfilled',
      [
        [5, 5, 0, 0],
        [1, 0, 1, 0],
      ],
    ],
    ['partially_returned', [[5, 5, 0, 1]]],
    [
      'partially_returned',
      [
        [5, 5, 0, 5],
        [1, 1, 0, 0],
      ],
    ],
    ['partially_returned', [[5, 2, 0, 2]]],
    [
      'returned',
      [
        [5, 5, 0, 5],
        [1, 1, 0, 1],
      ],
    ],
    ['returned', [[5, 2, 3, 2]]],
  ])('ORD-3: %s when [ordered, shipped, cancelled, returned] are %j', (status, lines) => {
    const quantities = lines.map(([quantity, shipped, cancelled, returned]) => ({
      quantity: d(quantity!),
      shippedQuantity: d(shipped!),
      cancelledQuantity: d(cancelled!),
      returnedQuantity: d(returned!),
    }));
    expect(fulfilmentStatus(quantities)).toBe(status);
  });
});

describe('ORD-6: payment is derived', () => {
  test.each([
    ['unpaid', '10', '0', '0'],
    ['partially_paid', '10', '9.99', '0'],
    ['paid', '10', '10', '0'],
    ['paid', '0', '0', '0'],
    ['partially_refunded', '10', '10', '0.01'],
    ['partially_refunded', '10', '5', '4.99'],
    ['refunded', '10', '10', '10'],
    ['refunded', '10', '5', '5'],
  ])('ORD-6: %s when the total is %s, paid %s, refunded %s', (status, total, paid, refunded) =>
    expect(paymentStatus({ total: d(total), paid: d(paid), refunded: d(refunded) })).toBe(status),
  );
});
