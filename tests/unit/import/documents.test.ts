import { writeFile } from 'node:fs/promises';
import { inGroups, readDocuments } from '../../../src/modules/import/documents';
import { parseMapping } from '../../../src/modules/import/mapping';
import type { ReadDocument } from '../../../src/modules/import/source-document';
import { surveyFile } from '../../../src/modules/import/survey';
import { documentsIn, documentsOf, fixture, good, rejected, SHORT, SHORT_HEADER, shipped, withFile } from './read-file';

describe('a shop export like Online Retail', () => {
  let documents: Map<string | null, ReadDocument>;
  let order: (string | null)[];
  beforeAll(async () => {
    const read = await documentsOf(fixture('invoices.csv'), await shipped('online-retail.json'));
    order = read.documents.map(({ number }) => number);
    documents = new Map(read.documents.map((document) => [document.number, document]));
    expect(read.survey.counts).toEqual({
      rows: 8,
      documents: 5,
      productCodes: 5,
      products: 5,
      customers: 2,
      rowsWithoutCustomer: 3,
      countries: 4,
    });
  });

  it('yields a document when its last row has been read', () => {
    expect(order).toEqual(['700002', '700001', 'C700003', 'A700004', '700005']);
  });

  it('reads a sale with a stock note in between; the first of its times counts, in the zone of the file', () => {
    expect(good(documents.get('700001'))).toMatchObject({
      firstRow: 1,
      lastRow: 4,
      occurredAt: new Date('2011-06-01T08:00:00Z'),
      customerCode: '501',
      customerName: 'Customer 501',
      country: 'GB',
      saleTotal: '28.38',
      returnTotal: '0',
      returnLines: [],
      saleLines: [
        {
          row: 1,
          productCode: 'LAMP1',
          productKey: 'lamp1',
          description: 'BRASS LAMP, TALL',
          quantity: '2',
          unitPrice: '12.5',
          total: '25',
        },
        { row: 2, productCode: 'lamp2', description: 'LAMP "SMALL"', quantity: '3', unitPrice: '1.125', total: '3.38', service: false },
      ],
      stockNotes: [{ row: 4, description: 'damaged', quantity: '-4', total: '0' }],
      kinds: [
        { kind: 'sale', rows: 2, total: '28.375', roundedTotal: '28.38' },
        { kind: 'stock_note', rows: 1, total: '0', roundedTotal: '0' },
      ],
    });
  });

  it('knows services, winter time and nameless buyers', () => {
    const document = good(documents.get('700002'));
    expect(document.saleLines[0]).toMatchObject({ productCode: 'POST', service: true });
    expect(document.occurredAt).toEqual(new Date('2011-12-01T10:00:00Z'));
    expect(document).not.toHaveProperty('customerCode');
    expect(document).not.toHaveProperty('customerName');
    expect(document.country).toBe('IE');
  });

  it('turns the sign of returns, but not of their totals in the account', () => {
    expect(good(documents.get('C700003'))).toMatchObject({
      saleLines: [],
      returnLines: [{ quantity: '1', unitPrice: '12.5', total: '12.5' }],
      returnTotal: '12.5',
      kinds: [{ kind: 'return', rows: 1, total: '-12.5', roundedTotal: '-12.5' }],
    });
  });

  it('leaves bad debts out, with their total', () => {
    const document = good(documents.get('A700004'));
    expect(document.kinds).toEqual([{ kind: 'not_imported', label: 'bad debt', rows: 1, total: '-30.05', roundedTotal: '-30.05' }]);
    expect([document.saleLines, document.returnLines, document.stockNotes]).toEqual([[], [], []]);
    expect(document).not.toHaveProperty('country');
  });

  it('rejects a document with a bad row as a whole', () => {
    const document = rejected(documents.get('700005'));
    expect(document.rows.map(({ refusal }) => refusal.code)).toEqual(['bad_number', 'document_rejected']);
    expect(document.rows[1]!.refusal.message).toBe('another row of the document is bad: row 7');
    expect(document.kinds).toEqual([{ kind: 'rejected', rows: 2, total: '12.5', roundedTotal: '12.5', unreadable: 1 }]);
  });
});

it('reads NDJSON by the generic mapping', async () => {
  const { documents } = await documentsOf(fixture('order-lines.ndjson'), await shipped('order-lines.json'), 'KWD');
  expect(good(documents[0])).toMatchObject({
    number: 'W-1',
    customerName: 'Kim Example',
    occurredAt: new Date('2026-01-05T09:00:00Z'),
    saleTotal: '15.85',
    saleLines: [{ total: '14.2' }, { quantity: '0.5', unitPrice: '3.3', total: '1.65' }],
  });
  expect(good(documents[1])).toMatchObject({ number: 'W-2', returnTotal: '7.1' });
  expect(rejected(documents[2])).toMatchObject({ number: 'W-3', reason: { code: 'malformed' } });
});

