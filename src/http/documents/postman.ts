/**
 * A Postman collection (format 2.1) from the declarations: first a flow, whose requests are run one after the other and test themselves,
 * then every operation in the folder of its tag. Pure: the same routes give the same collection.
 */
import type { AnyEndpoint, Endpoint } from '../endpoint';
import type { AnyField, JsonSchema } from '../fields/field';
import type { ApiInfo } from './openapi';

/** One request of the flow. Text of bodies, parameters and expectations may hold variables: `{{orderId}}`. */
export interface FlowStep {
  readonly operationId: string;
  readonly name: string;
  /** By name; a path parameter that is left out is the variable of its name, a query parameter is not sent. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** The declared example when left out. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The declared one when left out. */
  readonly status?: number;
  /** What the answer must hold, by path: `items.0.quantity`. */
  readonly expect?: Readonly<Record<string, unknown>>;
  readonly expectHeaders?: Readonly<Record<string, string>>;
  /** Variables taken from the answer, beside those every answer of the operation sets: `{ secondOrderId: 'id' }`. */
  readonly keep?: Readonly<Record<string, string>>;
}

export interface CollectionPlan {
  /** Variables with their first values: `baseUrl`, and what the flow starts from. An environment may override them. */
  readonly variables: Readonly<Record<string, string>>;
  /** Variables that answers set wherever the operation is sent, by operation: `{ createProduct: { productId: 'id' } }`. */
  readonly keep: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly flow: { readonly name: string; readonly description: string; readonly steps: readonly FlowStep[] };
}

type Json = Record<string, unknown>;

export function postmanCollection(endpoints: readonly AnyEndpoint[], info: ApiInfo, plan: CollectionPlan): JsonSchema {
  const byId = new Map(endpoints.map((endpoint) => [endpoint.spec.operationId, endpoint]));
  const find = (operationId: string): AnyEndpoint => {
    const endpoint = byId.get(operationId);
    if (endpoint === undefined) throw new Error(`the Postman collection names an operation that is not declared: ${operationId}`);
    return endpoint;
  };
  for (const operationId of Object.keys(plan.keep)) find(operationId);
  const tags = [...new Set(endpoints.map(({ spec }) => spec.tag))];
  return {
    info: {
      name: info.title,
      description: info.description,
      version: info.version,
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    },
    auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{accessToken}}', type: 'string' }] },
    variable: Object.entries(plan.variables).map(([key, value]) => ({ key, value, type: 'string' })),
    item: [
      {
        name: plan.flow.name,
        description: plan.flow.description,
        item: plan.flow.steps.map((step, index) => flowItem(step, index + 1, find(step.operationId), plan)),
      },
      ...tags.map((tag) => ({
        name: tag,
        description: info.tags[tag],
        item: endpoints.filter(({ spec }) => spec.tag === tag).map((endpoint) => operationItem(endpoint, plan)),
      })),
    ],
  };
}

/** The variables of a collection's environment: where the API is, and whom to sign in. Values of `secret` are masked on screen. */
export const postmanEnvironment = (name: string, values: Readonly<Record<string, string>>, secret: readonly string[]): JsonSchema => ({
  name,
  values: Object.entries(values).map(([key, value]) => ({ key, value, type: secret.includes(key) ? 'secret' : 'default', enabled: true })),
  _postman_variable_scope: 'environment',
});

function operationItem(endpoint: AnyEndpoint, { keep }: CollectionPlan): Json {
  const { spec } = endpoint;
  const kept = keep[spec.operationId];
  return {
    name: spec.summary,
    ...(kept !== undefined && events([`if (pm.response.code < 300) {`, ...keeping(kept, 'pm.response.json()'), `}`])),
    request: requestOf(endpoint, { operationId: spec.operationId, name: spec.summary }, 'offered'),
    response: [],
  };
}

function flowItem(step: FlowStep, number: number, endpoint: AnyEndpoint, { keep }: CollectionPlan): Json {
  const kept = { ...(step.status === undefined && keep[step.operationId]), ...step.keep };
  return {
    name: `${String(number).padStart(2, '0')} ${step.name}`,
    ...events(testsOf(step, endpoint, kept)),
    request: requestOf(endpoint, step, 'sent'),
    response: [],
  };
}

const events = (exec: readonly string[]): Json => ({ event: [{ listen: 'test', script: { type: 'text/javascript', exec } }] });

