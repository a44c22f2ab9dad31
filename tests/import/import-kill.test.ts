import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { connect } from '../../src/db/client';
import { UnitOfWork } from '../../src/db/unit-of-work';
import { systemClock } from '../../src/kernel/clock';
import { complaints, integrityCheck } from '../../src/modules/integrity/integrity.module';
import { freshDatabase, type TestDatabase } from '../support/database';

const ROOT = resolve(__dirname, '../..');
const DOCUMENTS = 3000;

/** Sales, returns, stock notes, bad debts and bad rows; documents of two to four lines, and codes that differ in case. */
function invoices(): string {
  const lines = ['InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'];
  for (let n = 0; n < DOCUMENTS; n++) {
    const customer = n % 4 === 0 ? '' : `${12_000 + (n % 150)}.0`;
    const row = (number: string, line: number, quantity: string, price: string): string =>
      `${number},${(n + line) % 2 === 0 ? 'sku' : 'SKU'}${(n * 7 + line) % 200},Thing ${line},${quantity},2011-06-0${1 + (n % 9)} 09:00:00,${price},${customer},France`;
    if (n % 10 === 3) lines.push(row(`C${n}`, 1, '-1', '1.005'), row(`C${n}`, 2, '-2', '3'));
    else if (n % 97 === 5) lines.push(row(`A${n}`, 1, '1', '-11.50'));
    else if (n % 50 === 7) lines.push(row(`${n}`, 1, 'two', '1'), row(`${n}`, 2, '1', '1'));
    else for (let line = 1; line <= 2 + (n % 3); line++) lines.push(row(`${n}`, line, `${line}`, line === 4 ? '0' : `${n % 13}.125`));
  }
  return lines.join('\n');
}

let database: TestDatabase;
let superuser: Client;
let folder: string;
beforeAll(async () => {
  database = await freshDatabase();
  superuser = new Client({ connectionString: database.superuserUrl });
  await superuser.connect();
  folder = await mkdtemp(join(tmpdir(), 'quartermaster-test-'));
  await writeFile(join(folder, 'invoices.csv'), invoices());
});
afterAll(async () => {
  await superuser.end();
  await database.drop();
  await rm(folder, { recursive: true });
});

function startImport(organization: string): { child: ChildProcess; output: () => string } {
  const file = join(folder, 'invoices.csv');
  const args = [
    'import',
    'orders',
    file,
    '--mapping',
    'online-retail',
    '--organization',
    organization,
    '--rejects',
    join(folder, `${organization}.csv`),
  ];
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', ...args], {
    cwd: ROOT,
    env: { ...process.env, NODE_ENV: 'test', DATABASE_URL: database.runtimeUrl, MIGRATION_DATABASE_URL: database.ownerUrl },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  child.once('exit', (code) => {
    if (code !== null && code > 1) output += errors;
  });
  return { child, output: () => `${output}${output === '' ? errors : ''}` };
}

async function runToItsEnd(organization: string): Promise<string> {
  const { child, output } = startImport(organization);
  await once(child, 'close');
  return output();
}

const countOf = async (sql: string, organization: string): Promise<number> => {
  const { rows } = await superuser.query<{ count: number }>(
    `SELECT count(*)::integer FROM ${sql} JOIN organizations o ON o.id = t.organization_id WHERE o.name = $1`,
    [organization],
  );
  return rows[0]!.count;
};

/** kill -9 as soon as that many rows of the table are committed. */
async function killAt(organization: string, table: string, rows: number): Promise<number> {
  const { child, output } = startImport(organization);
  const exited = once(child, 'exit');
  while ((await countOf(`${table} t`, organization)) < rows) {
    if (child.exitCode !== null) throw new Error(`it ended before it was killed:\n${output()}`);
    await sleep(1);
  }
  child.kill('SIGKILL');
  expect((await exited)[1]).toBe('SIGKILL');
  return countOf('import_documents t', organization);
}

