import { syntaxErrorOffset } from '../../http/body/json-syntax';
import { NOT_TEXT } from '../../kernel/text';
import { COLUMNS, type ImportMapping } from './mapping';
import type { SplitRecord } from './record-splitter';
import { identity, type RowFields, type SourceRow } from './source-row';

/** Reads NDJSON: each line is an object whose mapped keys hold text, numbers, booleans or null. Numbers are best sent as text: 0.1 + 0.2. */
export async function* jsonRows(bunches: AsyncGenerator<SplitRecord[]>, mapping: ImportMapping): AsyncGenerator<SourceRow[]> {
  const claim = claimOf(mapping);
  let row = 0;
  const read = (record: SplitRecord): SourceRow => {
    const { text } = record;
    row++;
    const result = record.problem === undefined ? fieldsOf(text, mapping) : { problem: record.problem };
    if ('fields' in result)
      return { row, text, documentNumber: identity(result.fields.documentNumber, 'documentNumber', mapping), fields: result.fields };
    return { row, text, documentNumber: identity(claim(text), 'documentNumber', mapping), fields: undefined, problem: result.problem };
  };
  for await (const bunch of bunches) yield bunch.map(read);
}

function fieldsOf(text: string, { columns }: ImportMapping): { fields: RowFields } | { problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: `it is not JSON: see character ${syntaxErrorOffset(text) + 1}` };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { problem: 'it is not a JSON object' };
  const fields: [string, string][] = [];
  for (const column of COLUMNS) {
    const key = columns[column];
    const textual = key === undefined || !Object.hasOwn(value, key) ? '' : textOf((value as Record<string, unknown>)[key]);
    if (textual === undefined) return { problem: `its ${key} is a list or an object` };
    if (NOT_TEXT.test(textual)) return { problem: `its ${key} holds NUL or half a surrogate pair` };
    fields.push([column, textual]);
  }
  return { fields: Object.fromEntries(fields) as RowFields };
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim();
  if (value === null) return '';
  return typeof value === 'object' ? undefined : JSON.stringify(value);
}

/** Makes out the document number of a line that isn't JSON, so that its document isn't imported without it. */
function claimOf({ columns }: ImportMapping): (text: string) => string {
  const key = JSON.stringify(columns.documentNumber).replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const pattern = new RegExp(`${key}\\s{0,20}:\\s{0,20}(?:"([^"\\\\]{1,200})"|(\\d{1,50}))`);
  return (text) => {
    const match = pattern.exec(text);
    return match?.[1] ?? match?.[2] ?? '';
  };
}
