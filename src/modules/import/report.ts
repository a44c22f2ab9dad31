import { Decimal } from '../../kernel/decimal';
import type { Refusal } from './row-reader';
import type { KindTotal } from './source-document';
import type { FileCounts } from './survey';

/** `unchanged`: an earlier import brought the same document. `not_imported`: it holds nothing but rows of that kind. */
export type Verdict = 'imported' | 'unchanged' | 'rejected' | 'not_imported';

export interface DocumentVerdict {
  /** Null for a rejected row whose document can't be made out. */
  readonly documentNumber: string | null;
  readonly verdict: Verdict;
  readonly kinds: readonly KindTotal[];
  /** Of rejected documents. */
  readonly reason?: Refusal;
}

export interface ReportLine extends KindTotal {
  /** Rows of this kind in documents that were there before. */
  readonly unchanged: boolean;
  readonly documents: number;
}

export interface ReportSum {
  readonly rows: number;
  readonly documents: number;
  readonly total: string;
  readonly roundedTotal: string;
}

/** Amounts are decimal text in the file's currency. */
export interface ReportJson {
  readonly file: FileCounts;
  readonly verdicts: Readonly<Record<Verdict, number>>;
  readonly kinds: readonly ReportLine[];
  /** Rejected documents (and rows without one) by reason. */
  readonly reasons: Readonly<Record<string, number>>;
  readonly sum: ReportSum;
  /** Whether the verdicts account for every row and every document of the file. */
  readonly balanced: boolean;
}

interface Line {
  readonly kind: KindTotal['kind'];
  readonly label: string | undefined;
  readonly unchanged: boolean;
  rows: number;
  documents: number;
  unreadable: number;
  total: Decimal;
  roundedTotal: Decimal;
}

const ORDER: readonly KindTotal['kind'][] = ['sale', 'return', 'stock_note', 'not_imported', 'rejected'];

/** Adds up verdicts, in whatever order they come, to an account of every row of a file. */
export class ImportReport {
  private readonly lines = new Map<string, Line>();
  private readonly verdicts: Record<Verdict, number> = { imported: 0, unchanged: 0, rejected: 0, not_imported: 0 };
  private readonly reasons = new Map<string, number>();
  private documents = 0;

  constructor(private readonly file: FileCounts) {}

  add({ documentNumber, verdict, kinds, reason }: DocumentVerdict): void {
    const documents = documentNumber === null ? 0 : 1;
    this.documents += documents;
    this.verdicts[verdict] += documents;
    if (reason !== undefined) this.reasons.set(reason.code, (this.reasons.get(reason.code) ?? 0) + 1);
    for (const entry of kinds) {
      const line = this.lineFor(entry, verdict === 'unchanged');
      line.rows += entry.rows;
      line.documents += documents;
      line.unreadable += entry.unreadable ?? 0;
      line.total = line.total.plus(entry.total);
      line.roundedTotal = line.roundedTotal.plus(entry.roundedTotal);
    }
  }

  toJSON(): ReportJson {
    const lines = this.sortedLines();
    const rows = lines.reduce((sum, line) => sum + line.rows, 0);
    const sumOf = (key: 'total' | 'roundedTotal') => lines.reduce((sum, line) => sum.plus(line[key]), new Decimal(0)).toFixed();
    return {
      file: this.file,
      verdicts: { ...this.verdicts },
      kinds: lines.map(({ kind, label, unchanged, documents, unreadable, ...line }) => ({
        kind,
        ...(label !== undefined && { label }),
        unchanged,
        rows: line.rows,
        documents,
        total: line.total.toFixed(),
        roundedTotal: line.roundedTotal.toFixed(),
        ...(unreadable > 0 && { unreadable }),
      })),
      reasons: Object.fromEntries([...this.reasons].sort(([a], [b]) => (a < b ? -1 : 1))),
      sum: { rows, documents: this.documents, total: sumOf('total'), roundedTotal: sumOf('roundedTotal') },
      balanced: rows === this.file.rows && this.documents === this.file.documents,
    };
  }

  private lineFor({ kind, label }: KindTotal, unchanged: boolean): Line {
    const key = `${kind} ${unchanged} ${label ?? ''}`;
    let line = this.lines.get(key);
    if (line === undefined) {
      line = { kind, label, unchanged, rows: 0, documents: 0, unreadable: 0, total: new Decimal(0), roundedTotal: new Decimal(0) };
      this.lines.set(key, line);
    }
    return line;
  }

  private sortedLines(): Line[] {
    const rank = ({ kind, unchanged, label = '' }: Line): string => `${ORDER.indexOf(kind)}${Number(unchanged)}${label}`;
    return [...this.lines.values()].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  }
}
