import { DateTime } from 'luxon';
import { Client } from 'pg';
import { connect, type DatabaseClient } from '../../src/db/client';
import { HotLane } from '../../src/db/hot-lane';
import { UnitOfWork } from '../../src/db/unit-of-work';
import { SettableClock } from '../../src/kernel/clock';
import { asOrganization } from '../../src/kernel/context';
import { Decimal, sum, ZERO } from '../../src/kernel/decimal';
import { newId } from '../../src/kernel/ids';
import { createDashboard } from '../../src/modules/dashboard/dashboard.module';
import { freshDatabase, type TestDatabase } from '../support/database';

/** The figures against a plain computation over the documents' lines, in zones whose months and days begin at different times. */

type Dashboard = ReturnType<typeof createDashboard>;
const ZONES = ['UTC', 'Pacific/Auckland', 'America/New_York', 'America/Havana', 'Asia/Kolkata'];

const organizationId = newId();
const stores = [newId(), newId()];
const foreignStore = newId();
const unit = newId();
const product = newId();

let seed = 20261121;
const random = (below: number): number => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 2 ** 32) * below);
};
const pick = <T>(values: readonly T[]): T => values[random(values.length)]!;
const cents = (most: number): Decimal => new Decimal(random(most)).div(100);

/** Minutes around midnights and clock changes: where a wrong zone shows. */
function someInstant(): Date {
  const zone = pick(ZONES);
  const day = pick([
    '2026-01-01',
    '2026-02-28',
    '2026-03-01',
    '2026-03-08',
    '2026-03-29',
    '2026-04-01',
    '2026-04-05',
    '2026-09-27',
    '2026-10-01',
    '2026-11-01',
    '2026-11-30',
  ]);
  return DateTime.fromISO(day, { zone })
    .plus({ minutes: random(360) - 120, milliseconds: pick([0, 1, 999]) })
    .toJSDate();
}

interface Line {
  gross: Decimal;
  discount: Decimal;
  share: Decimal;
  inclusive: boolean;
  tax: Decimal;
  total: Decimal;
}
interface OrderDocument {
  id: string;
  status: string;
  storeId: string;
  currency: string;
  at: Date;
  lines: Line[];
}
interface Deduction {
  id: string;
  at: Date;
  storeId: string | null;
  currency: string;
  net: Decimal;
  tax: Decimal;
}
interface Refund extends Deduction {
  orderId: string | null;
  returnId: string | null;
  status: string;
}

function someLine(): Line {
  const gross = cents(20_000).plus(1);
  const discount = pick([ZERO, cents(50)]);
  const share = pick([ZERO, cents(30)]);
  const inclusive = random(2) === 0;
  const tax = cents(90);
  const net = gross.minus(discount).minus(share);
  return { gross, discount, share, inclusive, tax, total: inclusive ? net : net.plus(tax) };
}

const orders = Array.from({ length: 500 }, (): OrderDocument => {
  const storeId = pick([...stores, stores[0]!, foreignStore]);
  return {
    id: newId(),
    status: pick(['draft', 'pending', 'pending', 'confirmed', 'processing', 'shipped', 'delivered', 'completed', 'cancelled']),
    storeId,
    currency: storeId === foreignStore ? 'USD' : 'EUR',
    at: someInstant(),
    lines: Array.from({ length: 1 + random(3) }, someLine),
  };
});
const returns = Array.from({ length: 80 }, (): Deduction => ({
  id: newId(),
  at: someInstant(),
  storeId: pick(stores),
  currency: 'EUR',
  net: cents(3_000),
  tax: cents(300),
}));
const refunds = Array.from({ length: 120 }, (): Refund => {
  const order = random(6) === 0 ? null : pick(orders.filter((one) => one.status !== 'draft' && one.currency === 'EUR'));
  return {
    id: newId(),
    at: someInstant(),
    storeId: order?.storeId ?? null,
    currency: 'EUR',
    net: cents(2_000).plus('0.01'),
    tax: cents(100),
    orderId: order?.id ?? null,
    returnId: pick([null, null, pick(returns).id]),
    status: pick(['succeeded', 'succeeded', 'pending', 'failed']),
  };
});

