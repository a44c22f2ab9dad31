import type { ReportJson, ReportLine } from './report';

const HEAD = ['kind', 'rows', 'documents', 'total', 'lines rounded'];
const VERDICTS = [
  ['imported', 'imported'],
  ['unchanged', 'unchanged'],
  ['rejected', 'rejected'],
  ['not_imported', 'not imported'],
] as const;

/** The report as a table for people. */
export function reportText({ file, verdicts, kinds, reasons, sum, balanced }: ReportJson): string {
  const table = [HEAD, ...kinds.map((line) => [nameOf(line), ...figures(line)]), ['all', ...figures(sum)]];
  const widths = HEAD.map((_head, column) => Math.max(...table.map((cells) => cells[column]!.length)));
  const lines = table.map((cells) =>
    cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join('  '),
  );
  const rule = '-'.repeat(lines[0]!.length);
  const unreadable = kinds.reduce((count, line) => count + (line.unreadable ?? 0), 0);
  return [
    `file: ${group(file.rows)} rows, ${group(file.documents)} documents, ${group(file.productCodes)} product codes (${group(file.products)} without regard to case),`,
    `      ${group(file.customers)} customers (${group(file.rowsWithoutCustomer)} rows without one), ${group(file.countries)} countries`,
    '',
    lines[0],
    rule,
    ...lines.slice(1, -1),
    rule,
    lines.at(-1),
    '',
    `documents: ${VERDICTS.map(([verdict, word]) => `${group(verdicts[verdict])} ${word}`).join(', ')}`,
    ...Object.entries(reasons).map(([code, count]) => `  rejected for ${code}: ${group(count)}`),
    ...(unreadable > 0 ? [`  ${group(unreadable)} rejected rows have no readable amount; the totals are without them`] : []),
    balanced
      ? 'Every row of the file is accounted for.'
      : `NOT BALANCED: the file has ${group(file.rows)} rows in ${group(file.documents)} documents, ` +
        `this accounts for ${group(sum.rows)} in ${group(sum.documents)}.`,
  ].join('\n');
}

function nameOf({ kind, label, unchanged }: ReportLine): string {
  const name = `${kind.replace('_', ' ')}${label === undefined ? '' : `: ${label}`}`;
  return unchanged ? `${name} (unchanged)` : name;
}

const figures = (line: Pick<ReportLine, 'rows' | 'documents' | 'total' | 'roundedTotal'>): string[] => [
  group(line.rows),
  group(line.documents),
  group(line.total),
  group(line.roundedTotal),
];

/** Thousands apart by commas; the text's own decimals stay as they are. */
function group(value: number | string): string {
  const [whole = '', fraction] = String(value).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
