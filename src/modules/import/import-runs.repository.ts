import { inAllowedStores } from '../../db/allowed-stores';
import type { UnitOfWork } from '../../db/unit-of-work';
import { Prisma } from '../../generated/prisma/client';
import { currentOrganizationId } from '../../kernel/context';
import { newId } from '../../kernel/ids';
import { STANDARD_UNIT } from '../catalogue/domain/unit-of-measure';
import type { ReportJson, Verdict } from './report';
import type { Refusal } from './row-reader';
import type { KindTotal } from './source-document';

export interface ImportSetting {
  readonly currency: string;
  /** The organization's oldest store in use. Null when there is none. */
  readonly storeId: string | null;
  /** The unit of products that are made on the way. Null when there is none. */
  readonly unitId: string | null;
}

export interface NewRun {
  readonly fileName: string;
  /** SHA-256 of the file and of the mapping: together they name the run. */
  readonly fingerprint: Buffer;
  readonly mappingHash: Buffer;
  readonly rows: number;
}

export interface ImportRun {
  readonly id: string;
  /** All its documents have had their verdict. */
  readonly completed: boolean;
}

export interface StoredVerdict {
  readonly documentNumber: string;
  readonly verdict: Verdict;
  /** SHA-256 of the document, in hex. */
  readonly contentHash: string;
  readonly kinds: readonly KindTotal[];
  readonly reason: Refusal | null;
}

/** What document numbers are taken by, with or without an import. */
export interface TakenNumbers {
  readonly orders: ReadonlySet<string>;
  readonly returns: ReadonlySet<string>;
  readonly stockNotes: ReadonlySet<string>;
}

/** Runs of the importer and their verdicts. */
export class ImportRunsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  private get tx(): Prisma.TransactionClient {
    return this.unitOfWork.transaction;
  }

  async setting(): Promise<ImportSetting> {
    const [row] = await this.tx.$queryRaw<ImportSetting[]>`
      SELECT o.currency,
        (SELECT s.id::text FROM stores s WHERE s.organization_id = ${currentOrganizationId()}::uuid AND s.archived_at IS NULL AND ${inAllowedStores(Prisma.sql`s.id`)}
          ORDER BY s.created_at, s.id LIMIT 1) AS "storeId",
        (SELECT u.id::text FROM units u WHERE u.organization_id = ${currentOrganizationId()}::uuid AND u.code = ${STANDARD_UNIT}) AS "unitId"
      FROM organizations o WHERE o.id = ${currentOrganizationId()}::uuid`;
    return row!;
  }

  /** The run of this file and mapping: a new one, or the one that is there. */
  async begin({ fileName, fingerprint, mappingHash, rows }: NewRun, now: Date): Promise<ImportRun> {
    await this.tx.$executeRaw`
      INSERT INTO imports (organization_id, id, file_name, fingerprint, mapping_hash, total_rows, started_at)
      VALUES (${currentOrganizationId()}::uuid, ${newId()}::uuid, ${fileName}, decode(${fingerprint.toString('hex')}, 'hex'), decode(${mappingHash.toString('hex')}, 'hex'), ${rows}, ${now})
      ON CONFLICT (organization_id, fingerprint, mapping_hash) DO NOTHING`;
    const [row] = await this.tx.$queryRaw<ImportRun[]>`
      SELECT id::text, status = 'completed' AS completed FROM imports
      WHERE organization_id = ${currentOrganizationId()}::uuid AND fingerprint = decode(${fingerprint.toString('hex')}, 'hex')
        AND mapping_hash = decode(${mappingHash.toString('hex')}, 'hex')`;
    return row!;
  }

  /**
   * The first statements of a group: one group after the other even when a killed importer's last COMMIT is still on its way, and time
   * for statements that write thousands of rows.
   */
  async beginGroup(): Promise<void> {
    await this.tx.$executeRaw`SET LOCAL statement_timeout = '14s'`;
    await this.tx.$executeRaw`SET LOCAL lock_timeout = '10s'`;
    await this.tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`import group ${currentOrganizationId()}`}, 0))::text`;
  }

  /** ANALYZE of tables that never had one: without statistics every line's foreign key would read all the organization's orders. */
  async gatherFirstStatistics(): Promise<void> {
    await this.tx.$queryRaw`SELECT gather_first_statistics()`;
  }

  /** This run's own verdicts on the documents, and those of other runs that imported one of them. */
  async verdicts(runId: string, numbers: readonly string[]): Promise<{ own: StoredVerdict[]; earlier: StoredVerdict[] }> {
    const rows = await this.tx.$queryRaw<Array<StoredVerdict & { readonly own: boolean }>>`
      SELECT document_number AS "documentNumber", verdict, encode(content_hash, 'hex') AS "contentHash", kinds, reason, import_id = ${runId}::uuid AS own
      FROM import_documents
      WHERE organization_id = ${currentOrganizationId()}::uuid AND document_number = ANY (${numbers}::text[]) AND (import_id = ${runId}::uuid OR verdict = 'imported')`;
    return { own: rows.filter(({ own }) => own), earlier: rows.filter(({ own }) => !own) };
  }

  async taken(numbers: readonly string[]): Promise<TakenNumbers> {
    const rows = await this.tx.$queryRaw<Array<{ kind: keyof TakenNumbers; number: string }>>`
      SELECT 'orders' AS kind, number FROM orders WHERE organization_id = ${currentOrganizationId()}::uuid AND number = ANY (${numbers}::text[])
      UNION ALL
      SELECT 'returns', number FROM returns WHERE organization_id = ${currentOrganizationId()}::uuid AND number = ANY (${numbers}::text[])
      UNION ALL
      SELECT DISTINCT 'stockNotes', document_number FROM stock_notes WHERE organization_id = ${currentOrganizationId()}::uuid AND document_number = ANY (${numbers}::text[])`;
    const numbersOf = (wanted: keyof TakenNumbers) => new Set(rows.filter(({ kind }) => kind === wanted).map(({ number }) => number));
    return { orders: numbersOf('orders'), returns: numbersOf('returns'), stockNotes: numbersOf('stockNotes') };
  }

  async insertVerdicts(runId: string, verdicts: readonly StoredVerdict[]): Promise<void> {
    if (verdicts.length === 0) return;
    await this.tx.$executeRaw`
      INSERT INTO import_documents (organization_id, import_id, document_number, verdict, content_hash, kinds, reason)
      SELECT ${currentOrganizationId()}::uuid, ${runId}::uuid, v."documentNumber", v.verdict, decode(v."contentHash", 'hex'), v.kinds, v.reason
      FROM json_to_recordset(${JSON.stringify(verdicts)}::json) AS v ("documentNumber" text, verdict text, "contentHash" text, kinds jsonb, reason jsonb)`;
  }

  /** False when it was completed before. */
  async complete(runId: string, report: ReportJson, now: Date): Promise<boolean> {
    const changed = await this.tx.$executeRaw`
      UPDATE imports SET status = 'completed', report = ${JSON.stringify(report)}::jsonb, finished_at = ${now}
      WHERE organization_id = ${currentOrganizationId()}::uuid AND id = ${runId}::uuid AND status = 'running'`;
    return changed === 1;
  }
}
