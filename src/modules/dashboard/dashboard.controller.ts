import type { Call } from '../../http/endpoint';
import { answerPage, pageWanted, paginationOf } from '../../http/lists/raw-list';
import { rawJson } from '../../http/reply';
import { ACTIVITY_SORTS } from './activity.queries';
import type { ActivityQuery, ActivityView } from './activity.schemas';
import type { ActivityService } from './activity.service';
import { chartOf } from './domain/chart';
import type { OverviewService } from './overview.service';
import { GROUPS, type SalesQuery } from './sales.schemas';
import type { SalesService } from './sales.service';
import type { StockStatusQuery } from './stock-status.schemas';
import type { StockStatusService } from './stock-status.service';
import { STORE_PRODUCT_SORTS } from './store.queries';
import type { StoreDashboardQuery, StoreDashboardView } from './store.schemas';
import type { StoreDashboardService } from './store.service';

export class DashboardController {
  constructor(
    private readonly services: {
      readonly overview: OverviewService;
      readonly sales: SalesService;
      readonly stockStatus: StockStatusService;
      readonly store: StoreDashboardService;
      readonly activity: ActivityService;
    },
  ) {}

  overview = (_call: Call) => this.services.overview.read();

  sales = ({ query }: Call<{ query: SalesQuery }>) => this.salesOf(query);

  chart = async ({ query }: Call<{ query: SalesQuery }>) => chartOf(await this.salesOf(query));

  stockStatus = ({ query }: Call<{ query: StockStatusQuery }>) => this.services.stockStatus.read(query);

  store = async ({ query }: Call<{ query: StoreDashboardQuery }>) => {
    const wanted = pageWanted(query, STORE_PRODUCT_SORTS);
    const { head, page } = await this.services.store.read(wanted);
    const pagination = JSON.stringify(paginationOf(page, wanted));
    return rawJson<StoreDashboardView>(`${JSON.stringify(head).slice(0, -1)},"products":${page.data},"pagination":${pagination}}`);
  };

  activity = async ({ query, principal }: Call<{ query: ActivityQuery }>) => {
    const wanted = pageWanted(query, ACTIVITY_SORTS);
    return answerPage<ActivityView>(await this.services.activity.page(principal.permissions, wanted), wanted);
  };

  private salesOf({ groupBy, limit, ...wanted }: SalesQuery) {
    if (isGroup(groupBy)) return this.services.sales.byGroup({ groupBy, limit, ...wanted });
    return this.services.sales.byPeriod({ groupBy, ...wanted });
  }
}

type Group = (typeof GROUPS)[number];
const isGroup = (groupBy: SalesQuery['groupBy']): groupBy is Group => (GROUPS as readonly string[]).includes(groupBy);
