import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { startTestApp, type SignedUp, type TestApp } from '../support/app';

const INVOICES = resolve(__dirname, '../fixtures/import/invoices.csv');
const LINES = resolve(__dirname, '../fixtures/import/order-lines.ndjson');
const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const SALE = '1,A,Lamp,2,2011-06-01 09:00:00,12.50,501.0,France';

interface Line {
  type?: string;
  number?: string | null;
  verdict?: string;
  reason?: { code: string };
  rejectedRows?: { row: number; code: string; text: string }[];
  verdicts?: Record<string, number>;
  kinds?: { kind: string; rows: number; total: string; unchanged?: boolean }[];
  balanced?: boolean;
  repeated?: boolean;
  error?: { code: string; message: string };
}

interface Upload {
  readonly token: string;
  readonly query?: Record<string, string>;
  readonly type?: string;
  readonly encoding?: string;
}

let app: TestApp;
let admin: SignedUp;
beforeAll(async () => {
  app = await startTestApp();
  admin = await app.signUp({ currency: 'GBP' });
});
afterAll(() => app.close());

async function send(
  content: string | Buffer,
  { token, query = { mapping: 'online-retail' }, type = 'text/csv', encoding }: Upload,
): Promise<{ status: number; lines: Line[]; type: string }> {
  const request = app.http.post('/api/v1/orders/import').query(query).set('Authorization', `Bearer ${token}`).set('Content-Type', type);
  if (encoding !== undefined) request.set('Content-Encoding', encoding);
  const response = await request
    .buffer(true)
    .parse((res, done) => {
      let text = '';
      res.setEncoding('utf8');
      res.on('data', (chunk: string) => (text += chunk));
      res.on('end', () => done(null, text));
    })
    // A function keeps superagent from serializing the bytes once more.
    .serialize((body: unknown) => body as string)
    .send(content);
  const lines = (response.body as string)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
  return { status: response.status, lines, type: response.headers['content-type'] ?? '' };
}

