import { DateTime } from 'luxon';

/**
 * What dashboards must say of invoice rows in the form of the Online Retail data, worked out from the rows alone: no database, no code of
 * the application, money as whole pennies. Times are those of London; every document has the first of its times.
 */
export interface InvoiceRow {
  readonly InvoiceNo: string;
  readonly StockCode: string;
  readonly Quantity: string;
  readonly InvoiceDate: string;
  readonly UnitPrice: string;
  readonly CustomerID: string;
  readonly Country: string;
}

interface Line {
  readonly product: string;
  readonly quantity: number;
  readonly pennies: number;
}
interface InvoiceDocument {
  readonly number: string;
  readonly at: DateTime;
  customer: string | null;
  country: string | null;
  readonly lines: Line[];
}

export interface Figures {
  readonly orders: number;
  readonly sales: string;
  readonly returns: string;
  readonly revenue: string;
  readonly averageOrderValue: string | null;
}

export type Grouping = 'day' | 'week' | 'month' | 'product' | 'category' | 'customer' | 'country' | 'store';

export interface RetailHistory {
  /** By period or code; '' is what belongs to no group. Only where something happened. */
  groups(grouping: Grouping, zone: string): Map<string, Figures & { readonly quantity: number }>;
  totals(): Figures;
}

const amount = (pennies: number): string =>
  `${pennies < 0 ? '-' : ''}${Math.floor(Math.abs(pennies) / 100)}.${String(Math.abs(pennies) % 100).padStart(2, '0')}`;
/** Half away from zero; of what is never negative here. */
const rounded = (a: number, b: number): number => Math.floor((2 * a + b) / (2 * b));

/** `countries`: the file's names as ISO codes, null for those that name none. */
export function retailHistory(rows: Iterable<InvoiceRow>, countries: Readonly<Record<string, string | null>>): RetailHistory {
  const sales = new Map<string, InvoiceDocument>();
  const returns = new Map<string, InvoiceDocument>();
  const times = new Map<string, DateTime>();
  const customers = new Map<string, string | null>();
  const countryOfDocument = new Map<string, string>();
  const homes = new Map<string, string>();

  for (const row of rows) {
    const number = row.InvoiceNo;
    const country = countries[row.Country] ?? null;
    if (!times.has(number)) times.set(number, DateTime.fromSQL(row.InvoiceDate, { zone: 'Europe/London' }));
    if (row.CustomerID !== '') customers.set(number, row.CustomerID.replace(/\.0$/, ''));
    if (country !== null && !countryOfDocument.has(number)) countryOfDocument.set(number, country);
    if (row.CustomerID !== '' && country !== null && !homes.has(row.CustomerID.replace(/\.0$/, '')))
      homes.set(row.CustomerID.replace(/\.0$/, ''), country);
    const thousandths = Math.round(Number(row.UnitPrice) * 1000);
    const quantity = Math.abs(Number(row.Quantity));
    if (number.startsWith('A') || thousandths === 0) continue;
    const kind = number.startsWith('C') ? returns : sales;
    let document = kind.get(number);
    if (document === undefined) kind.set(number, (document = { number, at: times.get(number)!, customer: null, country: null, lines: [] }));
    document.lines.push({ product: row.StockCode.toLowerCase(), quantity, pennies: rounded(thousandths * quantity, 10) });
  }
  for (const document of [...sales.values(), ...returns.values()]) {
    document.customer = customers.get(document.number) ?? null;
    document.country =
      countryOfDocument.get(document.number) ?? (document.customer === null ? null : (homes.get(document.customer) ?? null));
  }
  return {
    groups: (grouping, zone) => grouped([...sales.values()], [...returns.values()], grouping, zone),
    totals: () => totalled([...sales.values()], [...returns.values()]),
  };
}

interface Sum {
  orders: Set<string>;
  sales: number;
  returns: number;
  quantity: number;
}

const figuresOf = ({ orders, sales, returns, quantity }: Sum) => ({
  orders: orders.size,
  sales: amount(sales),
  returns: amount(returns),
  revenue: amount(sales - returns),
  averageOrderValue: orders.size === 0 ? null : amount(rounded(sales, orders.size)),
  quantity,
});

const FORMATS = { day: 'yyyy-MM-dd', week: "kkkk-'W'WW", month: 'yyyy-MM' } as const;

