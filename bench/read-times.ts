import type { Api } from './api';

export interface ReadTime {
  readonly name: string;
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
  /** Milliseconds that p95 has to stay under. */
  readonly goal?: number;
}

const YEAR = 'from=2010-12-01&to=2011-12-31';
const MONTH = 'from=2011-11-01&to=2011-11-30';
const WARMING = 10;
const REQUESTS = 200;

/** Reads of the imported history at one client, one after the other. */
export async function timeReads(api: Api): Promise<ReadTime[]> {
  const pages = await api.pages('/api/v1/orders?pageSize=20', 30);
  const orders = await api.get<{ data: Array<{ id: string }> }>('/orders?pageSize=200');
  const customers = await api.get<{ data: Array<{ id: string }> }>('/customers?pageSize=200');
  const cases: Array<[name: string, paths: string[], goal?: number]> = [
    ['order list page', pages.map((path) => path.replace('/api/v1', '')), 50],
    ['order', orders.data.map(({ id }) => `/orders/${id}`), 50],
    ['customer', customers.data.map(({ id }) => `/customers/${id}`), 50],
    ['overview', ['/dashboard/overview']],
    ['sales by month, the whole year', [`/dashboard/sales?groupBy=month&${YEAR}`], 300],
    ['sales by day, one month', [`/dashboard/sales?groupBy=day&${MONTH}`]],
    ['sales by product, one month', [`/dashboard/sales?groupBy=product&${MONTH}`]],
    ['sales by product, the whole year', [`/dashboard/sales?groupBy=product&${YEAR}`]],
    ['sales by customer, the whole year', [`/dashboard/sales?groupBy=customer&${YEAR}`]],
    ['sales by country, the whole year', [`/dashboard/sales?groupBy=country&${YEAR}`]],
    ['stock status', ['/dashboard/inventory']],
    ['recent activity', ['/dashboard/recent-activity']],
    ['one store', ['/dashboard']],
  ];
  const times: ReadTime[] = [];
  for (const [name, paths, goal] of cases) times.push({ name, ...(await timed(api, paths)), ...(goal !== undefined && { goal }) });
  return times;
}

async function timed(api: Api, paths: readonly string[]): Promise<{ p50: number; p95: number }> {
  const milliseconds: number[] = [];
  for (let request = -WARMING; request < REQUESTS; request++) {
    const startedAt = performance.now();
    await api.get(paths[(request + WARMING) % paths.length]!);
    if (request >= 0) milliseconds.push(performance.now() - startedAt);
  }
  milliseconds.sort((a, b) => a - b);
  const at = (share: number): number => milliseconds[Math.floor(share * REQUESTS)]!;
  return { p50: at(0.5), p95: at(0.95) };
}
