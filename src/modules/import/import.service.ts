import type { SessionLock } from '../../db/session-lock';
import type { UnitOfWork } from '../../db/unit-of-work';
import type { EventStore } from '../../events/event-store';
import type { Clock } from '../../kernel/clock';
import { Unavailable, UnusableReference } from '../../kernel/common-errors';
import { currentOrganizationId } from '../../kernel/context';
import { assertSameCurrency } from '../../kernel/money';
import { inGroups, readDocuments } from './documents';
import type { GroupSetting, GroupWriter, JudgedDocument } from './group-writer';
import { ImportInProgress } from './import.errors';
import { importCompleted } from './import.events';
import type { ImportRun, ImportRunsRepository } from './import-runs.repository';
import { mappingHash, type ImportMapping } from './mapping';
import { readAhead } from './read-ahead';
import { RejectsFile } from './rejects';
import { ImportReport, type ReportJson } from './report';
import { surveyFile, type FileSurvey } from './survey';

/** One transaction each: small enough to be quick and to lose little, large enough for a few statements to write thousands of rows. */
const GROUP = { documents: 500, rows: 4_000 };
/** At once in this process: each holds two connections and a part of its file in memory. */
const MOST_AT_ONCE = 4;

export interface ImportProgress {
  readonly rows: number;
  readonly totalRows: number;
  readonly documents: number;
  readonly totalDocuments: number;
}

export interface ImportFile {
  /** A stored file, read twice: it must not change meanwhile. */
  readonly path: string;
  /** For people, in the record of the import. */
  readonly fileName: string;
  readonly mapping: ImportMapping;
  /** When the first pass over the file was made already. */
  readonly survey?: FileSurvey | undefined;
  /** The file's, when it is known apart from the mapping: checked, never converted. */
  readonly currency?: string | undefined;
  /** Where rejected rows are written, in the format of the file; a clean import makes no file. */
  readonly rejectsPath?: string | undefined;
  /** Most bytes after unzipping. */
  readonly maxBytes?: number | undefined;
  /** Told of every group after it is committed. What it throws stops the import there; the same file goes on from there later. */
  readonly onGroup?: ((documents: readonly JudgedDocument[], progress: ImportProgress) => Promise<void> | void) | undefined;
  /** How long to wait for another import of the organization to end. */
  readonly patienceMs?: number | undefined;
}

export interface ImportOutcome {
  readonly importId: string;
  readonly report: ReportJson;
  /** The same file was completely imported before: nothing was written. */
  readonly repeated: boolean;
}

/**
 * Brings documents of another system into the organization at hand (ORD-11).
 *
 * The file's bytes and the mapping name the run. A run that was stopped or killed goes on where its last transaction ended and reports
 * as if it had never stopped; one that was completed changes nothing, and reports what it had imported as unchanged.
 */
export class ImportService {
  private running = 0;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly runs: ImportRunsRepository,
    private readonly groups: GroupWriter,
    private readonly lock: SessionLock,
    private readonly events: EventStore,
    private readonly clock: Clock,
  ) {}

  /** The first pass over a file, before anything is made for it. @throws UnreadableFile, MissingColumns */
  survey({ path, mapping, maxBytes }: Pick<ImportFile, 'path' | 'mapping' | 'maxBytes'>): Promise<FileSurvey> {
    return surveyFile(path, mapping, maxBytes === undefined ? {} : { maxBytes });
  }

  /**
   * @throws ImportInProgress, Unavailable (too many imports in this process), CurrencyMismatch, UnusableReference (no store or no unit),
   * UnreadableFile, MissingColumns
   */
  async importFile(file: ImportFile): Promise<ImportOutcome> {
    if (this.running >= MOST_AT_ONCE)
      throw new Unavailable('Too many imports are running; try again later', undefined, { 'Retry-After': '60' });
    this.running++;
    try {
      const held = await this.lock.hold(`import ${currentOrganizationId()}`, () => this.importAlone(file), file.patienceMs);
      if (held === undefined) throw new ImportInProgress('Another import of this organization is running; wait until it ends');
      return held.result;
    } finally {
      this.running--;
    }
  }

  private async importAlone(file: ImportFile): Promise<ImportOutcome> {
    const { currency, storeId, unitId } = await this.setting(file);
    const survey = file.survey ?? (await this.survey(file));
    const run = await this.begin(file, survey);
    const setting: GroupSetting = { currency, storeId, unitId, mapping: file.mapping, firstSight: survey.firstSight };
    const report = await this.writeGroups(file, survey, run, setting);
    const completed = await this.complete(run, file.fileName, report);
    return { importId: run.id, report, repeated: !completed };
  }

  private async setting(file: ImportFile): Promise<{ currency: string; storeId: string; unitId: string }> {
    const { currency, storeId, unitId } = await this.unitOfWork.run(() => this.runs.setting());
    for (const given of [file.currency, file.mapping.currency]) if (given !== undefined) assertSameCurrency(currency, given);
    if (storeId === null) throw new UnusableReference('The organization has no store that documents could belong to', { field: 'store' });
    if (unitId === null) throw new UnusableReference('The organization has no unit "pcs" to make products with', { field: 'unit' });
    return { currency, storeId, unitId };
  }

  private begin({ fileName, mapping }: ImportFile, { sha256, counts }: FileSurvey): Promise<ImportRun> {
    const run = { fileName, fingerprint: sha256, mappingHash: mappingHash(mapping), rows: counts.rows };
    return this.unitOfWork.run(() => this.runs.begin(run, this.clock.now()));
  }

  private async writeGroups(file: ImportFile, survey: FileSurvey, run: ImportRun, setting: GroupSetting): Promise<ReportJson> {
    const { counts, format } = survey;
    const report = new ImportReport(counts);
    const rejects = file.rejectsPath === undefined ? undefined : new RejectsFile(file.rejectsPath, format, file.mapping);
    const progress = { rows: 0, totalRows: counts.rows, documents: 0, totalDocuments: counts.documents };
    try {
      for await (const group of readAhead(inGroups(readDocuments(file.path, file.mapping, setting.currency, survey), GROUP))) {
        const judged = await this.groups.write(run, group, setting);
        if (progress.rows === 0) await this.unitOfWork.run(() => this.runs.gatherFirstStatistics());
        for (const verdict of judged) {
          report.add(verdict);
          if (rejects !== undefined) await rejects.write(verdict.rejectedRows);
        }
        progress.rows += group.reduce((rows, document) => rows + (document.rejected ? document.rows : document.sourceRows).length, 0);
        progress.documents += group.filter(({ number }) => number !== null).length;
        await file.onGroup?.(judged, { ...progress });
      }
    } finally {
      await rejects?.close();
    }
    return report.toJSON();
  }

  /** False when it was completed before. */
  private complete(run: ImportRun, fileName: string, report: ReportJson): Promise<boolean> {
    return this.unitOfWork.run(async () => {
      const completed = await this.runs.complete(run.id, report, this.clock.now());
      if (completed) await this.events.append(importCompleted(run.id, fileName, report));
      return completed;
    });
  }
}
