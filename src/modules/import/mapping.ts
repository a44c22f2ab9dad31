import { createHash } from 'node:crypto';
import { DateTime, IANAZone } from 'luxon';
import { parseInput, type Issue } from '../../http/fields/field';
import {
  countryCode,
  currencyCode,
  list,
  named,
  nullable,
  oneOf,
  optional,
  record,
  shape,
  text,
  withDefault,
  type Infer,
} from '../../http/fields/fields';
import { InvalidMapping } from './import.errors';

const REQUIRED_COLUMNS = ['documentNumber', 'productCode', 'quantity', 'date', 'unitPrice'] as const;
/** What a row of order lines can tell. */
export const COLUMNS = [...REQUIRED_COLUMNS, 'description', 'customerCode', 'customerName', 'country'] as const;
export type Column = (typeof COLUMNS)[number];

export const KINDS = ['sale', 'return', 'stock_note', 'not_imported'] as const;
export type Kind = (typeof KINDS)[number];

const columnName = () => text(200);
const SIGNS = ['positive', 'negative', 'zero'] as const;

const condition = shape({
  field: oneOf(...COLUMNS),
  is: oneOf('equal', 'startingWith', 'empty', ...SIGNS),
  value: optional(text(200)),
});

/**
 * How to read a file of order lines that another system wrote: a JSON file such as src/modules/import/mappings/online-retail.json.
 *
 * - `format`: `csv` or `ndjson` (one JSON object a line). Left out, the first character tells: `{` begins NDJSON. Either may be
 *   gzipped. CSV is UTF-8 with a header; `delimiter` is `,` unless said otherwise.
 * - `columns`: which column (CSV) or key (NDJSON) holds what. documentNumber, productCode, quantity, date and unitPrice (per unit, in
 *   the file's currency) are needed; description, customerCode, customerName and country are not. Other columns are ignored.
 * - `date`: `format` in Luxon's tokens (`yyyy-MM-dd HH:mm:ss`) or `ISO`; `timeZone` (IANA) is the zone of texts that name none. An hour
 *   that the clock passed twice is taken as the earlier, one it skipped as an hour later.
 * - `decimalMark`: `.` or `,`. Signs of grouping are not read.
 * - `currency`: ISO 4217; left out, the organization's own.
 * - `integerCodes`: columns whose codes a spreadsheet turned into numbers: `17850.0` is read as `17850`.
 * - `kinds`: ordered rules, the first whose conditions all hold decides what a row is: a `sale`, a `return`, a `stock_note` (stock that
 *   changed without a sale; nothing is moved) or `not_imported`, then with a `label` that the report shows. A condition names a field
 *   and what it `is`: `equal` or `startingWith` (with `value`, case counts), `empty`, or for quantity and unitPrice `positive`, `negative`, `zero`.
 *   No conditions: always. A row that no rule wants is rejected. There are no regular expressions: whoever sends a mapping could stop the server with one.
 * - `returnQuantity`: whether the quantities of returns are `negative` in the file (usual) or `positive`.
 * - `serviceCodes`: product codes that are sold without stock, without regard to case; `GIFT*` stands for all that begin so.
 * - `customerName`: the name of a customer of whom only the code is known; `{code}` is replaced.
 * - `countries`: the file's country names as ISO 3166-1 codes, or null for those that name no country. Names not listed stay as they are.
 */
const mappingShape = named(
  'ImportMapping',
  shape({
    description: optional(text(1000)),
    format: optional(oneOf('csv', 'ndjson')),
    delimiter: withDefault(oneOf(',', ';', '\t', '|'), ','),
    columns: shape({
      documentNumber: columnName(),
      productCode: columnName(),
      quantity: columnName(),
      date: columnName(),
      unitPrice: columnName(),
      description: optional(columnName()),
      customerCode: optional(columnName()),
      customerName: optional(columnName()),
      country: optional(columnName()),
    }),
    date: shape({ format: text(100), timeZone: text(100) }),
    decimalMark: withDefault(oneOf('.', ','), '.'),
    currency: optional(currencyCode()),
    integerCodes: withDefault(list(oneOf('documentNumber', 'productCode', 'customerCode'), { max: 3 }), []),
    kinds: list(shape({ kind: oneOf(...KINDS), label: optional(text(60)), when: list(condition, { max: 20 }) }), { min: 1, max: 50 }),
    returnQuantity: withDefault(oneOf('negative', 'positive'), 'negative'),
    serviceCodes: withDefault(list(text(100), { max: 1000 }), []),
    customerName: withDefault(text(200), 'Customer {code}'),
    countries: withDefault(record(/^[^\0]{1,100}$/u, nullable(countryCode()), { max: 500 }), {}),
  }),
);
export type ImportMapping = Infer<typeof mappingShape>;
export type Condition = Infer<typeof condition>;

const isNumeric = (column: Column): boolean => column === 'quantity' || column === 'unitPrice';
const isSign = (word: string): boolean => (SIGNS as readonly string[]).includes(word);

/** Reads a mapping from parsed JSON. @throws InvalidMapping with `issues`, all of them at once. */
export function parseMapping(value: unknown): ImportMapping {
  const issues: Issue[] = [];
  const mapping = parseInput('mapping', mappingShape.joi, value, issues) as ImportMapping;
  if (issues.length === 0) issues.push(...contradictions(mapping));
  if (issues.length > 0) throw new InvalidMapping(`${issues[0]!.path} ${issues[0]!.message}`, { issues: issues.slice(0, 50) });
  return mapping;
}

function contradictions(mapping: ImportMapping): Issue[] {
  const issues: Issue[] = [];
  const wrong = (path: string, message: string): void => void issues.push({ path: `mapping.${path}`, message });
  if (!IANAZone.isValidZone(mapping.date.timeZone)) wrong('date.timeZone', 'is not a known IANA time zone');
  if (!isUsableDateFormat(mapping.date.format)) wrong('date.format', 'does not name a whole day in tokens such as yyyy-MM-dd');
  for (const [index, rule] of mapping.kinds.entries()) {
    if ((rule.kind === 'not_imported') !== (rule.label !== undefined))
      wrong(`kinds.${index}.label`, 'is needed for not_imported and only there');
    for (const [place, { field, is, value }] of rule.when.entries()) {
      const path = `kinds.${index}.when.${place}`;
      if (mapping.columns[field] === undefined) wrong(`${path}.field`, `is not among the mapping's columns`);
      if (isSign(is) && !isNumeric(field)) wrong(`${path}.is`, 'tells signs of quantity and unitPrice only');
      if ((is === 'equal' || is === 'startingWith') !== (value !== undefined))
        wrong(`${path}.value`, 'goes with equal and startingWith only');
    }
  }
  return issues;
}

const SAMPLE = DateTime.fromISO('2011-11-23T00:00:00', { zone: 'utc' });
function isUsableDateFormat(format: string): boolean {
  if (format === 'ISO') return true;
  const back = DateTime.fromFormat(SAMPLE.toFormat(format), format, { zone: 'utc' });
  return back.isValid && back.hasSame(SAMPLE, 'day');
}

/** SHA-256 of what the mapping says, whatever the order of its keys. */
export const mappingHash = (mapping: ImportMapping): Buffer =>
  createHash('sha256')
    .update(JSON.stringify(sorted(mapping)))
    .digest();

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
