/*
 * npm run bench:retail -- FILE
 * The Online Retail data (docs/IMPORT.md) imported into a throw-away PostgreSQL with its durability on: time and memory, the totals a correct
 * import must come to, a second run that changes nothing, every invariant, all reports of sales against a computation over the rows alone,
 * and how long reads take at one client.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { createGunzip } from 'node:zlib';
import Papa from 'papaparse';
import retail from '../src/modules/import/mappings/online-retail.json';
import {
  compared,
  retailHistory,
  type Grouping,
  type InvoiceRow,
  type RetailHistory,
  type SalesAnswer,
} from '../tests/support/retail-history';
import { startServerProcess } from '../tests/support/server-process';
import { Api } from './api';
import { startDatabases, withClient, type Databases } from './databases';
import { environment } from './environment';
import { timeReads } from './read-times';

const ZONE = 'Europe/London';
const GROUPINGS: readonly Grouping[] = ['day', 'week', 'month', 'product', 'category', 'customer', 'country', 'store'];

const say = (text: string): void => void process.stdout.write(`${text}\n`);
let wrong = 0;
function verdict(what: string, holds: boolean): void {
  if (!holds) wrong++;
  say(`${holds ? 'yes' : 'NO '}  ${what}`);
}

async function main(): Promise<void> {
  const named = process.argv[2];
  const file = path.resolve(named ?? '');
  if (named === undefined || !existsSync(file)) {
    const why = named === undefined ? 'name the file with the data (npm run bench:retail -- FILE)' : `there is no ${file}`;
    return say(`Nothing is measured: ${why}. docs/IMPORT.md says where the data comes from.`);
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'quartermaster-retail-'));
  const databases = await startDatabases();
  const env = environment(databases);
  const server = await startServerProcess({ env, logFile: path.join(folder, 'server.log') });
  try {
    const { organizationId } = await new Api(server.port).register({ currency: 'GBP', timeZone: ZONE });
    await importFile(file, organizationId, env);
    const imported = await contents(databases);
    await importFile(file, organizationId, env);
    verdict('the second run changed nothing', (await contents(databases)) === imported);
    const api = await new Api(server.port).signIn();
    verdict('every invariant holds', await api.isSound());
    await compareReports(api, await historyOf(file));
    for (const { name, p50, p95, goal = Infinity } of await timeReads(api)) {
      const limit = goal === Infinity ? '' : ` (under ${goal})`;
      verdict(`${name}: p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms${limit}`, p95 < goal);
    }
  } finally {
    await server.end('SIGTERM');
    await databases.stop();
    await rm(folder, { recursive: true, force: true });
  }
  if (wrong > 0) process.exitCode = 1;
}

/** What any correct import must come to: rows and Σ quantity × price. */
const TOTALS = [
  ['sale', '530,103', '10,655,622.484'],
  ['return', '9,288', '-896,812.49'],
  ['stock note', '2,515', '0'],
  ['not imported: bad debt', '3', '-11,062.06'],
  ['all', '541,909', '9,747,747.934'],
] as const;

/** Runs the command as a person does, and watches its memory. */
async function importFile(file: string, organizationId: string, env: Record<string, string>): Promise<void> {
  const startedAt = performance.now();
  const command = ['import', 'orders', file, '--mapping', 'online-retail', '--organization', organizationId];
  const child = spawn(process.execPath, [path.resolve(__dirname, '../dist/cli/main.js'), ...command], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let report = '';
  let peak = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => (report += text));
  const watch = setInterval(() => (peak = Math.max(peak, peakMiB(child.pid!))), 100);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(watch);
  const seconds = (performance.now() - startedAt) / 1000;
  verdict(
    `imported in ${seconds.toFixed(1)} s (under 300), with ${peak.toFixed(0)} MiB at most (under 600)`,
    code === 0 && seconds < 300 && peak < 600,
  );
  const lines = report.split('\n').map((line) => line.split(/ {2,}/));
  for (const [kind, rows, total] of TOTALS) {
    const line = lines.find(([name]) => name?.replace(' (unchanged)', '') === kind);
    verdict(`${kind}: ${rows} rows, ${total}`, line?.[1] === rows && line.includes(total));
  }
}

/** The largest it has been so far; 0 where there is no /proc. */
function peakMiB(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

const TABLES = [
  'orders',
  'order_lines',
  'payments',
  'returns',
  'return_lines',
  'refunds',
  'stock_notes',
  'products',
  'customers',
  'import_documents',
  'imports',
];

/** A digest of all rows of each table. */
const contents = ({ superuserUrl }: Databases): Promise<string> =>
  withClient(superuserUrl, async (client) => {
    const digests: string[] = [];
    for (const table of TABLES) {
      const { rows } = await client.query<{ digest: string }>(
        `SELECT count(*) || ' ' || sum(hashtextextended(t::text, 0)::numeric) AS digest FROM ${table} t`,
      );
      digests.push(rows[0]!.digest);
    }
    return digests.join('\n');
  });

async function historyOf(file: string): Promise<RetailHistory> {
  const rows: InvoiceRow[] = [];
  const bytes = createReadStream(file);
  const text = file.endsWith('.gz') ? bytes.pipe(createGunzip()) : bytes;
  for await (const row of text.pipe(Papa.parse(Papa.NODE_STREAM_INPUT, { header: true }))) rows.push(row as InvoiceRow);
  return retailHistory(rows, retail.countries);
}

async function compareReports(api: Api, history: RetailHistory): Promise<void> {
  for (const grouping of GROUPINGS) {
    const answer = await api.get<SalesAnswer>(`/dashboard/sales?groupBy=${grouping}&from=2010-12-01&to=2011-12-31&limit=200`);
    const { actual, expected } = compared(answer, history, grouping, ZONE);
    verdict(`sales by ${grouping}: ${actual.groups} groups, the figures of the rows`, isDeepStrictEqual(actual, expected));
  }
}

void main();
