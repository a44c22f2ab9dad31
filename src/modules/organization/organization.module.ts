import type { HotLane } from '../../db/hot-lane';
import type { UnitOfWork } from '../../db/unit-of-work';
import type { EventStore } from '../../events/event-store';
import type { Clock } from '../../kernel/clock';
import { OrganizationController } from './organization.controller';
import { OrganizationRepository } from './organization.repository';
import { organizationRoutes, storeRoutes, taxRateRoutes } from './organization.routes';
import { OrganizationService } from './organization.service';
import { StoresController } from './stores.controller';
import { StoresQueries } from './stores.queries';
import { StoresRepository } from './stores.repository';
import { StoresService } from './stores.service';
import { TaxRatesController } from './tax-rates.controller';
import { TaxRatesQueries } from './tax-rates.queries';
import { TaxRatesRepository } from './tax-rates.repository';
import { TaxRatesService } from './tax-rates.service';

export type { OrganizationService } from './organization.service';
export type { StoresService } from './stores.service';
export type { TaxRatesService } from './tax-rates.service';

export interface OrganizationDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly lane: Pick<HotLane, 'text'>;
  readonly events: EventStore;
  readonly clock: Clock;
}

/** The organization, its stores and its tax rates. */
export function createOrganization({ unitOfWork, lane, events, clock }: OrganizationDependencies) {
  const organizationRepository = new OrganizationRepository(unitOfWork);
  const storesRepository = new StoresRepository(unitOfWork);
  const storesQueries = new StoresQueries(lane);
  const taxRatesQueries = new TaxRatesQueries(lane);

  const organizations = new OrganizationService(unitOfWork, organizationRepository, storesRepository, events, clock);
  const stores = new StoresService(unitOfWork, organizationRepository, storesRepository, storesQueries, events, clock);
  const taxRates = new TaxRatesService(
    unitOfWork,
    organizationRepository,
    new TaxRatesRepository(unitOfWork),
    taxRatesQueries,
    events,
    clock,
  );
  const routes = [
    ...organizationRoutes(new OrganizationController(organizations)),
    ...storeRoutes(new StoresController(stores, storesQueries)),
    ...taxRateRoutes(new TaxRatesController(taxRates, taxRatesQueries)),
  ];
  return { routes, organizations, stores, taxRates };
}
