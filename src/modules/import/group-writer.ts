import type { UnitOfWork } from '../../db/unit-of-work';
import type { EventStore } from '../../events/event-store';
import type { Clock } from '../../kernel/clock';
import { rejectWhole } from './close-document';
import { documentImported } from './import.events';
import type { ImportRun, ImportRunsRepository, StoredVerdict, TakenNumbers } from './import-runs.repository';
import type { Parties, PartySource } from './parties';
import { recordsOf } from './records';
import type { RecordsRepository, RecordsSetting } from './records.repository';
import type { DocumentVerdict } from './report';
import type { Refusal } from './row-reader';
import type { ReadDocument, RejectedDocument, RejectedRow, SourceDocument } from './source-document';

export interface GroupSetting extends PartySource, RecordsSetting {}

/** A document with its verdict, as the caller of an import sees it. */
export interface JudgedDocument extends DocumentVerdict {
  readonly firstRow: number;
  /** Each with its reason; of rejected documents only. */
  readonly rejectedRows: readonly RejectedRow[];
}

/**
 * Writes a group of documents in one transaction, together with their verdicts:
 *
 * 1. A document that has a verdict of this run keeps it (the run was killed and goes on, or is told again).
 * 2. One that another run imported is `unchanged` when it says the same, else rejected as `different_content`; so is one whose number
 *    belongs to something that no import made.
 * 3. The rest is written: products and customers that are missing, then the documents, their events, and all verdicts.
 */
export class GroupWriter {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly runs: ImportRunsRepository,
    private readonly parties: Parties,
    private readonly records: RecordsRepository,
    private readonly events: EventStore,
    private readonly clock: Clock,
  ) {}

  /** The documents in their order, each with its verdict. */
  write(run: ImportRun, group: readonly ReadDocument[], setting: GroupSetting): Promise<JudgedDocument[]> {
    return this.unitOfWork.runBulk(async () => {
      await this.runs.beginGroup();
      const numbers = group.flatMap(({ number }) => number ?? []);
      const { own, earlier } = await this.runs.verdicts(run.id, numbers);
      const kept = new Map(own.map((verdict) => [verdict.documentNumber, verdict]));
      const fresh = group.filter(({ number }) => number === null || !kept.has(number));
      const judged = await this.judge(fresh, earlier);
      await this.store(run, judged, setting);
      const byDocument = new Map(judged.map((entry) => [entry.document, entry.judged]));
      return group.map((document) => byDocument.get(document) ?? tellAgain(document, kept.get(document.number!)!, run.completed));
    });
  }

  private async judge(documents: readonly ReadDocument[], earlier: readonly StoredVerdict[]): Promise<Judged[]> {
    const hashes = new Map(earlier.map(({ documentNumber, contentHash }) => [documentNumber, contentHash]));
    const unknown = documents.flatMap((document) => (document.rejected || hashes.has(document.number) ? [] : document.number));
    const taken = await this.runs.taken(unknown);
    return documents.map((document) => {
      if (document.rejected) return { document, judged: rejected(document) };
      const hash = hashes.get(document.number);
      const conflict = hash === undefined ? conflictOf(document, taken) : differenceOf(document, hash);
      if (conflict !== undefined) return { document, judged: rejected(rejectWhole(document, conflict)) };
      if (hash !== undefined) return { document, judged: accepted(document, 'unchanged') };
      const empty = document.saleLines.length + document.returnLines.length + document.stockNotes.length === 0;
      return empty
        ? { document, judged: accepted(document, 'not_imported') }
        : { document, judged: accepted(document, 'imported'), records: document };
    });
  }

  private async store(run: ImportRun, judged: readonly Judged[], setting: GroupSetting): Promise<void> {
    const documents = judged.flatMap(({ records }) => records ?? []);
    if (documents.length > 0) {
      const records = recordsOf(documents, await this.parties.of(documents, setting));
      await this.records.insert(records, setting, this.clock.now());
      await this.events.append(...records.documents.flatMap((made) => documentImported(made, run.id, setting)));
    }
    // A row whose document can't be made out has no place here; it is rejected again whenever it is read.
    await this.runs.insertVerdicts(
      run.id,
      judged.flatMap(({ document, judged: { documentNumber, verdict, kinds, reason = null } }) =>
        documentNumber === null ? [] : { documentNumber, verdict, contentHash: document.contentHash.toString('hex'), kinds, reason },
      ),
    );
  }
}

interface Judged {
  readonly document: ReadDocument;
  readonly judged: JudgedDocument;
  /** To be written. */
  readonly records?: SourceDocument;
}

function differenceOf({ number, contentHash }: SourceDocument, imported: string): Refusal | undefined {
  if (contentHash.toString('hex') === imported) return undefined;
  return {
    code: 'different_content',
    message: `document ${number} was imported before with other content; imported documents don't change`,
  };
}

function conflictOf({ number, saleLines, returnLines, stockNotes }: SourceDocument, taken: TakenNumbers): Refusal | undefined {
  const made = (what: string): Refusal => ({
    code: 'different_content',
    message: `there is already ${what} numbered ${number} that no import made`,
  });
  if (saleLines.length > 0 && taken.orders.has(number)) return made('an order');
  if (returnLines.length > 0 && taken.returns.has(number)) return made('a return');
  if (stockNotes.length > 0 && taken.stockNotes.has(number)) return made('a stock note');
  return undefined;
}

const accepted = ({ number, firstRow, kinds }: SourceDocument, verdict: 'imported' | 'unchanged' | 'not_imported'): JudgedDocument => ({
  documentNumber: number,
  verdict,
  kinds,
  firstRow,
  rejectedRows: [],
});

const rejected = ({ number, firstRow, kinds, reason, rows }: RejectedDocument): JudgedDocument => ({
  documentNumber: number,
  verdict: 'rejected',
  kinds,
  reason,
  firstRow,
  rejectedRows: rows,
});

/** What this run has found before. When it was completed then, what it imported has been there since. */
function tellAgain(document: ReadDocument, { verdict, kinds, reason }: StoredVerdict, completed: boolean): JudgedDocument {
  if (document.rejected) return rejected(document);
  if (verdict === 'rejected') return rejected(rejectWhole(document, reason!));
  return {
    documentNumber: document.number,
    verdict: completed && verdict === 'imported' ? 'unchanged' : verdict,
    kinds,
    firstRow: document.firstRow,
    rejectedRows: [],
  };
}
