import { get, type AnyEndpoint } from '../../http/endpoint';
import { StoreForbidden } from '../../kernel/store-access';
import { CustomerNotFound } from '../customers/customers.errors';
import type { AccountController } from './account.controller';
import { customerParams, statementQuery, statementView } from './account.schemas';
import { customerOrderList, orderPage } from './orders.schemas';

const tag = 'Customers';

export const accountRoutes = (account: AccountController): AnyEndpoint[] => [
  get(
    '/customers/:customerId/orders',
    {
      operationId: 'listCustomerOrders',
      summary: 'List the orders of a customer',
      tag,
      allow: 'orders:read',
      params: customerParams,
      query: customerOrderList,
      returns: orderPage,
      fails: [CustomerNotFound, StoreForbidden],
    },
    account.orders,
  ),
  get(
    '/customers/:customerId/statement',
    {
      operationId: 'readCustomerStatement',
      summary: 'Read the account of a customer: orders, returns, payments and refunds with a running balance',
      description:
        `An order adds what of it was not cancelled; a return and a payment take off theirs; a refund gives back what a return it names, or a
payment beyond what is owed, had taken off. A refund beyond that is a kindness that changes nothing. Drafts don't count. What is seen is what the
stores of the membership sold, in one currency.`.replaceAll('\n', ' '),
      tag,
      allow: 'orders:read',
      params: customerParams,
      query: statementQuery,
      returns: statementView,
      fails: [CustomerNotFound],
    },
    account.statement,
  ),
];
