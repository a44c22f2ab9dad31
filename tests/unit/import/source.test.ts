import { gzipSync } from 'node:zlib';
import { MissingColumns, UnreadableFile } from '../../../src/modules/import/import.errors';
import { parseMapping } from '../../../src/modules/import/mapping';
import { openSource, type SourceOptions } from '../../../src/modules/import/source';
import type { SourceRow } from '../../../src/modules/import/source-row';
import { SHORT, SHORT_HEADER, withFile } from './read-file';

const rowsOf = (content: string | Buffer, mapping = SHORT, options: SourceOptions = {}): Promise<SourceRow[]> =>
  withFile(content, async (path) => {
    const { rows } = await openSource(path, mapping, options);
    const all: SourceRow[] = [];
    for await (const bunch of rows) all.push(...bunch);
    return all;
  });

const CSV = `${SHORT_HEADER}\nN1,LAMP,1,2026-01-01,2.50,,\nN2,"a, b",1,2026-01-01,2.50,"x ""y""",C1\n`;

it('reads CSV plain, with a byte order mark and CRLF, and gzipped', async () => {
  const plain = await rowsOf(CSV);
  expect(plain.map(({ row, documentNumber, fields }) => [row, documentNumber, fields?.productCode, fields?.description])).toEqual([
    [1, 'N1', 'LAMP', ''],
    [2, 'N2', 'a, b', 'x "y"'],
  ]);
  expect(await rowsOf(`\uFEFF${CSV.replaceAll('\n', '\r\n')}`)).toEqual(plain);
  expect(await rowsOf(gzipSync(CSV))).toEqual(plain);
  expect(await rowsOf(Buffer.concat([gzipSync(CSV.slice(0, 50)), gzipSync(CSV.slice(50))]))).toEqual(plain);
});

it('reads other delimiters', async () => {
  const rows = await rowsOf('no;sku;q;d;p;text;c\nN1;LAMP;1;2026-01-01;2,50;a,b;', { ...SHORT, delimiter: ';' });
  expect(rows[0]!.fields).toMatchObject({ unitPrice: '2,50', description: 'a,b' });
});

it('tells malformed rows, with the document number where it can be made out', async () => {
  const rows = await rowsOf(`${SHORT_HEADER}\nN1,LAMP,1\nN2,LAMP,1,2026-01-01,1,a,b,c\nN3,"x,1\n"N4","x"y,1\nN5,A,1,2026-01-01,1,,\n`);
  expect(rows.map(({ row, documentNumber, problem }) => [row, documentNumber, problem?.slice(0, 15)])).toEqual([
    [1, 'N1', 'it has 3 fields'],
    [2, 'N2', 'it has 8 fields'],
    [3, 'N3', 'its quotes are '],
    [4, 'N4', 'its quotes are '],
    [5, 'N5', undefined],
  ]);
});

it('reads NDJSON, and tells lines that are none', async () => {
  const lines = [
    '{"no":"N1","sku":"A","q":2,"d":"2026-01-01","p":1.25,"text":null,"more":[1]}',
    '{"no":17,"sku":"A","q":1e30}',
    '{"no":"N3","sku":"A",',
    '[1]',
    '{"no":"N5","sku":{"a":1}}',
    String.raw`{"no":"N6","sku":"\u0000"}`,
  ];
  const rows = await rowsOf(lines.join('\n'));
  expect(rows.map(({ documentNumber, problem }) => [documentNumber, problem])).toEqual([
    ['N1', undefined],
    ['17', undefined],
    ['N3', 'it is not JSON: see character 22'],
    ['', 'it is not a JSON object'],
    ['N5', 'its sku is a list or an object'],
    ['N6', 'its sku holds NUL or half a surrogate pair'],
  ]);
  expect(rows[0]!.fields).toMatchObject({ quantity: '2', unitPrice: '1.25', description: '' });
});

it('makes spreadsheet numbers whole again where the mapping says so', async () => {
  const mapping = parseMapping({ ...SHORT, integerCodes: ['documentNumber'] });
  expect((await rowsOf(`${SHORT_HEADER}\n17850.0,A,1,2026-01-01,1,,`, mapping))[0]!.documentNumber).toBe('17850');
});

it.each([
  ['nothing', '', UnreadableFile, 'the file is empty'],
  ['blank lines', '\n\n', UnreadableFile, 'the file is empty'],
  ['UTF-16', Buffer.from(`\uFEFF${CSV}`, 'utf16le'), UnreadableFile, 'the file is UTF-16; save it as UTF-8'],
  ['cut gzip', gzipSync(CSV.repeat(100)).subarray(0, 60), UnreadableFile, 'the gzip file is cut off'],
  ['gzip with flipped bits', Buffer.from(gzipSync(CSV)).fill(0x55, 20, 40), UnreadableFile, 'the gzip file is damaged'],
  ['a header without the columns', 'no,sku,price\nN1,A,1\n', MissingColumns, 'the header lacks q, d, p, text, c; it has: no, sku, price'],
  ['a column twice', `${SHORT_HEADER},sku\n`, MissingColumns, 'the header has sku more than once'],
])('refuses a file of %s', async (_what, content, error, message) => {
  await expect(rowsOf(content)).rejects.toThrow(new error(message));
});

it('stops a file that unzips without end', async () => {
  await expect(rowsOf(gzipSync(SHORT_HEADER + '\n'.repeat(5_000_000)), SHORT, { maxBytes: 1_000_000 })).rejects.toThrow(
    'more than 1000000 bytes',
  );
});

it('closes the file when the reader stops early', async () => {
  await withFile(CSV.repeat(20_000), async (path) => {
    const { rows } = await openSource(path, SHORT);
    for await (const bunch of rows) if (bunch.length > 0) break;
    expect((await rows.next()).done).toBe(true);
  });
});