/** A request as Postman keeps it. Parameters that nobody gave are offered switched off, or left out of the flow. */
function requestOf(endpoint: AnyEndpoint, step: FlowStep, others: 'offered' | 'sent'): Json {
  const { method, path, spec } = endpoint;
  const given = step.parameters ?? {};
  const variables = fieldsOf(spec.params).map(({ key, description }) => ({ key, value: given[key] ?? `{{${key}}}`, ...description }));
  const query = fieldsOf(spec.query)
    .filter(({ key }) => others === 'offered' || given[key] !== undefined)
    .map(({ key, description }) => ({ key, value: given[key] ?? '', disabled: given[key] === undefined, ...description }));
  const sent = query.filter(({ disabled }) => !disabled).map(({ key, value }) => `${key}=${value}`);
  return {
    method: method.toUpperCase(),
    ...(spec.allow === 'public' && { auth: { type: 'noauth' } }),
    header: Object.entries(headersOf(endpoint, step)).map(([key, value]) => ({ key, value, type: 'text' })),
    ...bodyOf(endpoint, step),
    url: {
      raw: `{{baseUrl}}${path}${sent.length === 0 ? '' : `?${sent.join('&')}`}`,
      host: ['{{baseUrl}}'],
      path: path.slice(1).split('/'),
      ...(query.length > 0 && { query }),
      ...(variables.length > 0 && { variable: variables }),
    },
    description: spec.description ?? spec.summary,
  };
}

function headersOf(endpoint: AnyEndpoint, step: FlowStep): Readonly<Record<string, string>> {
  const type = endpoint.kind === 'stream' ? endpoint.spec.accepts[0]! : 'application/json';
  const sendsBody = endpoint.kind === 'stream' || bodyFor(endpoint, step) !== undefined;
  const keyed = endpoint.kind === 'json' && endpoint.idempotency !== 'none';
  return { ...(sendsBody && { 'Content-Type': type }), ...(keyed && { 'Idempotency-Key': '{{$guid}}' }), ...step.headers };
}

function bodyOf(endpoint: AnyEndpoint, step: FlowStep): Json {
  if (endpoint.kind === 'stream') return { body: { mode: 'file' } };
  const body = bodyFor(endpoint, step);
  if (body === undefined) return {};
  return { body: { mode: 'raw', raw: JSON.stringify(body, null, 2), options: { raw: { language: 'json' } } } };
}

const bodyFor = (endpoint: Endpoint, step: FlowStep): unknown => step.body ?? endpoint.spec.example;

function fieldsOf(field: AnyField | undefined): { readonly key: string; readonly description: Json }[] {
  if (field === undefined) return [];
  const { properties = {} } = field.document({}) as { properties?: Record<string, JsonSchema> };
  return Object.entries(properties).map(([key, { description }]) => ({
    key,
    description: description === undefined ? {} : { description },
  }));
}

const quoted = (value: unknown): string => JSON.stringify(value);
/** `items.0.id` as JavaScript; what is missing on the way is undefined. */
const reading = (answer: string, path: string): string =>
  `${answer}${path
    .split('.')
    .map((key) => `?.[${quoted(key)}]`)
    .join('')}`;

const keeping = (kept: Readonly<Record<string, string>>, answer: string): string[] =>
  Object.entries(kept).map(([variable, path]) => `pm.collectionVariables.set(${quoted(variable)}, ${reading(answer, path)});`);

function testsOf(step: FlowStep, endpoint: AnyEndpoint, kept: Readonly<Record<string, string>>): string[] {
  const status = step.status ?? successOf(endpoint);
  const answers = Object.entries(step.expect ?? {}).map(([path, value]) => {
    const wanted = typeof value === 'string' ? `pm.variables.replaceIn(${quoted(value)})` : quoted(value);
    return `pm.test(${quoted(`${path} is ${String(value)}`)}, () => pm.expect(${reading('answer', path)}).to.eql(${wanted}));`;
  });
  const headers = Object.entries(step.expectHeaders ?? {}).map(
    ([name, value]) =>
      `pm.test(${quoted(`${name} is ${value}`)}, () => pm.expect(pm.response.headers.get(${quoted(name)})).to.eql(${quoted(value)}));`,
  );
  const reads = answers.length > 0 || Object.keys(kept).length > 0;
  return [
    `pm.test('answers ${status}', () => pm.response.to.have.status(${status}));`,
    ...headers,
    ...(reads ? ['const answer = pm.response.json();'] : []),
    ...answers,
    ...keeping(kept, 'answer'),
  ];
}

function successOf(endpoint: AnyEndpoint): number {
  if (endpoint.kind === 'stream') return 200;
  return endpoint.spec.status ?? (endpoint.spec.returns === 'nothing' ? 204 : 200);
}
