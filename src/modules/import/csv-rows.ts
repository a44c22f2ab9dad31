import Papa from 'papaparse';
import { MissingColumns, UnreadableFile } from './import.errors';
import { COLUMNS, type Column, type ImportMapping } from './mapping';
import type { SplitRecord } from './record-splitter';
import { identity, type RowFields, type SourceRow } from './source-row';

/** Splits CSV records into rows. The first record is the header. @throws MissingColumns, UnreadableFile */
export async function csvRows(
  records: AsyncGenerator<SplitRecord[]>,
  mapping: ImportMapping,
): Promise<{ header: string[]; rows: AsyncGenerator<SourceRow[]> }> {
  const bunches = records[Symbol.asyncIterator]();
  let bunch: SplitRecord[] = [];
  while (bunch.length === 0) {
    const next = await bunches.next();
    if (next.done === true) throw new UnreadableFile('the file is empty');
    bunch = next.value;
  }
  const [first, ...rest] = bunch as [SplitRecord, ...SplitRecord[]];
  if (first.problem !== undefined) throw new UnreadableFile(`the header cannot be read: ${first.problem}`);
  const header = parseCsvRecord(first, mapping.delimiter).map((name) => name.trim());
  return { header, rows: rowsOf(rest, bunches, header, mapping) };
}

export const parseCsvRecord = ({ text, quoted }: Pick<SplitRecord, 'text' | 'quoted'>, delimiter: string): string[] =>
  quoted ? (Papa.parse<string[]>(text, { delimiter, newline: '\n' }).data[0] ?? []) : text.split(delimiter);

async function* rowsOf(
  first: SplitRecord[],
  bunches: AsyncGenerator<SplitRecord[]>,
  header: readonly string[],
  mapping: ImportMapping,
): AsyncGenerator<SourceRow[]> {
  const places = placesOf(header, mapping);
  let row = 0;
  const read = (record: SplitRecord): SourceRow => toRow(record, ++row, header.length, places, mapping);
  yield first.map(read);
  for await (const bunch of bunches) yield bunch.map(read);
}

type Places = Readonly<Record<Column, number>>;

/** Each column's place in a row; -1 for those the mapping doesn't name. */
function placesOf(header: readonly string[], { columns }: ImportMapping): Places {
  const missing: string[] = [];
  const twice: string[] = [];
  const places = COLUMNS.map((column): [Column, number] => {
    const name = columns[column];
    if (name === undefined) return [column, -1];
    const place = header.indexOf(name);
    if (place === -1) missing.push(name);
    else if (header.includes(name, place + 1)) twice.push(name);
    return [column, place];
  });
  if (missing.length > 0)
    throw new MissingColumns(`the header lacks ${missing.join(', ')}; it has: ${header.join(', ').slice(0, 1000)}`, { missing });
  if (twice.length > 0) throw new MissingColumns(`the header has ${twice.join(', ')} more than once`, { twice });
  return Object.fromEntries(places) as Places;
}

function toRow(record: SplitRecord, row: number, width: number, places: Places, mapping: ImportMapping): SourceRow {
  const { text } = record;
  if (record.problem === undefined) {
    const values = parseCsvRecord(record, mapping.delimiter);
    if (values.length === width) {
      const fields = fieldsAt(values, places);
      return { row, text, documentNumber: identity(fields.documentNumber, 'documentNumber', mapping), fields };
    }
    const problem = `it has ${values.length} fields, the header has ${width}`;
    return {
      row,
      text,
      documentNumber: identity(values[places.documentNumber] ?? '', 'documentNumber', mapping),
      fields: undefined,
      problem,
    };
  }
  const claimed = (text.split(mapping.delimiter)[places.documentNumber] ?? '').replace(/^\s*"|"\s*$/g, '');
  return { row, text, documentNumber: identity(claimed, 'documentNumber', mapping), fields: undefined, problem: record.problem };
}

function fieldsAt(values: readonly string[], places: Places): RowFields {
  const at = (place: number): string => (place === -1 ? '' : values[place]!.trim());
  return {
    documentNumber: at(places.documentNumber),
    productCode: at(places.productCode),
    quantity: at(places.quantity),
    date: at(places.date),
    unitPrice: at(places.unitPrice),
    description: at(places.description),
    customerCode: at(places.customerCode),
    customerName: at(places.customerName),
    country: at(places.country),
  };
}
