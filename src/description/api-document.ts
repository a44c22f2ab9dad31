import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openapi, type ApiInfo } from '../http/documents/openapi';
import { postmanCollection, postmanEnvironment } from '../http/documents/postman';
import { apiReference } from '../http/documents/reference';
import type { AnyEndpoint } from '../http/endpoint';
import type { JsonSchema } from '../http/fields/field';
import { IdempotencyInFlight, IdempotencyKeyReused } from '../kernel/idempotency';
import { SESSION_COOKIE } from '../modules/identity/identity.module';
import type { Documents } from '../system/documentation';
import { API_GUIDE } from './api-guide';
import { collectionPlan, SECRETS } from './postman-plan';

const ROOT = join(__dirname, '../..');
export const VERSION: string = (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version;

const API: ApiInfo = {
  title: 'Quartermaster',
  version: VERSION,
  description: API_GUIDE,
  tags: {
    Identity: 'Registration, sign-in and one’s own profile.',
    Users: 'Who belongs to the organization, and who is invited.',
    Organization: 'The organization, its stores and tax rates.',
    Catalogue: 'Units, categories and products.',
    Customers: 'Who buys.',
    Inventory: 'Stock levels and the ledger of movements.',
    Orders: 'Sales orders from draft to delivery.',
    Dashboard: 'Figures at a glance.',
    Platform: 'The state of the system itself.',
  },
  idempotencyFailures: [IdempotencyInFlight, IdempotencyKeyReused],
  cookie: SESSION_COOKIE,
};

/** Whom the Postman environment signs in. */
export interface PostmanLogin {
  readonly email: string;
  readonly password: string;
}

export const apiDocument = (endpoints: readonly AnyEndpoint[]): JsonSchema => openapi(endpoints, API);

/** The text of docs/API.md. */
export const apiReferenceText = (endpoints: readonly AnyEndpoint[]): string => apiReference(endpoints, API);

/** Everything the API says about itself. */
export function apiDocuments(endpoints: readonly AnyEndpoint[], login: PostmanLogin): Documents {
  return {
    openapi: apiDocument(endpoints),
    collection: postmanCollection(endpoints, API, collectionPlan(login)),
    environmentAt: (baseUrl) => postmanEnvironment(API.title, { baseUrl, ...login }, SECRETS),
  };
}
