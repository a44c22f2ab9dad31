import type { JsonPage } from '../../db/json-page';
import type { Permission } from '../../kernel/permissions';
import type { ActivityQueries, ActivityWanted } from './activity.queries';
import { changesOf, sentenceOf, visibleAggregates, type LoggedEvent } from './domain/activity';

/** What happened lately, from the event log, in sentences and as data. */
export class ActivityService {
  constructor(private readonly queries: ActivityQueries) {}

  /** One statement, however many things the events are about. */
  async page(permissions: ReadonlySet<Permission>, wanted: Omit<ActivityWanted, 'aggregateTypes'>): Promise<JsonPage> {
    const page = await this.queries.page({ ...wanted, aggregateTypes: visibleAggregates(permissions) });
    const events = JSON.parse(page.data) as LoggedEvent[];
    return { ...page, data: JSON.stringify(events.map(activityOf)) };
  }
}

function activityOf(event: LoggedEvent) {
  const { id, type, aggregateType, aggregateId, label, actorKind, actorId, actorName, occurredAt, recordedAt } = event;
  return {
    id,
    type,
    sentence: sentenceOf(event),
    actor: { kind: actorKind, id: actorId, name: actorName },
    subject: { type: aggregateType, id: aggregateId, label },
    changes: changesOf(event),
    occurredAt,
    recordedAt,
  };
}
