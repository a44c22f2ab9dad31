import type { HotLane } from '../../db/hot-lane';
import type { Clock } from '../../kernel/clock';
import { DashboardController } from './dashboard.controller';
import { DashboardQueries } from './dashboard.queries';
import { dashboardRoutes } from './dashboard.routes';
import { DashboardService } from './dashboard.service';

/** The declared exception to module boundaries: its queries read the tables of the other modules. */
export function createDashboard({ lane, clock }: { readonly lane: Pick<HotLane, 'text'>; readonly clock: Clock }) {
  const service = new DashboardService(new DashboardQueries(lane), clock);
  return { routes: dashboardRoutes(new DashboardController(service)), service };
}
