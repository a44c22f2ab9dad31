import { BULK_BODY_LIMIT } from '../../http/bulk';
import { del, get, patch, post, put, type AnyEndpoint } from '../../http/endpoint';
import { RowsRejected } from '../../kernel/bulk';
import { Duplicate, VersionMismatch } from '../../kernel/common-errors';
import type { CustomersController } from './customers.controller';
import { CustomerAnonymised, CustomerNotFound } from './customers.errors';
import {
  customerChanges,
  customerList,
  customerPage,
  customerParams,
  customerReplacement,
  customerView,
  customerVerdicts,
  newCustomer,
  newCustomers,
} from './customers.schemas';

const tag = 'Customers';
const example = {
  name: 'Ada Byron',
  email: 'ada@example.com',
  billingAddress: { line1: '12 Mill Lane', city: 'Leeds', postalCode: 'LS1 4DL', country: 'GB' },
  paymentTerms: 'Net 30',
  creditLimit: '5000.00',
};

export const customerRoutes = (customers: CustomersController): AnyEndpoint[] => [
  get(
    '/customers',
    { operationId: 'listCustomers', summary: 'List customers', tag, allow: 'customers:read', query: customerList, returns: customerPage },
    customers.list,
  ),
  post(
    '/customers',
    {
      operationId: 'createCustomer',
      summary: 'Create a customer',
      description: 'A credit limit needs the permission prices:write.',
      tag,
      allow: 'customers:write',
      body: newCustomer,
      returns: customerView,
      status: 201,
      fails: [Duplicate],
      example,
    },
    customers.create,
  ),
  post(
    '/customers/bulk',
    {
      operationId: 'createCustomers',
      summary: 'Create up to 1,000 customers at once',
      description:
        `Every row is a new customer by the rules of POST /customers, and gets its own verdict. An e-mail address or code that comes twice goes to
the first row. In atomic mode one refused row refuses them all: 422, with the refused rows in its details. The body may have up to 4 MiB.`.replaceAll(
          '\n',
          ' ',
        ),
      tag,
      allow: 'customers:write',
      body: newCustomers,
      bodyLimit: BULK_BODY_LIMIT,
      returns: customerVerdicts,
      fails: [RowsRejected],
      example: { mode: 'continue', rows: [{ name: 'Charles Babbage', email: 'charles@example.com' }, { name: 'Analytical Engines Ltd' }] },
    },
    customers.createMany,
  ),
  get(
    '/customers/:customerId',
    {
      operationId: 'readCustomer',
      summary: 'Read a customer',
      tag,
      allow: 'customers:read',
      params: customerParams,
      returns: customerView,
      fails: [CustomerNotFound],
    },
    customers.read,
  ),
  put(
    '/customers/:customerId',
    {
      operationId: 'replaceCustomer',
      summary: 'Replace a customer',
      description:
        'What is left out is emptied; paymentTerms go back to 30 days. Another credit limit than the present one, or none, needs the permission prices:write.',
      tag,
      allow: 'customers:write',
      params: customerParams,
      body: customerReplacement,
      returns: customerView,
      fails: [CustomerNotFound, CustomerAnonymised, Duplicate, VersionMismatch],
      example,
    },
    customers.replace,
  ),
  patch(
    '/customers/:customerId',
    {
      operationId: 'changeCustomer',
      summary: 'Change a customer',
      description: 'Another credit limit needs the permission prices:write.',
      tag,
      allow: 'customers:write',
      params: customerParams,
      body: customerChanges,
      returns: customerView,
      fails: [CustomerNotFound, CustomerAnonymised, Duplicate, VersionMismatch],
      example: { phone: '+44 113 496 0000' },
    },
    customers.change,
  ),
  del(
    '/customers/:customerId',
    {
      operationId: 'deleteCustomer',
      summary: 'Delete a customer; one with documents, a login or an open invitation is anonymised',
      tag,
      allow: 'customers:delete',
      params: customerParams,
      returns: 'nothing',
      fails: [CustomerNotFound, VersionMismatch],
    },
    customers.remove,
  ),
];
