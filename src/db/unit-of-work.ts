import { AsyncLocalStorage } from 'node:async_hooks';
import type { Prisma, PrismaClient } from '../generated/prisma/client';
import { isDryRun } from '../kernel/context';
import { commitFailure } from './db-errors';
import { retrying } from './retry';
import { inTransactionMode } from './tenant-pool';

interface Unit {
  readonly tx: Prisma.TransactionClient;
  readonly afterCommit: Array<() => void>;
}

const TRANSACTION_LIMITS = { maxWait: 2_000, timeout: 15_000 };
const REPORT_LIMITS = { maxWait: 2_000, timeout: 60_000 };

/**
 * The only holder of the Prisma client. Nobody passes a transaction by hand: repositories ask for the client of this moment, services
 * draw the boundary with `run`. READ COMMITTED; correctness comes from guarded statements, one lock order and constraints.
 */
export class UnitOfWork {
  private readonly active = new AsyncLocalStorage<Unit>();

  constructor(
    private readonly root: PrismaClient,
    private readonly onRetry: (sqlState: string) => void,
  ) {}

  /** The transaction that is open, else the root client (one statement, one transaction). */
  get client(): Prisma.TransactionClient {
    return this.active.getStore()?.tx ?? this.root;
  }

  /** For locks, stock and ledger rows: meaningless outside a transaction, so refused there. */
  get transaction(): Prisma.TransactionClient {
    const unit = this.active.getStore();
    if (!unit) throw new Error('this must run inside UnitOfWork.run()');
    return unit.tx;
  }

  get isOpen(): boolean {
    return this.active.getStore() !== undefined;
  }

  /**
   * Joins the unit that is open, or opens one. All or nothing; after a serialization failure or a deadlock the whole function runs
   * again, so it must have no effect outside the database: those go to `onCommit`. In a dry run nothing of it stays, but the result.
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.isOpen) return await work();
    return retrying(() => this.open(work, TRANSACTION_LIMITS), this.onRetry);
  }

  /** Like `run`, for statements that write thousands of rows and raise their own time limit, to 14 s at most. */
  async runBulk<T>(work: () => Promise<T>): Promise<T> {
    return inTransactionMode('bulk', () => this.run(work));
  }

  /** Like `run`, for reports: one snapshot of the whole database, read only, up to 60 s a statement. */
  async read<T>(work: () => Promise<T>): Promise<T> {
    if (this.isOpen) return await work();
    return inTransactionMode('report', () => this.open(work, REPORT_LIMITS));
  }

  /** Runs after the unit has committed, or at once outside of one. For effects that must not happen when it rolls back. */
  onCommit(hook: () => void): void {
    const unit = this.active.getStore();
    if (unit) unit.afterCommit.push(hook);
    else hook();
  }

  private async open<T>(work: () => Promise<T>, limits: { maxWait: number; timeout: number }): Promise<T> {
    const afterCommit: Array<() => void> = [];
    let committing = false;
    const unit = async (tx: Prisma.TransactionClient): Promise<T> => {
      const done = await this.active.run({ tx, afterCommit }, async () => await this.tried(tx, work));
      committing = true;
      return done;
    };
    const transact = (): Promise<T> => this.root.$transaction(unit, limits);
    if (isDryRun()) return transact().catch((error: unknown) => resultOfTrial(error) as T);
    const result = await transact().catch((error: unknown) => {
      throw committing ? commitFailure(error) : error;
    });
    for (const hook of afterCommit) hook();
    return result;
  }

  /** A trial ends in an error that carries its result, because only an error makes Prisma roll back. */
  private async tried<T>(tx: Prisma.TransactionClient, work: () => Promise<T>): Promise<T> {
    const result = await work();
    if (!isDryRun()) return result;
    await tx.$executeRaw`SET CONSTRAINTS ALL IMMEDIATE`; // what would have been refused at COMMIT
    throw new Trial(result);
  }
}

/** Not a failure: the way out of a transaction that shall leave nothing. */
class Trial extends Error {
  constructor(readonly result: unknown) {
    super('a trial was rolled back');
  }
}

function resultOfTrial(error: unknown): unknown {
  if (error instanceof Trial) return error.result;
  throw error;
}
