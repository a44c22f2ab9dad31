import type { UnitOfWork } from '../../db/unit-of-work';
import type { Clock } from '../../kernel/clock';
import type { IntegrityReport } from './finding';
import { IntegrityController } from './integrity.controller';
import { IntegrityRepository } from './integrity.repository';
import { integrityRoutes } from './integrity.routes';
import { IntegrityService } from './integrity.service';

export { complaints, type IntegrityReport } from './finding';
export { NothingExamined } from './integrity.errors';
export type { IntegrityService } from './integrity.service';

export interface IntegrityDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly clock: Clock;
}

export function createIntegrity({ unitOfWork, clock }: IntegrityDependencies) {
  const service = new IntegrityService(new IntegrityRepository(unitOfWork), unitOfWork, clock);
  return { routes: integrityRoutes(new IntegrityController(service)), service };
}

/**
 * The whole check, over all organizations or those of this name: for the command line and for the end of database tests.
 * @throws NothingExamined when there was nothing to look at
 */
export const integrityCheck = (dependencies: IntegrityDependencies, name?: string): Promise<IntegrityReport> =>
  createIntegrity(dependencies).service.checkAll(name);
