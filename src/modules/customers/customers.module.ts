import type { HotLane } from '../../db/hot-lane';
import type { UnitOfWork } from '../../db/unit-of-work';
import type { EventStore } from '../../events/event-store';
import type { Clock } from '../../kernel/clock';
import { CustomersController } from './customers.controller';
import { CustomersQueries } from './customers.queries';
import { CustomersRepository } from './customers.repository';
import { customerRoutes } from './customers.routes';
import { CustomersService } from './customers.service';

export { customerCreated } from './customers.events';
export type { Customer } from './domain/customer';

export interface CustomersDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly lane: Pick<HotLane, 'text'>;
  readonly events: EventStore;
  readonly clock: Clock;
}

export function createCustomers({ unitOfWork, lane, events, clock }: CustomersDependencies) {
  const queries = new CustomersQueries(lane);
  const customers = new CustomersService(unitOfWork, new CustomersRepository(unitOfWork), queries, events, clock);
  return { routes: customerRoutes(new CustomersController(customers, queries)), customers };
}
