import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImportOutcome } from '../../src/modules/import/import.service';
import { INVOICES, startImportApp, type ImportApp } from './import-app';

let importer: ImportApp;
beforeAll(async () => {
  importer = await startImportApp();
});
afterAll(() => importer.close());

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
  'events',
  'import_documents',
  'imports',
];

/** Everything of the organization, as it stands. */
const snapshot = (organizationId: string) =>
  Promise.all(TABLES.map((table) => importer.app.sql(`SELECT * FROM ${table} WHERE organization_id = $1 ORDER BY 2, 3`, [organizationId])));

describe('importing invoices', () => {
  let organizationId: string;
  let outcome: ImportOutcome;
  beforeAll(async () => {
    organizationId = await importer.organization();
    outcome = await importer.imported(organizationId, INVOICES, { rejectsPath: join(importer.folder, 'rejects.csv') });
  });
  const rows = <Row extends object>(sql: string) => importer.app.sql<Row>(sql, [organizationId]);

  it('ORD-11: makes completed, fulfilled and paid orders of sales, with their own dates', async () => {
    expect(
      await rows(`SELECT o.number, o.status, o.fulfilment_status, o.payment_status, o.imported, o.currency, o.subtotal::text, o.tax_total::text, o.total::text, o.paid_amount::text,
          o.ordered_at, o.created_at, o.version, c.code AS customer, s.code AS store
        FROM orders o LEFT JOIN customers c ON c.id = o.customer_id JOIN stores s ON s.id = o.store_id WHERE o.organization_id = $1 ORDER BY o.number`),
    ).toEqual(
      [
        { number: '700001', total: '28.3800', customer: '501', ordered_at: new Date('2011-06-01T08:00:00Z') },
        { number: '700002', total: '4.9500', customer: null, ordered_at: new Date('2011-12-01T10:00:00Z') },
      ].map((order) => ({
        ...order,
        subtotal: order.total,
        paid_amount: order.total,
        tax_total: '0.0000',
        status: 'completed',
        fulfilment_status: 'fulfilled',
        payment_status: 'paid',
        imported: true,
        currency: 'GBP',
        created_at: importer.now,
        version: 1,
        store: 'MAIN',
      })),
    );
  });

  it('MON-3: rounds each line once, and ships all of it', async () => {
    expect(
      await rows(`SELECT l.line_number AS n, l.sku, l.name, l.unit, l.quantity::text, l.unit_price::text, l.gross::text, l.total::text, l.shipped_quantity::text AS shipped, l.tracks_stock
        FROM order_lines l JOIN orders o ON o.id = l.order_id WHERE l.organization_id = $1 ORDER BY o.number, l.line_number`),
    ).toEqual([
      {
        n: 1,
        sku: 'LAMP1',
        name: 'BRASS LAMP, TALL',
        unit: 'pcs',
        quantity: '2.000000',
        unit_price: '12.500000',
        gross: '25.0000',
        total: '25.0000',
        shipped: '2.000000',
        tracks_stock: true,
      },
      {
        n: 2,
        sku: 'lamp2',
        name: 'LAMP "SMALL"',
        unit: 'pcs',
        quantity: '3.000000',
        unit_price: '1.125000',
        gross: '3.3800',
        total: '3.3800',
        shipped: '3.000000',
        tracks_stock: true,
      },
      {
        n: 1,
        sku: 'POST',
        name: 'POSTAGE',
        unit: 'pcs',
        quantity: '1.000000',
        unit_price: '4.950000',
        gross: '4.9500',
        total: '4.9500',
        shipped: '1.000000',
        tracks_stock: false,
      },
    ]);
  });

  it('makes payments, returns with refunds that name no order, and stock notes', async () => {
    expect(
      await rows(`SELECT o.number, p.amount::text, p.method, p.status, p.imported, p.paid_at = o.ordered_at AS in_time, p.customer_id IS NOT DISTINCT FROM o.customer_id AS same_customer
        FROM payments p JOIN orders o ON o.id = p.order_id WHERE p.organization_id = $1 ORDER BY o.number`),
    ).toEqual(
      [
        ['700001', '28.3800'],
        ['700002', '4.9500'],
      ].map(([number, amount]) => ({
        number,
        amount,
        method: 'imported',
        status: 'succeeded',
        imported: true,
        in_time: true,
        same_customer: true,
      })),
    );
    expect(
      await rows(`SELECT r.number, r.order_id, c.code AS customer, r.total::text, r.imported, r.returned_at, l.sku, l.quantity::text, l.total::text AS line_total, l.disposition,
          f.amount::text AS refund, f.status, f.payment_id, f.order_id AS refund_order, f.refunded_at = r.returned_at AS in_time
        FROM returns r JOIN return_lines l ON l.return_id = r.id JOIN refunds f ON f.return_id = r.id JOIN customers c ON c.id = r.customer_id WHERE r.organization_id = $1`),
    ).toEqual([
      {
        number: 'C700003',
        order_id: null,
        customer: '501',
        total: '12.5000',
        imported: true,
        returned_at: new Date('2011-06-02T08:00:00Z'),
        sku: 'LAMP1',
        quantity: '1.000000',
        line_total: '12.5000',
        disposition: 'none',
        refund: '12.5000',
        status: 'succeeded',
        payment_id: null,
        refund_order: null,
        in_time: true,
      },
    ]);
    expect(
      await rows(
        `SELECT n.document_number AS number, p.sku, n.quantity::text, n.note FROM stock_notes n JOIN products p ON p.id = n.product_id WHERE n.organization_id = $1`,
      ),
    ).toEqual([{ number: '700001', sku: 'LAMP1', quantity: '-4.000000', note: 'damaged' }]);
    expect(await rows('SELECT FROM stock_movements WHERE organization_id = $1')).toEqual([]);
  });

  it('makes products and customers on the way', async () => {
    expect(
      await rows(
        'SELECT sku, name, price::text, status, tracks_stock, attributes, version FROM products WHERE organization_id = $1 ORDER BY sku_key',
      ),
    ).toEqual([
      { sku: 'LAMP1', name: 'BRASS LAMP, TALL', price: '12.500000', status: 'published', tracks_stock: true, attributes: {}, version: 1 },
      { sku: 'lamp2', name: 'LAMP "SMALL"', price: '1.125000', status: 'published', tracks_stock: true, attributes: {}, version: 1 },
      { sku: 'POST', name: 'POSTAGE', price: '4.950000', status: 'published', tracks_stock: false, attributes: {}, version: 1 },
    ]);
    expect(await rows('SELECT code, name, country, payment_terms FROM customers WHERE organization_id = $1')).toEqual([
      { code: '501', name: 'Customer 501', country: 'GB', payment_terms: 30 },
    ]);
  });

  it('begins histories with one event each', async () => {
    expect(
      await rows(`SELECT e.type, o.number, e.aggregate_version AS version, e.after, e.payload ->> 'country' AS country, e.occurred_at FROM events e JOIN orders o ON o.id = e.aggregate_id
        WHERE e.organization_id = $1 ORDER BY o.number`),
    ).toEqual([
      {
        type: 'order.imported',
        number: '700001',
        version: 1,
        after: { status: 'completed', total: '28.38' },
        country: 'GB',
        occurred_at: new Date('2011-06-01T08:00:00Z'),
      },
      {
        type: 'order.imported',
        number: '700002',
        version: 1,
        after: { status: 'completed', total: '4.95' },
        country: 'IE',
        occurred_at: new Date('2011-12-01T10:00:00Z'),
      },
    ]);
    expect(
      await rows(
        `SELECT type, count(*)::integer FROM events WHERE organization_id = $1 AND type ~ '^(product|customer|return|import)' GROUP BY type ORDER BY type`,
      ),
    ).toEqual([
      { type: 'customer.created', count: 1 },
      { type: 'import.completed', count: 1 },
      { type: 'product.created', count: 3 },
      { type: 'return.imported', count: 1 },
    ]);
  });

  it('accounts for every row, and writes rejected ones to a file', async () => {
    const { report, repeated } = outcome;
    expect(repeated).toBe(false);
    expect(report).toMatchObject({
      balanced: true,
      verdicts: { imported: 3, unchanged: 0, rejected: 1, not_imported: 1 },
      sum: { rows: 8, documents: 5 },
      reasons: { bad_number: 1 },
    });
    expect(report.kinds.map(({ kind, label, rows, total }) => [kind, label, rows, total])).toEqual([
      ['sale', undefined, 3, '33.325'],
      ['return', undefined, 1, '-12.5'],
      ['stock_note', undefined, 1, '0'],
      ['not_imported', 'bad debt', 1, '-30.05'],
      ['rejected', undefined, 2, '12.5'],
    ]);
    expect(await rows('SELECT status, total_rows, report, started_at, finished_at FROM imports WHERE organization_id = $1')).toEqual([
      { status: 'completed', total_rows: 8, report, started_at: importer.now, finished_at: importer.now },
    ]);
    expect(await readFile(join(importer.folder, 'rejects.csv'), 'utf8')).toContain('700005,LAMP3,BROKEN NUMBER,two');
  });

  it('takes the mended rejects, and nothing twice', async () => {
    const mended = (await readFile(join(importer.folder, 'rejects.csv'), 'utf8')).replace(',two,', ',2,');
    await writeFile(join(importer.folder, 'mended.csv'), mended);
    const { report } = await importer.imported(organizationId, join(importer.folder, 'mended.csv'));
    expect(report.verdicts).toEqual({ imported: 1, unchanged: 0, rejected: 0, not_imported: 0 });
    expect(await rows(`SELECT total::text FROM orders WHERE organization_id = $1 AND number = '700005'`)).toEqual([{ total: '14.5000' }]);

    const before = await snapshot(organizationId);
    const again = await importer.imported(organizationId, INVOICES);
    expect(await snapshot(organizationId)).toEqual(before);
    expect(again.repeated).toBe(true);
    expect(again.importId).toBe(outcome.importId);
    expect(again.report.verdicts).toEqual({ imported: 0, unchanged: 3, rejected: 1, not_imported: 1 });
    const flagged = outcome.report.kinds.map((line) => ({ ...line, unchanged: ['sale', 'return', 'stock_note'].includes(line.kind) }));
    expect(again.report).toEqual({ ...outcome.report, verdicts: again.report.verdicts, kinds: flagged });
  });
});
