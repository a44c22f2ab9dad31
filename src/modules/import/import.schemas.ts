import {
  bool,
  describe,
  id,
  int,
  list,
  literal,
  named,
  nullable,
  oneOf,
  optional,
  record,
  shape,
  text,
  union,
  withDefault,
  type Infer,
} from '../../http/fields/fields';
import { KINDS } from './mapping';
import { SHIPPED_MAPPINGS } from './shipped-mappings';

const count = () => int(0, 2 ** 31 - 1);
/** Sums of a file may exceed what one document can hold. */
const amount = () => text(80, { pattern: /^-?[0-9]+(\.[0-9]+)?$/, hint: 'must be decimal text' });
const kind = () => oneOf(...KINDS, 'rejected');

export const importQuery = shape({
  mapping: describe(
    text(8000),
    `How to read the file: ${SHIPPED_MAPPINGS.map((name) => `\`${name}\``).join(' or ')}, or a mapping as JSON`,
  ),
  fileName: withDefault(describe(text(200), 'For the record of the import'), 'upload'),
});
export type ImportQuery = Infer<typeof importQuery>;

const reason = named('ImportRefusal', shape({ code: text(50), message: text(2000) }));

const kindTotals = {
  kind: kind(),
  label: optional(text(60)),
  rows: count(),
  total: describe(amount(), "Σ quantity × unit price with the file's signs, exactly"),
  roundedTotal: describe(amount(), 'The same of lines rounded to the minor unit'),
  unreadable: optional(describe(count(), 'Rejected rows whose amount cannot be read and is not in the totals')),
};

const verdicts = ['imported', 'unchanged', 'rejected', 'not_imported'] as const;

/** The verdict on one document, when it is committed. */
const documentLine = named(
  'ImportVerdict',
  shape({
    type: literal('document'),
    number: describe(nullable(text(100)), 'Null for a rejected row whose document cannot be made out'),
    verdict: oneOf(...verdicts),
    firstRow: describe(int(1, 2 ** 31 - 1), '1 is the first row of data'),
    kinds: list(shape(kindTotals), { max: 100 }),
    reason: optional(reason),
    rejectedRows: optional(
      describe(
        list(shape({ row: int(1, 2 ** 31 - 1), code: text(50), message: text(2000), text: text(70_000, { min: 0 }) }), { max: 1000 }),
        'Of rejected documents: each row with its reason and as it stands in the file',
      ),
    ),
  }),
);

const progressLine = named(
  'ImportProgress',
  shape({ type: literal('progress'), rows: count(), totalRows: count(), documents: count(), totalDocuments: count() }),
);

const reportLine = named(
  'ImportReport',
  shape({
    type: literal('report'),
    importId: id(),
    repeated: describe(bool(), 'The same file was completely imported before, with the same mapping: nothing was written'),
    file: shape({
      rows: count(),
      documents: count(),
      productCodes: describe(count(), 'As written'),
      products: describe(count(), 'Without regard to case'),
      customers: count(),
      rowsWithoutCustomer: count(),
      countries: count(),
    }),
    verdicts: describe(shape({ imported: count(), unchanged: count(), rejected: count(), not_imported: count() }), 'Documents'),
    kinds: list(shape({ ...kindTotals, unchanged: describe(bool(), 'In documents that were there before'), documents: count() }), {
      max: 1000,
    }),
    reasons: describe(record(/^[a-z_]{1,50}$/, count(), { max: 100 }), 'Rejected documents by reason'),
    sum: shape({ rows: count(), documents: count(), total: amount(), roundedTotal: amount() }),
    balanced: describe(bool(), 'Every row and every document of the file is accounted for'),
  }),
);

export const importLine = union(documentLine, progressLine, reportLine);
export type ImportLine = Infer<typeof importLine>;
