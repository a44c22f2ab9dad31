import { access, readFile, writeFile } from 'node:fs/promises';
import { RejectsFile } from '../../../src/modules/import/rejects';
import type { ImportMapping } from '../../../src/modules/import/mapping';
import { documentsOf, good, SHORT, SHORT_HEADER, withFile } from './read-file';

/** Reads `content`, writes what is rejected, and answers the rejects file's text. */
async function rejectsOf(content: string, mapping: ImportMapping = SHORT): Promise<string> {
  return withFile(content, async (path) => {
    const { survey, documents } = await documentsOf(path, mapping);
    const file = new RejectsFile(`${path}.rejects`, survey.format, mapping);
    for (const document of documents) if (document.rejected) await file.write(document.rows);
    await file.close();
    return readFile(file.path, 'utf8');
  });
}

const CSV = [
  `${SHORT_HEADER},extra`,
  'N1,A,1,2026-01-01,1,"x, ""y""",,kept',
  'N1,A,x,2026-01-01,1,,,"two\nlines"',
  'N2,"A',
  'N3,A,1,2026-01-01,1,,,',
  '',
];

it('writes rejected rows with their reasons under the original header', async () => {
  expect(await rejectsOf(CSV.join('\n'))).toBe(
    [
      `${SHORT_HEADER},extra,reject_reason,reject_line`,
      'N1,A,1,2026-01-01,1,"x, ""y""",,kept,document_rejected: another row of the document is bad: row 2,',
      'N1,A,x,2026-01-01,1,,,"two\nlines","bad_number: the quantity must be a decimal number such as ""12.50"", not ""x""",',
      `N2,,,,,,,,malformed: the row is malformed: its quotes are not closed as CSV demands within 65536 bytes,"N2,""A"`,
      '',
    ].join('\n'),
  );
});

it('is read again once mended; what is not mended is rejected again and keeps its line', async () => {
  const rejects = await rejectsOf(CSV.join('\n'));
  await withFile(rejects.replace('N1,A,x,', 'N1,A,3,'), async (path) => {
    const { documents } = await documentsOf(path, SHORT);
    expect(good(documents[0])).toMatchObject({ number: 'N1', saleTotal: '4' });
    expect(documents[1]).toMatchObject({ number: 'N2', reason: { code: 'missing_product_code' } });
  });
  const again = await rejectsOf(rejects);
  expect(again.split('\n')[0]).toBe(`${SHORT_HEADER},extra,reject_reason,reject_line`);
  expect(again).toContain('"N2,""A"');
});

it('writes NDJSON for NDJSON', async () => {
  const lines = ['{"no":"N1","sku":"A","q":0,"d":"2026-01-01","p":"1.10","more":[1]}', '{"no":'];
  const rejects = (await rejectsOf(lines.join('\n'))).trimEnd().split('\n');
  expect(rejects.map((line) => JSON.parse(line) as unknown)).toEqual([
    { no: 'N1', sku: 'A', q: 0, d: '2026-01-01', p: '1.10', more: [1], reject_reason: 'zero_quantity: the quantity is zero' },
    { no: '', reject_line: '{"no":', reject_reason: expect.stringContaining('malformed: the row is malformed: it is not JSON') as unknown },
  ]);
});

it('makes no file when nothing is rejected', async () => {
  await withFile(`${SHORT_HEADER}\nN3,A,1,2026-01-01,1,,\n`, async (path) => {
    const { survey } = await documentsOf(path, SHORT);
    const file = new RejectsFile(`${path}.rejects`, survey.format, SHORT);
    await file.write([]);
    await file.close();
    await expect(access(file.path)).rejects.toThrow('ENOENT');
    expect(file.rows).toBe(0);
    await writeFile(file.path, '');
  });
});