/** Everything the organization has, without ids and the time of the import, in the order of what it says. */
async function stateOf(organization: string): Promise<Record<string, unknown[]>> {
  const queries: Record<string, string> = {
    organization: `SELECT o.currency, o.time_zone, s.code, s.name FROM org o JOIN stores s ON s.organization_id = o.id`,
    products: `SELECT t.sku, t.name, t.price, t.status, t.tracks_stock, t.version, u.code FROM products t JOIN org o ON o.id = t.organization_id JOIN units u ON u.id = t.unit_id`,
    customers: `SELECT t.code, t.name, t.country, t.payment_terms, t.version FROM customers t JOIN org o ON o.id = t.organization_id`,
    orders: `SELECT t.number, t.status, t.fulfilment_status, t.payment_status, t.total, t.paid_amount, t.ordered_at, t.imported, t.version, c.code FROM orders t
      JOIN org o ON o.id = t.organization_id LEFT JOIN customers c ON c.id = t.customer_id`,
    lines: `SELECT d.number, t.line_number, t.sku, t.name, p.sku AS product, t.quantity, t.unit_price, t.gross, t.total, t.shipped_quantity FROM order_lines t
      JOIN org o ON o.id = t.organization_id JOIN orders d ON d.id = t.order_id JOIN products p ON p.id = t.product_id`,
    payments: `SELECT d.number, t.amount, t.status, t.method, t.paid_at FROM payments t JOIN org o ON o.id = t.organization_id JOIN orders d ON d.id = t.order_id`,
    returns: `SELECT t.number, t.total, t.returned_at, c.code, f.amount, f.status, f.refunded_at FROM returns t JOIN org o ON o.id = t.organization_id
      LEFT JOIN customers c ON c.id = t.customer_id LEFT JOIN refunds f ON f.return_id = t.id`,
    returnLines: `SELECT d.number, t.line_number, t.sku, t.name, t.quantity, t.unit_price, t.total, t.disposition FROM return_lines t JOIN org o ON o.id = t.organization_id
      JOIN returns d ON d.id = t.return_id`,
    stockNotes: `SELECT t.document_number, t.line_number, p.sku, t.quantity, t.note, t.occurred_at FROM stock_notes t JOIN org o ON o.id = t.organization_id JOIN products p ON p.id = t.product_id`,
    events: `SELECT t.type, t.aggregate_version, t.payload - ARRAY['importId', 'storeId', 'customerId'] AS payload, t.after - ARRAY['id', 'unitId', 'name'] AS after,
        CASE WHEN t.type LIKE '%.imported' THEN t.occurred_at END AS at, d.data FROM events t JOIN org o ON o.id = t.organization_id
      LEFT JOIN event_personal_data d ON d.event_id = t.id`,
    verdicts: `SELECT t.document_number, t.verdict, t.content_hash, t.kinds, t.reason FROM import_documents t JOIN org o ON o.id = t.organization_id`,
    imports: `SELECT t.file_name, t.fingerprint, t.mapping_hash, t.status, t.total_rows, t.report FROM imports t JOIN org o ON o.id = t.organization_id`,
  };
  const state: Record<string, unknown[]> = {};
  for (const [name, query] of Object.entries(queries)) {
    const sql = `WITH org AS (SELECT * FROM organizations WHERE name = $1) SELECT to_jsonb(q)::text AS row FROM (${query}) q ORDER BY 1`;
    const { rows } = await superuser.query<{ row: string }>(sql, [organization]);
    state[name] = rows.map(({ row }) => row);
  }
  return state;
}

/** The report's last row. */
const sumOf = (report: string): string | undefined => /^all .*$/m.exec(report)?.[0];

it('kill -9 at three points ends in the same state and report as an uninterrupted run', async () => {
  const report = await runToItsEnd('Whole');
  const whole = await stateOf('Whole');
  expect(report).toContain('Every row of the file is accounted for.');
  expect(whole['verdicts']).toHaveLength(DOCUMENTS);
  expect(whole['orders']!.length).toBeGreaterThan(2000);

  const verdicts = [
    await killAt('Killed', 'imports', 1),
    await killAt('Killed', 'import_documents', 1000),
    await killAt('Killed', 'import_documents', 2000),
  ];
  // Each was killed on the way: groups that are committed whole, and not all of them.
  expect(verdicts.every((count) => count % 500 === 0 && count < DOCUMENTS)).toBe(true);
  expect(await runToItsEnd('Killed')).toBe(report);
  expect(await stateOf('Killed')).toEqual(whole);

  // Once more: nothing changes, and the report tells the same rows as unchanged.
  const again = await runToItsEnd('Killed');
  expect(await stateOf('Killed')).toEqual(whole);
  expect(again).toContain('0 imported');
  expect(sumOf(again)).toBe(sumOf(report));

  const client = connect(database.runtimeUrl, 2);
  try {
    const dependencies = { unitOfWork: new UnitOfWork(client.prisma, () => undefined), clock: systemClock };
    expect(complaints(await integrityCheck(dependencies))).toEqual([]);
  } finally {
    await client.close();
  }
}, 240_000);
