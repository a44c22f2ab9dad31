import * as fc from 'fast-check';
import Papa from 'papaparse';
import { parseCsvRecord } from '../../../src/modules/import/csv-rows';
import { LONGEST_RECORD, RecordSplitter, type SplitRecord } from '../../../src/modules/import/record-splitter';

function split(text: string | Buffer, chunkSize = Infinity, { delimiter }: { delimiter?: string } = { delimiter: ',' }): SplitRecord[] {
  const bytes = Buffer.from(text as string);
  const splitter = new RecordSplitter(delimiter);
  const records: SplitRecord[] = [];
  for (let at = 0; at < bytes.length; at += chunkSize) records.push(...splitter.push(bytes.subarray(at, at + chunkSize)));
  records.push(...splitter.end());
  return records;
}
const texts = (records: SplitRecord[]): string[] =>
  records.map(({ text, problem }) => (problem === undefined ? text : `BAD ${text.slice(0, 20)}`));

it.each([
  ['line ends of both kinds, blank lines, no last line end', 'a,b\r\n\n \r\nc,d', ['a,b', 'c,d']],
  ['a line end inside quotes', '"a\n1",b\nc,d\n', ['"a\n1",b', 'c,d']],
  ['doubled quotes', '"a""\n""b",c\r\nd,e', ['"a""\n""b",c', 'd,e']],
  ['a quote in the middle of a field', 'a 5" disc,b\nc,d', ['a 5" disc,b', 'c,d']],
  ['a quote that is never closed', 'a,"b\nc,d\ne,f', ['BAD a,"b', 'c,d', 'e,f']],
  ['text behind a closing quote', 'a,"b"x\nc,d', ['BAD a,"b"x', 'c,d']],
  ['a quoted field at the very end', 'a,b\nc,"d"', ['a,b', 'c,"d"']],
  ['NUL', 'a,\0\nc,d', ['BAD a,\0', 'c,d']],
])('splits %s, wherever chunks end', (_what, text, records) => {
  for (const size of [1, 2, 3, 5, Infinity]) expect(texts(split(text, size))).toEqual(records);
});

it('gives up on records that are too long, and only on those', () => {
  const long = 'x'.repeat(3 * LONGEST_RECORD);
  for (const size of [1000, 65_536, Infinity]) {
    const records = split(`a,b\n${long},1\nc,d\ne,"${long}\nf,g\n`, size);
    expect(texts(records)).toEqual(['a,b', 'BAD xxxxxxxxxxxxxxxxxxxx', 'c,d', 'BAD e,"xxxxxxxxxxxxxxxxx', 'f,g']);
    expect(Math.max(...records.map(({ text }) => text.length))).toBe(LONGEST_RECORD);
  }
});

it('loses one line to an unclosed quote, although many more follow', () => {
  const rest = Array.from({ length: 20_000 }, (_row, index) => `row ${index},plain`);
  expect(split(`a,"b\n${rest.join('\n')}\n`, 65_536).filter(({ problem }) => problem !== undefined)).toHaveLength(1);
});

it('finds bytes that are not UTF-8, but takes the replacement character itself', () => {
  expect(texts(split(Buffer.from([0x61, 0xff, 0x0a, 0x62])))).toEqual(['BAD a\uFFFD', 'b']);
  expect(texts(split('a\uFFFD,b'))).toEqual(['a\uFFFD,b']);
});

it('reads back whatever a CSV writer wrote', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'ü', ' ', '"', ',', '\n', '\r', '😀'), maxLength: 8 });
  fc.assert(
    fc.property(
      fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 40 }),
      (rows, size) => {
        const text = `${Papa.unparse(rows, { quotes: true, newline: '\r\n' })}\r\n`;
        expect(split(text, size).map((record) => parseCsvRecord(record, ','))).toEqual(rows);
      },
    ),
    { numRuns: 300 },
  );
});

it('splits plain lines when there is no delimiter', () => {
  expect(texts(split('{"a":"1"}\n"\n', 2, {}))).toEqual(['{"a":"1"}', '"']);
});
