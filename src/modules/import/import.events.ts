import type { DomainEvent } from '../../events/event';
import type { DocumentRecords } from './records';
import type { RecordsSetting } from './records.repository';
import type { ReportJson } from './report';

/** Begins an imported order's history: it has no earlier states here. The country is the document's own, as far as the file tells. */
export function documentImported(
  { document, order, returned }: DocumentRecords,
  importId: string,
  { currency, storeId }: RecordsSetting,
): DomainEvent[] {
  const { occurredAt, country = null } = document;
  const events: DomainEvent[] = [];
  if (order !== undefined)
    events.push({
      type: 'order.imported',
      aggregateType: 'order',
      aggregateId: order.id,
      aggregateVersion: 1,
      payload: {
        importId,
        number: order.number,
        storeId,
        customerId: order.customerId,
        currency,
        country,
        lineCount: document.saleLines.length,
      },
      after: { status: 'completed', total: order.total },
      occurredAt,
    });
  if (returned !== undefined)
    events.push({
      type: 'return.imported',
      aggregateType: 'return',
      aggregateId: returned.id,
      aggregateVersion: null,
      payload: {
        importId,
        number: returned.number,
        storeId,
        customerId: returned.customerId,
        currency,
        country,
        lineCount: document.returnLines.length,
      },
      after: { total: returned.total },
      occurredAt,
    });
  return events;
}

export const importCompleted = (importId: string, fileName: string, { verdicts, sum }: ReportJson): DomainEvent => ({
  type: 'import.completed',
  aggregateType: 'import',
  aggregateId: importId,
  aggregateVersion: null,
  payload: { fileName, verdicts, sum },
});