/** The group of each line of a document. */
const KEYS: Readonly<Record<Grouping, (document: InvoiceDocument, zone: string) => (line: Line) => string>> = {
  day: (document, zone) => periodOf(document, zone, 'day'),
  week: (document, zone) => periodOf(document, zone, 'week'),
  month: (document, zone) => periodOf(document, zone, 'month'),
  product:
    () =>
    ({ product }) =>
      product,
  category: () => () => '',
  customer:
    ({ customer }) =>
    () =>
      customer ?? '',
  country:
    ({ country }) =>
    () =>
      country ?? '',
  store: () => () => 'MAIN',
};

function periodOf({ at }: InvoiceDocument, zone: string, period: keyof typeof FORMATS): () => string {
  const label = at.setZone(zone).toFormat(FORMATS[period]);
  return () => label;
}

function grouped(sales: readonly InvoiceDocument[], returns: readonly InvoiceDocument[], grouping: Grouping, zone: string) {
  const sums = new Map<string, Sum>();
  const sumOf = (key: string): Sum => {
    let sum = sums.get(key);
    if (sum === undefined) sums.set(key, (sum = { orders: new Set(), sales: 0, returns: 0, quantity: 0 }));
    return sum;
  };
  for (const document of sales) {
    const keyOf = KEYS[grouping](document, zone);
    for (const line of document.lines) {
      const sum = sumOf(keyOf(line));
      sum.orders.add(document.number);
      sum.sales += line.pennies;
      sum.quantity += line.quantity;
    }
  }
  for (const document of returns) {
    const keyOf = KEYS[grouping](document, zone);
    for (const line of document.lines) sumOf(keyOf(line)).returns += line.pennies;
  }
  return new Map([...sums].map(([key, sum]) => [key, figuresOf(sum)]));
}

function totalled(sales: readonly InvoiceDocument[], returns: readonly InvoiceDocument[]): Figures {
  const total = (documents: readonly InvoiceDocument[]): number =>
    documents.flatMap(({ lines }) => lines).reduce((sum, { pennies }) => sum + pennies, 0);
  const { quantity: _quantity, ...figures } = figuresOf({
    orders: new Set(sales.map(({ number }) => number)),
    sales: total(sales),
    returns: total(returns),
    quantity: 0,
  });
  return figures;
}

/** A report of /dashboard/sales as far as the comparison goes. */
export interface SalesAnswer {
  readonly groups?: number;
  readonly data: ReadonlyArray<Figures & { readonly period?: string; readonly code?: string | null; readonly quantity?: string | null }>;
  readonly totals: Figures;
}

const wanted = ({ orders, sales, returns, revenue, averageOrderValue }: Figures): Figures => ({
  orders,
  sales,
  returns,
  revenue,
  averageOrderValue,
});
const NOTHING: Figures = { orders: 0, sales: '0.00', returns: '0.00', revenue: '0.00', averageOrderValue: null };

/** Each group of a report beside what it should be, by name; equal when the report is right. Groups that are not shown are left out. */
export function compared(answer: SalesAnswer, history: RetailHistory, grouping: Grouping, zone: string) {
  const expected = history.groups(grouping, zone);
  const name = (row: SalesAnswer['data'][number]): string => row.period ?? row.code?.toLowerCase() ?? '';
  const lower = new Map(
    [...expected].map(([key, value]) => [
      grouping === 'country' || grouping === 'store' || grouping === 'week' ? key.toLowerCase() : key,
      value,
    ]),
  );
  const rows = answer.data.map((row) => {
    const key = row.period === undefined ? name(row) : row.period.toLowerCase();
    const figures = lower.get(key);
    const quantity = grouping === 'product' && figures !== undefined ? String(figures.quantity) : null;
    return {
      key,
      actual: { ...wanted(row), quantity: row.quantity ?? null },
      expected: { ...(figures === undefined ? NOTHING : wanted(figures)), quantity },
    };
  });
  return {
    actual: {
      groups: answer.groups ?? rows.filter(({ key }) => lower.has(key)).length,
      totals: wanted(answer.totals),
      rows: rows.map(({ key, actual }) => ({ key, ...actual })),
    },
    expected: { groups: lower.size, totals: history.totals(), rows: rows.map(({ key, expected }) => ({ key, ...expected })) },
  };
}
