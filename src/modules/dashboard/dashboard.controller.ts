import type { Call } from '../../http/endpoint';
import type { SalesQuery } from './dashboard.schemas';
import type { DashboardService } from './dashboard.service';

export class DashboardController {
  constructor(private readonly dashboard: DashboardService) {}

  overview = (_call: Call) => this.dashboard.overview();
  sales = ({ query }: Call<{ query: SalesQuery }>) => this.dashboard.sales(query);
}
