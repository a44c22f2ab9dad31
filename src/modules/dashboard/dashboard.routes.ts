import { get, type AnyEndpoint } from '../../http/endpoint';
import type { DashboardController } from './dashboard.controller';
import { overviewView, salesQuery, salesView } from './dashboard.schemas';

const tag = 'Dashboard';

export const dashboardRoutes = (dashboard: DashboardController): AnyEndpoint[] => [
  get(
    '/dashboard/overview',
    {
      operationId: 'readOverview',
      summary: 'The figures of the organization at a glance',
      tag,
      allow: 'dashboard:read',
      returns: overviewView,
    },
    dashboard.overview,
  ),
  get(
    '/dashboard/sales',
    {
      operationId: 'readSales',
      summary: 'Sales by day, week or month',
      description:
        "Exact, in days, ISO weeks and months of the organization's time zone. With storeId: the orders and returns of that store, and the refunds of its orders.",
      tag,
      allow: 'dashboard:read',
      query: salesQuery,
      returns: salesView,
    },
    dashboard.sales,
  ),
];
