import type { HotLane } from '../../db/hot-lane';
import type { UnitOfWork } from '../../db/unit-of-work';
import type { Clock } from '../../kernel/clock';
import { ActivityQueries } from './activity.queries';
import { ActivityService } from './activity.service';
import { BreakdownQueries } from './breakdown.queries';
import { CalendarQueries } from './calendar.queries';
import { DashboardController } from './dashboard.controller';
import { dashboardRoutes } from './dashboard.routes';
import { OverviewQueries } from './overview.queries';
import { OverviewService } from './overview.service';
import { SalesQueries } from './sales.queries';
import { SalesService } from './sales.service';
import { StockStatusQueries } from './stock-status.queries';
import { StockStatusService } from './stock-status.service';
import { StoreQueries } from './store.queries';
import { StoreDashboardService } from './store.service';

export interface DashboardDependencies {
  readonly unitOfWork: Pick<UnitOfWork, 'read'>;
  readonly lane: Pick<HotLane, 'text'>;
  readonly clock: Clock;
}

/** The declared exception to module boundaries: its queries read the tables of the other modules. */
export function createDashboard({ unitOfWork, lane, clock }: DashboardDependencies) {
  const calendars = new CalendarQueries(lane);
  const services = {
    overview: new OverviewService(calendars, new OverviewQueries(lane), clock),
    sales: new SalesService(unitOfWork, calendars, new SalesQueries(lane), new BreakdownQueries(lane), clock),
    stockStatus: new StockStatusService(unitOfWork, calendars, new StockStatusQueries(lane), clock),
    store: new StoreDashboardService(unitOfWork, new StoreQueries(lane), clock),
    activity: new ActivityService(new ActivityQueries(lane)),
  };
  return { routes: dashboardRoutes(new DashboardController(services)), ...services };
}
