import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Prisma } from '../generated/prisma/client';
import { isDryRun } from '../kernel/context';
import { commitFailure } from './db-errors';
import { retrying } from './retry';
import { databaseFault } from './sql-state';
import { BEGIN_PLANNED_ONCE, inOneWrite, type TenantPool } from './tenant-pool';
import type { UnitOfWork } from './unit-of-work';

/** The statements of one hot command. Numerics come as text, jsonb parsed, timestamps as Date (pg's own types, not Prisma's). */
export interface Lane {
  /** Sends a statement; statements sent without awaiting in between share a round trip. */
  rows<Row>(sql: Prisma.Sql): Promise<Row[]>;
  /** Sends the last statement and COMMIT together. */
  rowsAndCommit<Row>(sql: Prisma.Sql): Promise<Row[]>;
}

/**
 * For the few hot commands and reads: past Prisma's engine (0.5 to 0.8 ms of CPU a statement) but with its `Prisma.sql` values, so that
 * every value stays a parameter. BEGIN travels with the first statement and COMMIT with the last: read, decide in TypeScript, write =
 * two round trips. An error rolls everything back. Which files may use it is held by the architecture test.
 */
export class HotLane {
  constructor(
    private readonly pool: TenantPool,
    private readonly unitOfWork: Pick<UnitOfWork, 'isOpen' | 'client'>,
    private readonly onRetry: (sqlState: string) => void,
  ) {}

  /** One transaction of its own; the whole of `work` runs again after a deadlock. */
  async run<T>(work: (lane: Lane) => Promise<T>): Promise<T> {
    // A second connection taken inside a unit of work can starve the pool, and would not see what the unit has written.
    if (this.unitOfWork.isOpen) throw new Error('a hot lane cannot open inside a unit of work');
    return retrying(() => this.transact(work), this.onRetry);
  }

  /**
   * One statement whose answer is one column of text (JSON built by PostgreSQL) in at most one row; null when there is none. In one round
   * trip on its own, or in the unit of work that is open.
   */
  async text(sql: Prisma.Sql): Promise<string | null> {
    if (this.unitOfWork.isOpen) {
      const [row] = await this.unitOfWork.client.$queryRaw<Array<Record<string, string | null>>>(sql);
      return row === undefined ? null : (Object.values(row)[0] ?? null);
    }
    const answer = (await this.pool.query(prepared(sql))) as { rows: Array<Record<string, string | null>> };
    const [row] = answer.rows;
    return row === undefined ? null : (Object.values(row)[0] ?? null);
  }

  private async transact<T>(work: (lane: Lane) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    let begun: Promise<unknown> = Promise.resolve();
    const send = async <Row>(sql: Prisma.Sql): Promise<Row[]> => (await client.query(prepared(sql))).rows as Row[];
    let ended: Promise<unknown> | undefined;
    let refusedBefore = false;
    let broken = false;
    try {
      const lane: Lane = {
        rows: send,
        rowsAndCommit: async <Row>(sql: Prisma.Sql): Promise<Row[]> => {
          const answer = inOneWrite(client, () => {
            const rows = send<Row>(sql);
            ended = client.query(ending());
            return rows;
          });
          const [rows, committed] = await Promise.allSettled([answer, ended]);
          if (rows.status === 'rejected') {
            // PostgreSQL's word on the statement; without one (a lost connection) it may have been executed, and committed.
            refusedBefore = databaseFault(rows.reason) !== undefined;
            throw rows.reason;
          }
          if (committed.status === 'rejected') throw committed.reason;
          return rows.value;
        },
      };
      // The first statements travel with BEGIN.
      const result = await inOneWrite(client, () => {
        begun = client.query(BEGIN_PLANNED_ONCE); // TenantClient adds the organization
        begun.catch(() => undefined); // told below, after the statements that followed it have failed too
        return work(lane);
      });
      await begun;
      await (ended ??= client.query(ending()));
      return result;
    } catch (error) {
      const refused = await begun.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      // Also after a COMMIT that failed: a ROLLBACK outside a transaction is only a warning.
      await client.query('ROLLBACK').catch(() => {
        broken = true;
      });
      const reason = refused ?? error;
      throw ended === undefined || refusedBefore || isDryRun() ? reason : commitFailure(reason);
    } finally {
      client.release(broken);
    }
  }
}

/** A trial checks what COMMIT would check, and leaves nothing. */
const ending = (): string => (isDryRun() ? 'SET CONSTRAINTS ALL IMMEDIATE; ROLLBACK' : 'COMMIT');

function prepared(sql: Prisma.Sql): { name: string; text: string; values: unknown[] } {
  const text = sql.text;
  return { name: statementName(text), text, values: sql.values };
}

const names = new LRUCache<string, string>({ max: 500 });
/** A prepared statement's name from its text: the same in every process. Values are never part of texts, so most are used again and again. */
export function statementName(text: string): string {
  let name = names.get(text);
  if (name === undefined) names.set(text, (name = 'q' + createHash('sha1').update(text).digest('hex').slice(0, 16)));
  return name;
}