async function write(client: Client): Promise<void> {
  const insert = (table: string, rows: readonly object[]): Promise<unknown> => {
    const columns = Object.keys(rows[0]!).join(', ');
    return client.query(`INSERT INTO ${table} (${columns}) SELECT ${columns} FROM jsonb_populate_recordset(NULL::${table}, $1)`, [
      JSON.stringify(rows),
    ]);
  };
  const own = { organization_id: organizationId };
  await client.query(`INSERT INTO organizations (id, name, currency, time_zone) VALUES ('${organizationId}', 'Acme', 'EUR', 'UTC')`);
  await insert(
    'stores',
    [...stores, foreignStore].map((id, index) => ({
      ...own,
      id,
      code: `S${index}`,
      name: `Store ${index}`,
      kind: 'shop',
      currency: id === foreignStore ? 'USD' : 'EUR',
      version: 1,
      created_at: new Date(),
      updated_at: new Date(),
    })),
  );
  await client.query(
    `INSERT INTO units (organization_id, id, code, name, category, factor) VALUES ('${organizationId}', '${unit}', 'pcs', 'Piece', 'count', 1)`,
  );
  const catalogue = [
    { id: product, status: 'published', tracks: true, level: '5', onHand: ['2', '9'], reserved: ['0', '7'], value: ['4.10', '20.33'] },
    { id: newId(), status: 'published', tracks: true, level: '5', onHand: ['6'], reserved: ['0'], value: ['6.00'] },
    { id: newId(), status: 'draft', tracks: true, level: '0', onHand: [], reserved: [], value: [] },
    { id: newId(), status: 'published', tracks: true, level: null, onHand: [], reserved: [], value: [] },
    { id: newId(), status: 'published', tracks: false, level: '5', onHand: [], reserved: [], value: [] },
    { id: newId(), status: 'archived', tracks: true, level: '5', onHand: [], reserved: [], value: [] },
  ];
  for (const one of catalogue) {
    await client.query(
      `INSERT INTO products (organization_id, id, sku, name, unit_id, price, currency, status, tracks_stock, reorder_level) VALUES ($1, $2, $2::uuid::text, 'X', $3, 1, 'EUR', $4, $5, $6)`,
      [organizationId, one.id, unit, one.status, one.tracks, one.level],
    );
    for (const [index, onHand] of one.onHand.entries())
      await client.query(
        'INSERT INTO stock_levels (organization_id, product_id, store_id, on_hand, reserved, value) VALUES ($1, $2, $3, $4, $5, $6)',
        [organizationId, one.id, stores[index], onHand, one.reserved[index], one.value[index]],
      );
  }
  const now = new Date();
  await insert(
    'orders',
    orders.map((order, index) => {
      const total = (key: 'gross' | 'discount' | 'share' | 'tax' | 'total'): Decimal => sum(order.lines.map((line) => line[key]));
      const taxIncluded = sum(order.lines.filter((line) => line.inclusive).map((line) => line.tax));
      return {
        ...own,
        id: order.id,
        number: order.status === 'draft' ? null : `SO-${index}`,
        status: order.status,
        fulfilment_status: 'unfulfilled',
        payment_status: 'unpaid',
        store_id: order.storeId,
        currency: order.currency,
        subtotal: total('gross'),
        discount_total: total('discount').plus(total('share')),
        shipping_amount: '7.50',
        tax_total: total('tax'),
        tax_included: taxIncluded,
        total: total('total').plus('7.50'),
        paid_amount: 0,
        refunded_amount: 0,
        ordered_at: order.at,
        imported: false,
        version: 1,
        created_at: now,
        updated_at: now,
      };
    }),
  );
  await insert(
    'returns',
    returns.map((one, index) => ({
      ...own,
      id: one.id,
      number: `RT-${index}`,
      store_id: one.storeId,
      currency: one.currency,
      tax_total: one.tax,
      total: one.net.plus(one.tax),
      imported: false,
      returned_at: one.at,
      created_at: now,
    })),
  );
  await insert(
    'refunds',
    refunds.map((one) => ({
      ...own,
      id: one.id,
      order_id: one.orderId,
      return_id: one.returnId,
      currency: one.currency,
      amount: one.net.plus(one.tax),
      tax_amount: one.tax,
      method: 'card',
      status: one.status,
      imported: false,
      refunded_at: one.at,
      created_at: now,
    })),
  );
}

const counts = (order: OrderDocument): boolean => order.status !== 'draft' && order.status !== 'cancelled';
const netOf = (order: OrderDocument): Decimal => sum(order.lines.map((line) => line.total.minus(line.tax)));

