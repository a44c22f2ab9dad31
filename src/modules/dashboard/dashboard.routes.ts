import { get, type AnyEndpoint } from '../../http/endpoint';
import { StoreForbidden } from '../../kernel/store-access';
import { StoreNotFound } from '../organization/organization.errors';
import { activityPage, activityQuery } from './activity.schemas';
import type { DashboardController } from './dashboard.controller';
import { overviewView } from './overview.schemas';
import { chartView, salesQuery, salesView } from './sales.schemas';
import { stockStatusQuery, stockStatusView } from './stock-status.schemas';
import { storeDashboardQuery, storeDashboardView } from './store.schemas';

const common = { tag: 'Dashboard', allow: 'dashboard:read' } as const;
const LIMITED = 'Whoever is limited to some stores sees the figures of those.';

const overview = { ...common, description: LIMITED, returns: overviewView } as const;
const stockStatus = {
  ...common,
  description: 'The days are those of the organization’s time zone, the last one is today. With storeId: of that store only. ' + LIMITED,
  query: stockStatusQuery,
  fails: [StoreForbidden],
  returns: stockStatusView,
} as const;

export const dashboardRoutes = (dashboard: DashboardController): AnyEndpoint[] => [
  get(
    '/dashboard',
    {
      ...common,
      operationId: 'readStoreDashboard',
      summary: 'One store: its products with their stock and how they sell there',
      query: storeDashboardQuery,
      returns: storeDashboardView,
      fails: [StoreNotFound, StoreForbidden],
    },
    dashboard.store,
  ),
  get(
    '/dashboard/overview',
    { ...overview, operationId: 'readOverview', summary: 'The figures of the organization at a glance' },
    dashboard.overview,
  ),
  get(
    '/dashboard/metrics',
    { ...overview, operationId: 'readMetrics', summary: 'Another name of /dashboard/overview' },
    dashboard.overview,
  ),
  get(
    '/dashboard/sales',
    {
      ...common,
      operationId: 'readSales',
      summary: 'Sales by day, week or month, or by product, category, customer, country or store',
      description:
        "Exact, in days, ISO weeks and months of the organization's time zone. With storeId: the orders and returns of that store, and the refunds of its orders. " +
        'The country is where the goods went, else who was billed, else where the customer is; an imported document may name one of its own. ' +
        LIMITED,
      query: salesQuery,
      fails: [StoreForbidden],
      returns: salesView,
    },
    dashboard.sales,
  ),
  get(
    '/dashboard/chart-data',
    {
      ...common,
      operationId: 'readChartData',
      summary: 'The figures of /dashboard/sales as one list a series',
      description: 'The n-th of each list belongs to the n-th label. What belongs to no group is labelled "none".',
      query: salesQuery,
      fails: [StoreForbidden],
      returns: chartView,
    },
    dashboard.chart,
  ),
  get(
    '/dashboard/inventory',
    { ...stockStatus, operationId: 'readStockStatus', summary: 'What the stock is worth and how it moves' },
    dashboard.stockStatus,
  ),
  get(
    '/dashboard/inventory-status',
    { ...stockStatus, operationId: 'readInventoryStatus', summary: 'Another name of /dashboard/inventory' },
    dashboard.stockStatus,
  ),
  get(
    '/dashboard/recent-activity',
    {
      ...common,
      operationId: 'listRecentActivity',
      summary: 'What happened lately, in sentences and as data',
      description:
        'From the event log, newest first. Only of things the caller may read; whoever is limited to some stores does not see what happened in others.',
      query: activityQuery,
      returns: activityPage,
    },
    dashboard.activity,
  ),
];
