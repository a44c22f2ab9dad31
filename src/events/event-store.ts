import { createHmac, randomBytes } from 'node:crypto';
import type { UnitOfWork } from '../db/unit-of-work';
import { Prisma } from '../generated/prisma/client';
import type { Clock } from '../kernel/clock';
import { currentContext, currentOrganizationId } from '../kernel/context';
import { newId } from '../kernel/ids';
import type { DomainEvent } from './event';

interface PersonalRow {
  event_id: string;
  salt: string;
  data: unknown;
}

/** Appends to the one insert-only log, always in the transaction that made the change. */
export class EventStore {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** Needs an open unit of work. Any number of events travel in one statement (two, when they carry personal data). */
  async append(...events: readonly DomainEvent[]): Promise<void> {
    if (events.length === 0) return;
    const { rows, personal } = eventRows(events, this.clock.now());
    await this.unitOfWork.transaction.$executeRaw(insertEvents(rows));
    if (personal.length > 0) await this.unitOfWork.transaction.$executeRaw(insertPersonalData(personal));
  }
}

/** Rows for `insertEvents`, with who did it taken from the context. For hot statements and the importer; everybody else appends. */
export function eventRows(events: readonly DomainEvent[], now: Date): { rows: string; personal: PersonalRow[] } {
  const { actor, ip, requestId } = currentContext();
  const personal: PersonalRow[] = [];
  const rows = events.map((event) => {
    const id = newId();
    let personalHash: string | null = null;
    if (event.personal) {
      // The hash is keyed with a salt of its own that lies beside the data: erasing the row leaves a hash that proves nothing about anybody.
      const salt = randomBytes(32);
      personalHash = `\\x${createHmac('sha256', salt).update(JSON.stringify(event.personal)).digest('hex')}`;
      personal.push({ event_id: id, salt: `\\x${salt.toString('hex')}`, data: event.personal });
    }
    return {
      id,
      type: event.type,
      aggregate_type: event.aggregateType,
      aggregate_id: event.aggregateId,
      aggregate_version: event.aggregateVersion,
      payload: event.payload ?? {},
      before: event.before ?? null,
      after: event.after ?? null,
      personal_hash: personalHash,
      actor_kind: actor.kind,
      actor_id: actor.id,
      ip,
      request_id: requestId,
      occurred_at: event.occurredAt ?? now,
    };
  });
  return { rows: JSON.stringify(rows), personal };
}

const COLUMNS = Prisma.sql`(organization_id, id, type, aggregate_type, aggregate_id, aggregate_version, payload, before, after, personal_hash, actor_kind, actor_id, ip, request_id, occurred_at)`;

/** An INSERT into events, for a statement of its own or a CTE. */
export function insertEvents(rows: string): Prisma.Sql {
  return Prisma.sql`
    INSERT INTO events ${COLUMNS}
    SELECT ${currentOrganizationId()}::uuid, e.id, e.type, e.aggregate_type, e.aggregate_id, e.aggregate_version, e.payload, e.before, e.after, e.personal_hash,
           e.actor_kind, e.actor_id, e.ip, e.request_id, e.occurred_at
    FROM jsonb_to_recordset(${rows}::jsonb) AS e (id uuid, type text, aggregate_type text, aggregate_id uuid, aggregate_version integer, payload jsonb, before jsonb,
      after jsonb, personal_hash bytea, actor_kind text, actor_id uuid, ip text, request_id text, occurred_at timestamptz)`;
}

function insertPersonalData(rows: readonly PersonalRow[]): Prisma.Sql {
  return Prisma.sql`
    INSERT INTO event_personal_data (organization_id, event_id, salt, data)
    SELECT ${currentOrganizationId()}::uuid, p.event_id, p.salt, p.data
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS p (event_id uuid, salt bytea, data jsonb)`;
}