/** By the definition, document by document and line by line. */
function figures(included: (at: Date) => boolean, currency = 'EUR', storeId?: string | null) {
  const mine = (document: { at: Date; currency: string; storeId: string | null }): boolean =>
    included(document.at) && document.currency === currency && (storeId === undefined || document.storeId === storeId);
  const cancelled = new Set(orders.filter((order) => order.status === 'cancelled').map((order) => order.id));
  const placed = orders.filter((order) => counts(order) && mine(order));
  const sales = sum(placed.map(netOf));
  const returned = sum(returns.filter(mine).map((one) => one.net));
  const refunded = sum(
    refunds
      .filter(
        (one) => mine(one) && one.status === 'succeeded' && one.returnId === null && (one.orderId === null || !cancelled.has(one.orderId)),
      )
      .map((one) => one.net),
  );
  return {
    orders: placed.length,
    sales: sales.toFixed(2),
    returns: returned.toFixed(2),
    refunds: refunded.toFixed(2),
    revenue: sales.minus(returned).minus(refunded).toFixed(2),
    averageOrderValue: placed.length === 0 ? null : sales.div(placed.length).toFixed(2),
  };
}

const known = new Map<string, string>();
/** The day an instant belongs to, by another implementation's time zones than PostgreSQL's. */
function localDay(at: Date, zone: string): string {
  const key = `${zone} ${at.getTime()}`;
  let day = known.get(key);
  if (day === undefined) known.set(key, (day = DateTime.fromJSDate(at, { zone }).toISODate()!));
  return day;
}
const LABEL = { day: 'yyyy-MM-dd', week: "kkkk-'W'WW", month: 'yyyy-MM' } as const;

