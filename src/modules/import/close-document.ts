import { createHash } from 'node:crypto';
import { Decimal } from '../../kernel/decimal';
import { isStorable, NOTHING, plus, type Amount } from './amounts';
import type { ImportMapping } from './mapping';
import type { ReadRow, Refusal, RowResult } from './row-reader';
import type { KindTotal, ReadDocument, RejectedDocument, SourceDocument, SourceLine } from './source-document';
import type { SourceRow } from './source-row';

/** A document whose rows are being read; `results` go with `rows`. */
export interface OpenDocument {
  readonly rows: SourceRow[];
  readonly results: RowResult[];
}

/** Judges a document as a whole when all its rows are there. `number` is null for a row whose document can't be made out. */
export function closeDocument(number: string | null, { rows, results }: OpenDocument, mapping: ImportMapping): ReadDocument {
  const read = results.flatMap((result) => ('read' in result ? [result.read] : []));
  if (number === null || read.length < results.length) return rejectedBy(number, rows, results);
  const customerCode = read.find((row) => row.customerCode !== '')?.customerCode ?? '';
  if (read.some((row) => row.customerCode !== '' && row.customerCode !== customerCode))
    return rejectedBy(number, rows, results.map(refuseOtherCustomer(customerCode)));

  const sale = totalOf(read, 'sale');
  const returned = totalOf(read, 'return');
  if (!isStorable(sale) || !isStorable(returned)) {
    const refusal: Refusal = { code: 'out_of_range', message: 'the document comes to more than can be stored' };
    return rejectedBy(
      number,
      rows,
      read.map(({ amount }) => ({ refusal, amount })),
    );
  }
  const first = read[0]!;
  const named = read.find((row) => row.customerName !== '')?.customerName;
  const customerName = named ?? (customerCode === '' ? undefined : mapping.customerName.replaceAll('{code}', () => customerCode));
  const country = read.find((row) => row.country !== '')?.country;
  return {
    rejected: false,
    number,
    firstRow: first.row,
    lastRow: read.at(-1)!.row,
    occurredAt: first.occurredAt,
    ...(customerCode !== '' && { customerCode }),
    ...(customerName !== undefined && { customerName }),
    ...(country !== undefined && { country }),
    saleLines: linesOf(read, 'sale'),
    returnLines: linesOf(read, 'return'),
    stockNotes: linesOf(read, 'stock_note'),
    saleTotal: sale.rounded.toFixed(),
    returnTotal: returned.rounded.abs().toFixed(),
    kinds: kindsOf(read),
    contentHash: contentHash(read),
    sourceRows: rows,
  };
}

const refuseOtherCustomer =
  (customerCode: string) =>
  (result: RowResult): RowResult => {
    if (!('read' in result) || result.read.customerCode === '' || result.read.customerCode === customerCode) return result;
    const message = `the document belongs to customer "${customerCode}" by an earlier row, this row names "${result.read.customerCode}"`;
    return { refusal: { code: 'other_customer', message }, amount: result.read.amount };
  };

function totalOf(rows: readonly ReadRow[], kind: ReadRow['judgement']['kind']): Amount {
  return rows.reduce((sum, row) => (row.judgement.kind === kind ? plus(sum, row.amount) : sum), NOTHING);
}

function linesOf(rows: readonly ReadRow[], kind: 'sale' | 'return' | 'stock_note'): SourceLine[] {
  return rows
    .filter((row) => row.judgement.kind === kind)
    .map(({ row, productCode, productKey, service, description, quantity, unitPrice, amount: { rounded } }) => ({
      row,
      productCode,
      productKey,
      service,
      ...(description !== '' && { description }),
      quantity: kind === 'stock_note' || !quantity.startsWith('-') ? quantity : quantity.slice(1),
      unitPrice,
      total: (kind === 'return' ? rounded.abs() : rounded).toFixed(),
    }));
}

function kindsOf(rows: readonly ReadRow[]): KindTotal[] {
  const groups = new Map<string, { first: ReadRow; rows: number; amount: Amount }>();
  for (const row of rows) {
    const { kind, label = '' } = row.judgement;
    const key = `${kind} ${label}`;
    const group = groups.get(key) ?? { first: row, rows: 0, amount: NOTHING };
    groups.set(key, { first: group.first, rows: group.rows + 1, amount: plus(group.amount, row.amount) });
  }
  return [...groups.values()].map((group) => ({ ...group.first.judgement, rows: group.rows, ...totals(group.amount) }));
}

const totals = ({ exact, rounded }: Amount) => ({ total: exact.toFixed(), roundedTotal: rounded.toFixed() });

function contentHash(rows: readonly ReadRow[]): Buffer {
  const content = rows.map((row) => [
    row.judgement.kind,
    row.judgement.label ?? '',
    row.productCode,
    row.description,
    row.quantity,
    row.unitPrice,
    row.occurredAt.getTime(),
    row.customerCode,
    row.customerName,
    row.country,
  ]);
  return createHash('sha256').update(JSON.stringify(content)).digest();
}

function rejectedBy(number: string | null, rows: readonly SourceRow[], results: readonly RowResult[]): RejectedDocument {
  const refusals = results.map((result) => ('refusal' in result ? result.refusal : undefined));
  const reason = refusals.find((refusal) => refusal !== undefined)!;
  const bad = rows.filter((_row, index) => refusals[index] !== undefined).map(({ row }) => row);
  const others: Refusal = {
    code: 'document_rejected',
    message: `another row of the document is bad: row ${bad.slice(0, 5).join(', ')}${bad.length > 5 ? ' …' : ''}`,
  };
  const amounts = results.flatMap((result) => ('read' in result ? [result.read.amount] : (result.amount ?? [])));
  const unreadable = rows.length - amounts.length;
  const kind: KindTotal = {
    kind: 'rejected',
    rows: rows.length,
    ...totals(amounts.reduce(plus, NOTHING)),
    ...(unreadable > 0 && { unreadable }),
  };
  return {
    rejected: true,
    number,
    firstRow: rows[0]!.row,
    lastRow: rows.at(-1)!.row,
    reason,
    rows: rows.map((source, index) => ({ source, refusal: refusals[index] ?? others })),
    kinds: [kind],
    contentHash: createHash('sha256')
      .update(JSON.stringify(rows.map(({ text }) => text)))
      .digest(),
  };
}

/** A good document that turns out to be unusable, for example because another one has its number. */
export function rejectWhole(document: SourceDocument, reason: Refusal): RejectedDocument {
  const { number, firstRow, lastRow, contentHash, kinds } = document;
  const rows = document.sourceRows.map((source) => ({ source, refusal: reason }));
  return { rejected: true, number, firstRow, lastRow, reason, rows, kinds: [rejectedKind(kinds)], contentHash };
}

function rejectedKind(kinds: readonly KindTotal[]): KindTotal {
  const add = (a: string, b: string): string => new Decimal(a).plus(b).toFixed();
  return kinds.reduce<KindTotal>(
    (sum, { rows, total, roundedTotal }) => ({
      kind: 'rejected',
      rows: sum.rows + rows,
      total: add(sum.total, total),
      roundedTotal: add(sum.roundedTotal, roundedTotal),
    }),
    { kind: 'rejected', rows: 0, total: '0', roundedTotal: '0' },
  );
}