it.each([
  ['bad_number', 'N,A,1e3,2026-01-01,1,,'],
  ['bad_number', 'N,A,1,2026-01-01,1.0000001,,'],
  ['bad_number', 'N,A,,2026-01-01,1,,'],
  ['missing_document_number', ',A,1,2026-01-01,1,,'],
  ['missing_product_code', 'N,,1,2026-01-01,1,,'],
  ['too_long', `${'N'.repeat(101)},A,1,2026-01-01,1,,`],
  ['too_long', `N,A,1,2026-01-01,1,${'x'.repeat(201)},`],
  ['bad_date', 'N,A,1,2026-02-30,1,,'],
  ['bad_date', 'N,A,1,1026-02-20,1,,'],
  ['zero_quantity', 'N,A,0,2026-01-01,1,,'],
  ['quantity_sign', 'N,A,-1,2026-01-01,1,,'],
  ['quantity_sign', 'R1,A,1,2026-01-01,1,,'],
  ['negative_price', 'N,A,1,2026-01-01,-1,,'],
  ['out_of_range', 'N,A,999999999999,2026-01-01,9999999999999,,'],
  ['malformed', 'N,A,1'],
])('rejects for %s: %s', async (code, row) => {
  const [document] = await documentsIn(row);
  expect(rejected(document).reason.code).toBe(code);
});

it('rejects a row that no rule wants', async () => {
  const mapping = parseMapping({ ...SHORT, kinds: [{ kind: 'sale', when: [{ field: 'unitPrice', is: 'positive' }] }] });
  await withFile(`${SHORT_HEADER}\nN,A,1,2026-01-01,0,,`, async (path) => {
    expect(rejected((await documentsOf(path, mapping)).documents[0]).reason.code).toBe('no_rule');
  });
});

it('rejects a document of two customers, and one that comes to more than can be stored', async () => {
  const [two, much] = await documentsIn(
    'N1,A,1,2026-01-01,1,,C1',
    'N1,A,1,2026-01-01,1,,',
    'N1,A,1,2026-01-01,1,,C2',
    'N2,A,999,2026-01-01,999999999999,,',
    'N2,A,999,2026-01-01,999999999999,,',
  );
  expect(rejected(two).rows.map(({ refusal }) => refusal.code)).toEqual(['document_rejected', 'document_rejected', 'other_customer']);
  expect(rejected(much).reason.code).toBe('out_of_range');
});

it('rejects the document of a malformed row, and a row without a document alone', async () => {
  const documents = await documentsIn('N1,A,1,2026-01-01,1,,', 'N1,A,1', ',A,1,2026-01-01,2,,', 'N2,A,1,2026-01-01,1,,');
  expect(documents.map(({ number, rejected }) => [number, rejected])).toEqual([
    ['N1', true],
    [null, true],
    ['N2', false],
  ]);
  expect(documents[1]!.kinds).toEqual([{ kind: 'rejected', rows: 1, total: '2', roundedTotal: '2' }]);
});

it('rounds lines half away from zero, each by itself', async () => {
  const [sale, back] = await documentsIn('N,A,1,2026-01-01,0.005,,', 'N,A,1,2026-01-01,0.005,,', 'R,A,-1,2026-01-01,0.005,,');
  expect(good(sale)).toMatchObject({ saleTotal: '0.02', kinds: [{ total: '0.01', roundedTotal: '0.02' }] });
  expect(good(back)).toMatchObject({ returnTotal: '0.01', kinds: [{ total: '-0.005', roundedTotal: '-0.01' }] });
});

it('reads decimal commas when the mapping says so, and only then', async () => {
  const row = ['no;sku;q;d;p;text;c', 'N;A;1,5;2026-01-01;2,50;;'].join('\n');
  await withFile(row, async (path) => {
    const comma = parseMapping({ ...SHORT, delimiter: ';', decimalMark: ',' });
    expect(good((await documentsOf(path, comma)).documents[0]).saleTotal).toBe('3.75');
    expect(rejected((await documentsOf(path, { ...comma, decimalMark: '.' })).documents[0]).reason.code).toBe('bad_number');
  });
});

it('gives the same content the same hash, wherever it stands', async () => {
  const [first] = await documentsIn('N1,A,1,2026-01-01,1,,', 'N2,A,1,2026-01-01,1,,');
  const [, moved] = await documentsIn('N2,A,1,2026-01-01,1,,', 'N1,A,1.0,2026-01-01,1.00,,');
  const [changed] = await documentsIn('N1,A,2,2026-01-01,1,,');
  expect(good(moved).contentHash).toEqual(good(first).contentHash);
  expect(good(changed).contentHash).not.toEqual(good(first).contentHash);
});

it('groups documents by number and by rows', async () => {
  async function* source() {
    yield* await documentsIn(...['A', 'B', 'B', 'B', 'C', 'D', 'E'].map((number) => `${number},X,1,2026-01-01,1,,`));
  }
  const groups: (string | null)[][] = [];
  for await (const group of inGroups(source(), { documents: 2, rows: 3 })) groups.push(group.map(({ number }) => number));
  expect(groups).toEqual([['A', 'B'], ['C', 'D'], ['E']]);
});

it('notices that the file changed between the passes', async () => {
  await withFile(`${SHORT_HEADER}\nN1,A,1,2026-01-01,1,,\nN1,A,1,2026-01-01,1,,`, async (path) => {
    const survey = await surveyFile(path, SHORT);
    await writeFile(path, `${SHORT_HEADER}\nN1,A,1,2026-01-01,1,,`);
    const read = async (): Promise<void> => {
      for await (const document of readDocuments(path, SHORT, 'GBP', survey)) good(document);
    };
    await expect(read()).rejects.toThrow('the file changed');
  });
});