describe('dashboard figures', () => {
  let database: TestDatabase;
  let client: DatabaseClient;
  let superuser: Client;
  let dashboard: Dashboard;
  const clock = new SettableClock(new Date('2026-11-21T12:00:00Z'));
  const inOrganization = <T>(work: () => Promise<T>): Promise<T> => asOrganization(organizationId, work);
  const moveTo = (zone: string): Promise<unknown> => superuser.query('UPDATE organizations SET time_zone = $1', [zone]);

  beforeAll(async () => {
    database = await freshDatabase();
    superuser = new Client({ connectionString: database.superuserUrl });
    await superuser.connect();
    // Documents with amounts at random: what orders, payments and refunds must have in common is not what is tested here.
    await superuser.query('SET session_replication_role = replica');
    await write(superuser);
    client = connect(database.runtimeUrl, 2);
    const unitOfWork = new UnitOfWork(client.prisma, () => undefined);
    dashboard = createDashboard({ unitOfWork, lane: new HotLane(client.pool, unitOfWork, () => undefined), clock });
  });
  afterAll(async () => {
    await client.close();
    await superuser.end();
    await database.drop();
  });

  describe.each(ZONES)('in %s', (zone) => {
    beforeAll(() => moveTo(zone));

    it.each(['day', 'week', 'month'] as const)('sales by %s', async (groupBy) => {
      const [from, to] = ['2026-01-01', '2026-11-30'];
      const report = await inOrganization(() => dashboard.sales.byPeriod({ groupBy, from, to }));
      expect(report).toMatchObject({ groupBy, from, to, timeZone: zone, currency: 'EUR' });

      const labels = new Map<string, string>();
      for (let day = DateTime.fromISO(from, { zone: 'UTC' }); day.toISODate()! <= to; day = day.plus({ days: 1 }))
        labels.set(day.toISODate()!, day.toFormat(LABEL[groupBy]));
      expect(report.data.map(({ period }) => period)).toEqual([...new Set(labels.values())]);
      for (const { period, from, to, ...row } of report.data) {
        expect([from, to].map((day) => labels.get(day))).toEqual([period, period]);
        expect({ period, ...row }).toEqual({ period, ...figures((at) => labels.get(localDay(at, zone)) === period) });
      }
      expect(report.totals).toEqual(figures((at) => labels.has(localDay(at, zone))));
    });

    it('one store, clipped to the days asked for', async () => {
      const [from, to] = ['2026-03-01', '2026-04-01'];
      const within = (at: Date): boolean => localDay(at, zone) >= from && localDay(at, zone) <= to;
      for (const storeId of stores) {
        const { data, totals } = await inOrganization(() => dashboard.sales.byPeriod({ groupBy: 'month', from, to, storeId }));
        expect(totals).toEqual(figures(within, 'EUR', storeId));
        expect(data.map(({ period, from, to }) => [period, from, to])).toEqual([
          ['2026-03', '2026-03-01', '2026-03-31'],
          ['2026-04', '2026-04-01', '2026-04-01'],
        ]);
      }
    });

    it('by store, with refunds that belong to no return, and those that name no store', async () => {
      const [from, to] = ['2026-03-01', '2026-10-31'];
      const within = (at: Date): boolean => localDay(at, zone) >= from && localDay(at, zone) <= to;
      const { data, totals } = await inOrganization(() => dashboard.sales.byGroup({ groupBy: 'store', from, to, limit: 10 }));
      expect(totals).toEqual(figures(within));
      const named = data.map(({ id, orders, sales, returns, refunds }) => ({ id, orders, sales, returns, refunds }));
      const expected = [...stores, null].map((id) => {
        const { orders, sales, returns, refunds } = figures(within, 'EUR', id);
        return { id, orders, sales, returns, refunds };
      });
      expect(named).toEqual(expect.arrayContaining(expected));
      expect(named).toHaveLength(expected.length);
    });

    it('this month to date against the same days of last month', async () => {
      for (const now of ['2026-04-01T03:30:00Z', '2026-03-31T23:30:00Z', '2026-11-01T04:30:00Z', '2026-12-01T00:30:00Z']) {
        clock.set(new Date(now));
        const today = localDay(clock.now(), zone);
        const date = DateTime.fromISO(today, { zone: 'UTC' });
        const revenueOf = (from: string, to: string): Decimal =>
          new Decimal(figures((at) => localDay(at, zone) >= from && localDay(at, zone) <= to).revenue);
        const current = revenueOf(date.startOf('month').toISODate()!, today);
        const lastMonth = date.minus({ months: 1 }); // luxon stays within the shorter month
        const previous = revenueOf(lastMonth.startOf('month').toISODate()!, lastMonth.toISODate()!);
        const overview = await inOrganization(() => dashboard.overview.read());
        expect(overview).toMatchObject({
          today,
          timeZone: zone,
          revenueChangePercent: previous.lte(0) ? null : current.minus(previous).times(100).div(previous).toFixed(2),
        });
      }
    });
  });

  it('gives the overview', async () => {
    clock.set(new Date('2026-11-21T12:00:00Z'));
    const all = figures(() => true);
    expect(await inOrganization(() => dashboard.overview.read())).toMatchObject({
      currency: 'EUR',
      totalRevenue: all.revenue,
      totalOrders: all.orders,
      pendingOrders: orders.filter((order) => order.status === 'pending').length,
      totalInventoryValue: '30.43',
      totalProducts: 5,
      lowStockItems: 2, // 2 + (9 − 7) = 4 of 5, and a draft with nothing at level 0
      totalEmployees: 0,
      newHiresThisMonth: 0,
    });
  });

  it("reports a store with a currency of its own in it, and never adds it to the organization's", async () => {
    await moveTo('UTC');
    const { currency, totals } = await inOrganization(() =>
      dashboard.sales.byPeriod({ groupBy: 'month', from: '2025-12-01', to: '2026-12-31', storeId: foreignStore }),
    );
    expect(currency).toBe('USD');
    expect(totals).toEqual(figures(() => true, 'USD', foreignStore));
    expect(totals.orders).toBeGreaterThan(0);
  });

  it('lists empty periods for an unknown store, and for an organization without documents', async () => {
    const { data, totals } = await inOrganization(() => dashboard.sales.byPeriod({ groupBy: 'week', storeId: newId() }));
    expect(data).toHaveLength(12);
    expect(totals).toEqual({ orders: 0, sales: '0.00', returns: '0.00', refunds: '0.00', revenue: '0.00', averageOrderValue: null });
    const other = newId();
    await superuser.query(`INSERT INTO organizations (id, name, currency, time_zone) VALUES ('${other}', 'Other', 'JPY', 'Asia/Tokyo')`);
    const overview = await asOrganization(other, () => dashboard.overview.read());
    expect(overview).toMatchObject({
      totalRevenue: '0',
      totalOrders: 0,
      totalInventoryValue: '0',
      revenueChangePercent: null,
      lowStockItems: 0,
    });
  });

  it.each([
    [{ from: '2026-02-01', to: '2026-01-01' }, 'must not be after 2026-01-01'],
    [{ from: '2020-01-01', to: '2026-01-01' }, 'makes more than 1100 periods'],
    [{ from: '0001-01-01', to: '0001-01-02' }, 'must not be before 1900-01-01'],
    [{ from: '9999-12-31', to: '9999-12-31' }, 'must not be after 2999-12-31'],
  ])('refuses %j', async (days, message) => {
    await expect(inOrganization(() => dashboard.sales.byPeriod({ groupBy: 'day', ...days }))).rejects.toThrow(message);
  });
});
