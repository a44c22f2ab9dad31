import { DateTime } from 'luxon';
import retail from '../../src/modules/import/mappings/online-retail.json';
import { compared, retailHistory, type Grouping, type InvoiceRow, type SalesAnswer } from '../support/retail-history';
import { startImportApp, type ImportApp } from './import-app';

/** The dashboards of an imported history against a computation over the rows of the file. */

let seed = 541_909;
const random = (below: number): number => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 2 ** 32) * below);
};
const pick = <T>(values: readonly T[]): T => values[random(values.length)]!;

const PRODUCTS = Array.from({ length: 40 }, (_, index) => ({
  code: `21${100 + index}${pick(['', 'A', 'b'])}`,
  price: pick(['0.85', '2.95', '0.001', '12.125', '649.5']),
}));
const CUSTOMERS = Array.from({ length: 12 }, (_, index) => ({
  code: String(13_000 + index),
  country: pick(['United Kingdom', 'EIRE', 'Germany', 'Unspecified']),
}));
/** Ends of months and years, and the clock changes of London and Auckland. */
const DAYS = [
  '2010-12-31',
  '2011-01-01',
  '2011-02-28',
  '2011-03-01',
  '2011-03-26',
  '2011-03-27',
  '2011-04-02',
  '2011-04-03',
  '2011-09-24',
  '2011-10-30',
  '2011-10-31',
];

function someDocument(index: number): InvoiceRow[] {
  const customer = pick([undefined, ...CUSTOMERS]);
  const number = `${pick(['', '', '', 'C', 'A'])}${540_000 + index}`;
  const sign = number.startsWith('C') ? '-' : '';
  // The hour that London skips in spring is none on any clock.
  const time = DateTime.fromISO(pick(DAYS), { zone: 'UTC' }).set({ hour: pick([0, 2, 10, 11, 12, 13, 22, 23]), minute: random(60) });
  return Array.from({ length: 1 + random(9) }, () => {
    const { code, price } = pick(PRODUCTS);
    return {
      InvoiceNo: number,
      StockCode: pick([code, code.toLowerCase(), code.toUpperCase()]),
      Quantity: sign + String(1 + random(60)),
      InvoiceDate: time.plus({ minutes: random(2) }).toFormat('yyyy-MM-dd HH:mm:ss'),
      UnitPrice: number.startsWith('C') || random(12) > 0 ? price : '0',
      CustomerID: customer === undefined ? '' : customer.code,
      Country: customer?.country ?? pick(['France', 'Channel Islands']),
    };
  });
}
const rows = Array.from({ length: 260 }, (_, index) => someDocument(index)).flat();
const history = retailHistory(rows, retail.countries);

describe('the dashboards of an imported history', () => {
  let importer: ImportApp;
  let organizationId: string;
  let token: string;
  const read = async (path: string): Promise<unknown> => (await importer.app.as(token).get(path).expect(200)).body;
  const moveTo = (zone: string) => importer.app.sql('UPDATE organizations SET time_zone = $2 WHERE id = $1', [organizationId, zone]);

  beforeAll(async () => {
    importer = await startImportApp();
    await importer.app.signUp();
    organizationId = await importer.organization();
    token = await importer.app.member(organizationId, 'viewer');
    const file = await importer.fileOf(
      ...rows.map((row) =>
        [row.InvoiceNo, row.StockCode, 'Thing', row.Quantity, row.InvoiceDate, row.UnitPrice, row.CustomerID, row.Country].join(','),
      ),
    );
    const { report } = await importer.imported(organizationId, file);
    expect(report).toMatchObject({ balanced: true, verdicts: { rejected: 0 } });
  });
  afterAll(() => importer.close());

  it.each(['Europe/London', 'Pacific/Auckland', 'America/Havana'])('are the figures of its rows in %s', async (zone) => {
    await moveTo(zone);
    const groupings: Grouping[] = ['day', 'week', 'month', 'product', 'category', 'customer', 'country', 'store'];
    for (const grouping of groupings) {
      const answer = (await read(`/dashboard/sales?groupBy=${grouping}&from=2010-12-01&to=2011-12-31&limit=200`)) as SalesAnswer;
      const { actual, expected } = compared(answer, history, grouping, zone);
      expect({ grouping, ...actual }).toEqual({ grouping, ...expected });
      if (answer.groups !== undefined) expect(answer.data).toHaveLength(answer.groups);
    }
  });

  it('put the groups with the most revenue first, and count those that are not shown', async () => {
    const answer = (await read('/dashboard/sales?groupBy=product&from=2010-12-01&to=2011-12-31&limit=5')) as SalesAnswer;
    const revenues = [...history.groups('product', 'Europe/London').values()].map(({ revenue }) => Number(revenue)).sort((a, b) => b - a);
    expect(answer.data.map(({ revenue }) => Number(revenue))).toEqual(revenues.slice(0, 5));
    expect(answer.groups).toBe(revenues.length);
    expect(answer.totals).toMatchObject(history.totals());
  });

  it('say the same in the overview and in the chart', async () => {
    const { orders, revenue } = history.totals();
    expect(await read('/dashboard/overview')).toMatchObject({ totalRevenue: revenue, totalOrders: orders });
    const sales = (await read('/dashboard/sales?groupBy=country&from=2010-12-01&to=2011-12-31')) as {
      data: Array<{ name: string | null; revenue: string }>;
    };
    const chart = await read('/dashboard/chart-data?groupBy=country&from=2010-12-01&to=2011-12-31');
    expect(chart).toMatchObject({ labels: sales.data.map(({ name }) => name ?? 'none'), revenue: sales.data.map((row) => row.revenue) });
    expect(sales.data.map(({ name }) => name)).toEqual(expect.arrayContaining(['United Kingdom', 'Ireland', 'France', null]));
  });
});
