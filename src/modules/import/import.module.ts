import { SessionLock } from '../../db/session-lock';
import type { TenantPool } from '../../db/tenant-pool';
import type { UnitOfWork } from '../../db/unit-of-work';
import type { EventStore } from '../../events/event-store';
import type { Clock } from '../../kernel/clock';
import { GroupWriter } from './group-writer';
import { ImportController } from './import.controller';
import { importRoutes } from './import.routes';
import { ImportRunsRepository } from './import-runs.repository';
import { ImportService } from './import.service';
import { Parties } from './parties';
import { PartiesRepository } from './parties.repository';
import { RecordsRepository } from './records.repository';

export type { ImportProgress, ImportService } from './import.service';
export { reportText } from './report-text';
export { mappingFrom, SHIPPED_MAPPINGS } from './shipped-mappings';

export interface ImportDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly events: EventStore;
  readonly clock: Clock;
  /** For the lock that lasts as long as an import. */
  readonly pool: Pick<TenantPool, 'connect'>;
}

/** Orders of other systems. */
export function createImport({ unitOfWork, events, clock, pool }: ImportDependencies) {
  const runs = new ImportRunsRepository(unitOfWork);
  const parties = new Parties(new PartiesRepository(unitOfWork), events, clock);
  const groups = new GroupWriter(unitOfWork, runs, parties, new RecordsRepository(unitOfWork), events, clock);
  const service = new ImportService(unitOfWork, runs, groups, new SessionLock(pool), events, clock);
  return { routes: importRoutes(new ImportController(service)), service };
}
