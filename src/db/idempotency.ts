import { Prisma } from '../generated/prisma/client';
import { currentContext, currentOrganizationId } from '../kernel/context';
import { IdempotencyInFlight, IdempotencyKeyReused, type Answer, type IdempotencyClaim } from '../kernel/idempotency';
import type { UnitOfWork } from './unit-of-work';

/** What the claiming statement answers: one row. */
export interface ClaimRow {
  readonly mine: boolean;
  readonly known: {
    readonly same: boolean;
    readonly status: number;
    readonly body: string;
    readonly headers: Record<string, string>;
  } | null;
}

/**
 * Columns of the first statement of a transaction that owns a key (see ClaimRow): they take the key's lock for the transaction and look for a
 * stored answer.
 */
export function claimColumns({ key, fingerprint }: IdempotencyClaim): Prisma.Sql {
  const organizationId = currentOrganizationId();
  const principal = principalOfNow();
  return Prisma.sql`
    pg_try_advisory_xact_lock(hashtextextended(${`${organizationId}|${principal}|${key}`}, 0)) AS mine,
           (SELECT jsonb_build_object('same', fingerprint = ${fingerprint}, 'status', status, 'body', body, 'headers', headers)
            FROM idempotency_keys WHERE organization_id = ${organizationId}::uuid AND principal = ${principal} AND key = ${key}) AS known`;
}

/** The stored answer, or undefined when the work is still to be done. Throws 409 while another request holds the key, 422 when it was used for another. */
export function judgeClaim({ key }: IdempotencyClaim, row: ClaimRow): Answer | undefined {
  if (!row.mine)
    throw new IdempotencyInFlight(`The request with Idempotency-Key ${key} is still running`, undefined, { 'Retry-After': '1' });
  if (row.known === null) return undefined;
  if (!row.known.same) throw new IdempotencyKeyReused(`Idempotency-Key ${key} was used for another request; take a new key`);
  return { status: row.known.status, body: row.known.body, headers: row.known.headers };
}

/** Columns of idempotency_keys for an INSERT … SELECT, so that a hot statement can store its answer with everything else. */
export function answerValues({ key, fingerprint }: IdempotencyClaim, answer: Answer): Prisma.Sql {
  return Prisma.sql`${currentOrganizationId()}::uuid, ${principalOfNow()}, ${key}, ${fingerprint}, ${answer.status}, ${answer.body}, ${JSON.stringify(answer.headers)}::jsonb`;
}

const principalOfNow = (): string => {
  const { kind, id } = currentContext().actor;
  return id ?? kind;
};

/**
 * Answers a repeated request from what was stored, in the transaction that did the work: a crash leaves neither or both. Only successes
 * are stored, because a refusal has changed nothing and may be tried again with the same key.
 */
export class Idempotency {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  run(claim: IdempotencyClaim, work: () => Promise<Answer>): Promise<{ answer: Answer; replayed: boolean }> {
    return this.unitOfWork.run(async () => {
      const [row] = await this.unitOfWork.transaction.$queryRaw<ClaimRow[]>(Prisma.sql`SELECT ${claimColumns(claim)}`);
      const stored = judgeClaim(claim, row!);
      if (stored) return { answer: stored, replayed: true };
      const answer = await work();
      await this.unitOfWork.transaction.$executeRaw`
        INSERT INTO idempotency_keys (organization_id, principal, key, fingerprint, status, body, headers) SELECT ${answerValues(claim, answer)}`;
      return { answer, replayed: false };
    });
  }
}
