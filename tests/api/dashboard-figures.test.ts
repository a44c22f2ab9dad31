import { DateTime } from 'luxon';
import { Client } from 'pg';
import { connect, type DatabaseClient } from '../../src/db/client';
import { HotLane } from '../../src/db/hot-lane';
import { UnitOfWork } from '../../src/db/unit-of-work';
import { SettableClock } from '../../src/kernel/clock';
import { asOrganization } from '../../src/kernel/context';
import { Decimal } from '../../src/kernel/decimal';
import { newId } from '../../src/kernel/ids';
import { createDashboard } from '../../src/modules/dashboard/dashboard.module';
import { freshDatabase, type TestDatabase } from '../support/database';
import { figures } from './dashboard-definition';
import { foreignStore, orders, organizationId, stores, write, ZONES } from './dashboard-documents';

/** The figures against a plain computation over the documents' lines, in zones whose months and days begin at different times. */

type Dashboard = ReturnType<typeof createDashboard>;
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
    // Without the goods, shipments and payments behind these documents.
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