describe('POST /orders/import', () => {
  it('answers a verdict per document, progress, and the report', async () => {
    const { status, lines, type } = await send(await readFile(INVOICES), { token: admin.token });
    expect(status).toBe(200);
    expect(type).toMatch('application/x-ndjson');
    expect(lines.map(({ type, number, verdict }) => [type, number, verdict])).toEqual([
      ['document', '700002', 'imported'],
      ['document', '700001', 'imported'],
      ['document', 'C700003', 'imported'],
      ['document', 'A700004', 'not_imported'],
      ['document', '700005', 'rejected'],
      ['progress', undefined, undefined],
      ['report', undefined, undefined],
    ]);
    expect(lines[3]!.kinds).toEqual([{ kind: 'not_imported', label: 'bad debt', rows: 1, total: '-30.05', roundedTotal: '-30.05' }]);
    expect(lines[4]).toMatchObject({
      reason: { code: 'bad_number' },
      rejectedRows: [
        { row: 7, code: 'bad_number', text: '700005,LAMP3,BROKEN NUMBER,two,2011-06-03 09:00:00,1.00,502.0,France' },
        { row: 8, code: 'document_rejected' },
      ],
    });
    expect(lines[5]).toMatchObject({ rows: 8, totalRows: 8, documents: 5, totalDocuments: 5 });
    expect(lines[6]).toMatchObject({
      balanced: true,
      repeated: false,
      verdicts: { imported: 3, rejected: 1, not_imported: 1, unchanged: 0 },
    });
  });

  it('shows what it imported as any other order, and its history', async () => {
    const { body } = await app.as(admin.token).get('/orders?q=700001').expect(200);
    const [order] = (body as { data: { id: string; status: string; total: string }[] }).data;
    expect(order).toMatchObject({ status: 'completed', total: '28.38' });
    const { body: whole } = await app.as(admin.token).get(`/orders/${order!.id}`).expect(200);
    expect(whole).toMatchObject({
      paidAmount: '28.38',
      balance: '0.00',
      fulfilmentStatus: 'fulfilled',
      items: [{ sku: 'LAMP1' }, { sku: 'lamp2', unitPrice: '1.125' }],
    });
    const { body: history } = await app.as(admin.token).get(`/orders/${order!.id}/history`).expect(200);
    expect((history as { data: { type: string }[] }).data.map(({ type }) => type)).toEqual(['order.imported']);
  });

  it('changes nothing when the file is sent again', async () => {
    const count = () => app.sql('SELECT count(*)::integer FROM events WHERE organization_id = $1', [admin.organizationId]);
    const before = await count();
    const { lines } = await send(await readFile(INVOICES), { token: admin.token });
    expect(lines.at(-1)).toMatchObject({
      repeated: true,
      balanced: true,
      verdicts: { imported: 0, unchanged: 3, rejected: 1, not_imported: 1 },
    });
    expect(await count()).toEqual(before);
  });

  it('rejects a document that says something else than before', async () => {
    const changed = `${HEADER}\n700002,POST,POSTAGE,1,2011-12-01 10:00:00,5.95,,EIRE`;
    const { lines } = await send(changed, { token: admin.token });
    expect(lines[0]).toMatchObject({ number: '700002', verdict: 'rejected', reason: { code: 'different_content' } });
  });

  it('takes NDJSON, gzip as encoding and as file, and a mapping of the caller', async () => {
    const { token } = await app.signUp({ currency: 'GBP' });
    const ndjson = await send(await readFile(LINES), {
      token,
      type: 'application/x-ndjson',
      query: { mapping: 'order-lines', fileName: 'lines.ndjson' },
    });
    expect(ndjson.lines.at(-1)).toMatchObject({ verdicts: { imported: 2, rejected: 1 } });
    const zipped = await send(gzipSync(`${HEADER}\n${SALE}`), { token, encoding: 'gzip' });
    expect(zipped.lines[0]).toMatchObject({ number: '1', verdict: 'imported' });
    const file = await send(gzipSync(`${HEADER}\n${SALE}\n2${SALE.slice(1)}`), { token, type: 'application/gzip' });
    expect(file.lines.map(({ verdict }) => verdict).slice(0, 2)).toEqual(['unchanged', 'imported']);
    const mapping = {
      columns: { documentNumber: 'no', productCode: 'sku', quantity: 'q', date: 'd', unitPrice: 'p' },
      date: { format: 'yyyy-MM-dd', timeZone: 'UTC' },
      kinds: [{ kind: 'sale', when: [] }],
    };
    const own = await send('no,sku,q,d,p\n9,A,1,2026-01-01,3', { token, query: { mapping: JSON.stringify(mapping) } });
    expect(own.lines[0]).toMatchObject({ number: '9', verdict: 'imported' });
  });

  it.each([
    ['a mapping that is not there', SALE, { query: { mapping: '../../package' } }, 422, 'INVALID_IMPORT_MAPPING'],
    ['a mapping that contradicts itself', SALE, { query: { mapping: '{"kinds":[]}' } }, 422, 'INVALID_IMPORT_MAPPING'],
    ['no mapping', SALE, { query: {} }, 400, 'INVALID_INPUT'],
    ['another media type', SALE, { type: 'application/xml' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['an empty file', '', {}, 422, 'UNREADABLE_IMPORT_FILE'],
    ['missing columns', 'a,b\n1,2', {}, 422, 'IMPORT_COLUMNS_MISSING'],
    [
      'a damaged gzip',
      Buffer.from([0x1f, 0x8b, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
      { type: 'application/gzip' },
      422,
      'UNREADABLE_IMPORT_FILE',
    ],
  ] as const)('refuses %s', async (_what, content, upload, status, code) => {
    const answer = await send(content, { token: admin.token, ...upload });
    expect(answer.lines[0]!.error?.code).toBe(code);
    expect(answer.status).toBe(status);
  });

  it.each([
    ['{bad', HEADER, 'text/csv', 'the mapping is not JSON: see line 1, column 2'],
    ['online-retail', gzipSync(`${HEADER}\n${SALE}`).subarray(0, 60), 'application/gzip', 'the gzip file is cut off'],
  ])('says in words of its own what is wrong with %j and %j', async (mapping, content, type, message) => {
    const { lines } = await send(content, { token: admin.token, query: { mapping }, type });
    expect(lines[0]!.error?.message).toBe(message);
  });

  it('refuses what is too large, and leaves no file behind', async () => {
    const usual = process.env['TMPDIR'];
    const folder = await mkdtemp(join(tmpdir(), 'quartermaster-test-'));
    process.env['TMPDIR'] = folder;
    try {
      const { status, lines } = await send(Buffer.alloc(50 * 1024 * 1024 + 1, 0x61), { token: admin.token });
      expect([status, lines[0]!.error?.code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
      expect((await send(`${HEADER}\n${SALE}`, { token: admin.token })).status).toBe(200);
      expect(await readdir(folder)).toEqual([]);
    } finally {
      if (usual === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = usual;
      await rm(folder, { recursive: true });
    }
  });

  it('refuses a file in another currency than the organization', async () => {
    const { token } = await app.signUp({ currency: 'USD' });
    const { status, lines } = await send(`${HEADER}\n${SALE}`, { token });
    expect([status, lines[0]!.error?.code]).toEqual([422, 'CURRENCY_MISMATCH']);
  });

  it.each([
    ['manager', 200],
    ['staff', 403],
    ['viewer', 403],
    ['customer', 403],
  ] as const)('as %s: %i', async (role, status) => {
    const token = await app.member(admin.organizationId, role);
    expect((await send(`${HEADER}\n${SALE}`, { token })).status).toBe(status);
  });

  it('keeps organizations apart: the same file makes orders of their own', async () => {
    const other = await app.signUp({ currency: 'GBP' });
    const { lines } = await send(await readFile(INVOICES), { token: other.token });
    expect(lines.at(-1)).toMatchObject({ repeated: false, verdicts: { imported: 3 } });
    const counts = await app.sql(`SELECT count(*)::integer FROM orders WHERE number = '700001' GROUP BY organization_id`);
    expect(counts).toEqual(expect.arrayContaining([{ count: 1 }, { count: 1 }]));
  });
});
