import { del, get, patch, post, put, type AnyEndpoint } from '../../http/endpoint';
import { Duplicate, InUse, UnusableReference, VersionMismatch } from '../../kernel/common-errors';
import { StoreForbidden } from '../../kernel/store-access';
import type { OrganizationController } from './organization.controller';
import {
  CurrencyFixed,
  LastStore,
  StoreArchived,
  StoreInUse,
  StoreNotFound,
  TaxRateArchived,
  TaxRateNotFound,
} from './organization.errors';
import {
  newStore,
  organizationChanges,
  organizationView,
  storeChanges,
  storeList,
  storePage,
  storeParams,
  storeView,
  taxRateInput,
  taxRateList,
  taxRatePage,
  taxRateParams,
  taxRateView,
} from './organization.schemas';
import type { StoresController } from './stores.controller';
import type { TaxRatesController } from './tax-rates.controller';

const tag = 'Organization';

export const organizationRoutes = (organizations: OrganizationController): AnyEndpoint[] => [
  get(
    '/organization',
    { operationId: 'readOrganization', summary: 'Read your organization', tag, allow: 'organization:read', returns: organizationView },
    organizations.read,
  ),
  patch(
    '/organization',
    {
      operationId: 'changeOrganization',
      summary: 'Change your organization',
      description: 'The currency can change only while nothing is priced in it.',
      tag,
      allow: 'organization:write',
      body: organizationChanges,
      returns: organizationView,
      fails: [CurrencyFixed, VersionMismatch],
      example: { name: 'Analytical Engines', timeZone: 'Europe/London' },
    },
    organizations.change,
  ),
];

const storeExample = {
  code: 'LEEDS',
  name: 'Leeds warehouse',
  kind: 'warehouse',
  address: { line1: '1 Mill Lane', city: 'Leeds', postalCode: 'LS1 1AA', country: 'GB' },
};

export const storeRoutes = (stores: StoresController): AnyEndpoint[] => [
  get(
    '/stores',
    {
      operationId: 'listStores',
      summary: 'List stores',
      description:
        'Oldest first: the first one is the default wherever a request names no store. A membership that is limited to some stores sees those.',
      tag,
      allow: 'stores:read',
      query: storeList,
      returns: storePage,
    },
    stores.list,
  ),
  post(
    '/stores',
    {
      operationId: 'createStore',
      summary: 'Create a store',
      tag,
      allow: 'stores:write',
      body: newStore,
      returns: storeView,
      status: 201,
      fails: [Duplicate, StoreForbidden],
      example: storeExample,
    },
    stores.create,
  ),
  get(
    '/stores/:storeId',
    {
      operationId: 'readStore',
      summary: 'Read a store',
      tag,
      allow: 'stores:read',
      params: storeParams,
      returns: storeView,
      fails: [StoreNotFound, StoreForbidden],
    },
    stores.read,
  ),
  patch(
    '/stores/:storeId',
    {
      operationId: 'changeStore',
      summary: 'Change a store',
      tag,
      allow: 'stores:write',
      params: storeParams,
      body: storeChanges,
      returns: storeView,
      fails: [StoreNotFound, StoreForbidden, StoreArchived, Duplicate, VersionMismatch],
      example: { name: 'Leeds distribution centre' },
    },
    stores.change,
  ),
  del(
    '/stores/:storeId',
    {
      operationId: 'deleteStore',
      summary: 'Delete a store, or archive it when it has been used',
      description:
        'One with stock, reservations or open orders is refused; drafts that are left there can no longer be placed. One that a membership is limited to is not deleted: ' +
        'the membership would change unseen.',
      tag,
      allow: 'stores:write',
      params: storeParams,
      returns: 'nothing',
      fails: [StoreNotFound, StoreForbidden, LastStore, StoreInUse, InUse, VersionMismatch],
    },
    stores.remove,
  ),
];

const taxRateExample = { name: 'VAT', rate: '20', inclusive: false, isDefault: true };

export const taxRateRoutes = (taxRates: TaxRatesController): AnyEndpoint[] => [
  get(
    '/tax-rates',
    { operationId: 'listTaxRates', summary: 'List tax rates', tag, allow: 'tax-rates:read', query: taxRateList, returns: taxRatePage },
    taxRates.list,
  ),
  post(
    '/tax-rates',
    {
      operationId: 'createTaxRate',
      summary: 'Create a tax rate',
      description: 'A new default takes the place of the old one.',
      tag,
      allow: 'tax-rates:write',
      body: taxRateInput,
      returns: taxRateView,
      status: 201,
      fails: [Duplicate, UnusableReference],
      example: taxRateExample,
    },
    taxRates.create,
  ),
  put(
    '/tax-rates/:taxRateId',
    {
      operationId: 'replaceTaxRate',
      summary: 'Replace a tax rate',
      description: 'Orders that were placed keep the rate they were placed with. The ETag guards the rate; its categories have their own.',
      tag,
      allow: 'tax-rates:write',
      params: taxRateParams,
      body: taxRateInput,
      returns: taxRateView,
      fails: [TaxRateNotFound, TaxRateArchived, Duplicate, UnusableReference, VersionMismatch],
      example: taxRateExample,
    },
    taxRates.replace,
  ),
  del(
    '/tax-rates/:taxRateId',
    {
      operationId: 'deleteTaxRate',
      summary: 'Delete a tax rate, or archive it when order lines name it',
      tag,
      allow: 'tax-rates:write',
      params: taxRateParams,
      returns: 'nothing',
      fails: [TaxRateNotFound, VersionMismatch],
    },
    taxRates.remove,
  ),
];
