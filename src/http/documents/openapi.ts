/** OpenAPI 3.1.1 from the declarations. Pure: the same routes give the same document. */
import type { FailureClass } from '../../kernel/app-error';
import { Forbidden, InvalidInput, NotFound, Unauthenticated, Unavailable, VersionMismatch } from '../../kernel/common-errors';
import type { AnyEndpoint, Endpoint } from '../endpoint';
import { CrossSiteRequest, PayloadTooLarge, RequestTimeout, TooManyRequests, UnsupportedMediaType } from '../errors';
import type { AnyField, Components, JsonSchema } from '../fields/field';

export interface ApiInfo {
  readonly title: string;
  readonly version: string;
  readonly description: string;
  /** What each tag is about. A tag of a route that is missing here is a mistake. */
  readonly tags: Readonly<Record<string, string>>;
  /** Failures any request with an Idempotency-Key may end in. */
  readonly idempotencyFailures: readonly FailureClass[];
  /** The cookie that signs a browser in. */
  readonly cookie: { readonly name: string; readonly description: string };
}

const ref = (kind: string, name: string): JsonSchema => ({ $ref: `#/components/${kind}/${name}` });

const ERROR: JsonSchema = {
  type: 'object',
  properties: {
    error: {
      type: 'object',
      properties: {
        code: { type: 'string', description: 'What went wrong, for programs.' },
        message: { type: 'string', description: 'What went wrong, for people.' },
        details: { type: 'object', additionalProperties: true, description: 'For INVALID_INPUT: `issues`, a list of { path, message }.' },
        requestId: { type: 'string' },
      },
      required: ['code', 'message', 'requestId'],
    },
  },
  required: ['error'],
};

/** Of etagOf(), or weakened by a proxy. */
const ETAG = '^(W/)?"[0-9]{1,15}"$';

const HEADERS: Components = {
  RequestId: { description: 'Quote it when you report a problem.', schema: { type: 'string' } },
  RateLimit: { description: 'What is left of the limit, and when it is renewed.', schema: { type: 'string' } },
  RateLimitPolicy: { description: 'The limit.', schema: { type: 'string' } },
  RetryAfter: { description: 'Seconds to wait.', schema: { type: 'integer' } },
  ETag: { description: 'The version of the resource, for If-Match.', schema: { type: 'string', pattern: ETAG }, example: '"3"' },
  DryRun: { description: 'true when it was only tried.', schema: { type: 'string', const: 'true' } },
  IdempotencyReplayed: { description: 'true when the answer was stored by an earlier request.', schema: { type: 'string', const: 'true' } },
};

const IDEMPOTENCY_KEY: JsonSchema = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'Repeating a request with the same key answers what the first one did and does nothing again.',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
  example: '7b0c1f6e-order-1042',
};
const PARAMETERS: Components = {
  IdempotencyKey: IDEMPOTENCY_KEY,
  RequiredIdempotencyKey: { ...IDEMPOTENCY_KEY, required: true },
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    description: 'The ETag the change is based on; 412 when the resource has changed since.',
    schema: { type: 'string', pattern: `${ETAG}|^[*]$` },
    example: '"3"',
  },
  IfNoneMatch: {
    name: 'If-None-Match',
    in: 'header',
    description: '304 when the resource still has this ETag.',
    schema: { type: 'string', pattern: '^[\\x20-\\x7e]*$' },
    example: '"3"',
  },
};

/** The document as a plain value. */
export function openapi(endpoints: readonly AnyEndpoint[], info: ApiInfo): JsonSchema {
  const schemas: Components = { Error: ERROR };
  const refusals: Components = {};
  const paths: Record<string, Record<string, unknown>> = {};
  const ids = new Set<string>();
  for (const endpoint of endpoints) {
    const { operationId, tag } = endpoint.spec;
    if (ids.has(operationId)) throw new Error(`operationId ${operationId} is used twice`);
    if (info.tags[tag] === undefined) throw new Error(`tag ${tag} of ${operationId} is not described`);
    ids.add(operationId);
    const path = endpoint.path.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[endpoint.method] = operation(endpoint, schemas, refusals, info);
  }
  const used = new Set(endpoints.map(({ spec }) => spec.tag));
  return {
    openapi: '3.1.1',
    info: { title: info.title, version: info.version, description: info.description, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: '/api/v1' }],
    security: [{ bearer: [] }, { cookie: [] }],
    tags: [...used].map((name) => ({ name, description: info.tags[name] })),
    paths,
    components: {
      schemas,
      responses: refusals,
      headers: HEADERS,
      parameters: PARAMETERS,
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'The accessToken of POST /auth/login or /auth/register.',
        },
        cookie: { type: 'apiKey', in: 'cookie', ...info.cookie },
      },
    },
  };
}

function operation(endpoint: AnyEndpoint, schemas: Components, refusals: Components, info: ApiInfo): JsonSchema {
  const { spec } = endpoint;
  const permission =
    spec.allow === 'public'
      ? 'Open to everybody.'
      : spec.allow === 'signed-in'
        ? 'Needs a signed-in caller.'
        : `Needs the permission \`${spec.allow}\`.`;
  const parameters = parametersOf(endpoint, schemas);
  return {
    operationId: spec.operationId,
    summary: spec.summary,
    description: spec.description === undefined ? permission : `${spec.description}\n\n${permission}`,
    tags: [spec.tag],
    ...(spec.allow === 'public' && { security: [] }),
    'x-permission': spec.allow,
    ...(parameters.length > 0 && { parameters }),
    ...requestBody(endpoint, schemas),
    responses: responses(endpoint, schemas, refusals, info),
  };
}

const hasKey = (endpoint: AnyEndpoint): boolean => endpoint.kind === 'json' && endpoint.idempotency !== 'none';
const needsKey = (endpoint: AnyEndpoint): boolean => endpoint.kind === 'json' && endpoint.spec.keyRequired === true;
const takesVersion = ({ spec }: AnyEndpoint): boolean => spec.fails?.includes(VersionMismatch) === true;

/** Whether an answer of this shape carries an ETag. */
function hasVersion({ spec }: Endpoint, schemas: Components): boolean {
  if (spec.returns === 'nothing') return false;
  const schema = spec.returns.document(schemas);
  const name = typeof schema['$ref'] === 'string' ? schema['$ref'].split('/').at(-1)! : undefined;
  const { properties } = (name === undefined ? schema : schemas[name]!) as { properties?: Record<string, unknown> };
  return properties?.['version'] !== undefined;
}

const revalidates = (endpoint: AnyEndpoint, schemas: Components): boolean =>
  endpoint.kind === 'json' && endpoint.method === 'get' && endpoint.spec.revalidate !== false && hasVersion(endpoint, schemas);

function parametersOf(endpoint: AnyEndpoint, schemas: Components): JsonSchema[] {
  const { spec } = endpoint;
  return [
    ...fieldsOf('path', spec.params, schemas),
    ...fieldsOf('query', spec.query, schemas),
    ...(hasKey(endpoint) ? [ref('parameters', needsKey(endpoint) ? 'RequiredIdempotencyKey' : 'IdempotencyKey')] : []),
    ...(takesVersion(endpoint) ? [ref('parameters', 'IfMatch')] : []),
    ...(revalidates(endpoint, schemas) ? [ref('parameters', 'IfNoneMatch')] : []),
  ];
}

function fieldsOf(where: 'path' | 'query', field: AnyField | undefined, schemas: Components): JsonSchema[] {
  if (field === undefined) return [];
  const { properties = {}, required = [] } = field.document(schemas) as { properties?: Record<string, JsonSchema>; required?: string[] };
  return Object.entries(properties).map(([name, { description = where === 'path' ? ofPath(name) : undefined, ...schema }]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    ...(description !== undefined && { description }),
    ...(schema['type'] === 'array' && { style: 'form', explode: false }),
    schema,
  }));
}

/** `taxRateId`: Id of the tax rate. */
const ofPath = (name: string): string =>
  `Id of the ${name.replace(/Id$/, '').replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}.`;

function requestBody(endpoint: AnyEndpoint, schemas: Components): JsonSchema {
  if (endpoint.kind === 'stream') {
    const binary = { schema: { type: 'string', format: 'binary' } };
    return { requestBody: { required: true, content: Object.fromEntries(endpoint.spec.accepts.map((type) => [type, binary])) } };
  }
  const { body, example } = endpoint.spec;
  if (body === undefined) return {};
  const content = { 'application/json': { schema: body.document(schemas), ...(example !== undefined && { example }) } };
  return { requestBody: { required: true, content } };
}

function responses(endpoint: AnyEndpoint, schemas: Components, refusals: Components, info: ApiInfo): JsonSchema {
  const byStatus = new Map<number, Map<string, FailureClass>>();
  for (const failure of failuresOf(endpoint, info)) {
    const codes = byStatus.get(failure.status) ?? new Map<string, FailureClass>();
    byStatus.set(failure.status, codes.set(failure.code, failure));
  }
  const failures = [...byStatus]
    .sort(([a], [b]) => a - b)
    .map(([status, codes]) => [String(status), refusal(status, [...codes.values()], refusals)]);
  return {
    ...success(endpoint, schemas),
    ...(revalidates(endpoint, schemas) && { '304': { description: 'Not modified', headers: { ETag: ref('headers', 'ETag') } } }),
    ...Object.fromEntries(failures),
  };
}

const LIMIT_HEADERS: JsonSchema = {
  'X-Request-Id': ref('headers', 'RequestId'),
  RateLimit: ref('headers', 'RateLimit'),
  'RateLimit-Policy': ref('headers', 'RateLimitPolicy'),
};

function success(endpoint: AnyEndpoint, schemas: Components): JsonSchema {
  if (endpoint.kind === 'stream') {
    const schema = endpoint.spec.line.document(schemas);
    return {
      '200': {
        description: 'One JSON value a line, written while the upload is read',
        headers: LIMIT_HEADERS,
        content: { 'application/x-ndjson': { schema } },
      },
    };
  }
  const { returns, status = returns === 'nothing' ? 204 : 200, dryRun } = endpoint.spec;
  const content = returns !== 'nothing' && { content: { 'application/json': { schema: returns.document(schemas) } } };
  const triable = dryRun === true && { 'Dry-Run': ref('headers', 'DryRun') };
  const done = {
    description: returns === 'nothing' ? 'Done' : status === 201 ? 'Created' : 'Success',
    headers: {
      ...LIMIT_HEADERS,
      ...(hasVersion(endpoint, schemas) && { ETag: ref('headers', 'ETag') }),
      ...(hasKey(endpoint) && { 'Idempotency-Replayed': ref('headers', 'IdempotencyReplayed') }),
    },
    ...content,
  };
  // A trial that would have created something has created nothing.
  if (triable && status === 201)
    return { '200': { description: 'Tried', headers: { ...LIMIT_HEADERS, ...triable }, ...content }, '201': done };
  return { [String(status)]: { ...done, headers: { ...done.headers, ...triable } } };
}

/** What the route lists, and what the layer itself may refuse. */
function failuresOf(endpoint: AnyEndpoint, info: ApiInfo): FailureClass[] {
  const { spec } = endpoint;
  const body = endpoint.kind === 'stream' || endpoint.spec.body !== undefined;
  const closed = spec.allow !== 'public';
  return [
    InvalidInput,
    ...(closed ? [Unauthenticated] : []),
    ...(closed && spec.allow !== 'signed-in' ? [Forbidden] : []),
    ...(closed && endpoint.method !== 'get' ? [CrossSiteRequest] : []),
    ...(spec.params === undefined || spec.fails?.some(({ status }) => status === 404) === true ? [] : [NotFound]),
    ...(body ? [RequestTimeout, PayloadTooLarge, UnsupportedMediaType] : []),
    ...(hasKey(endpoint) ? info.idempotencyFailures : []),
    ...(spec.fails ?? []),
    TooManyRequests,
    Unavailable,
  ];
}

/** A failure that comes alone is a component: most operations share those of the layer itself, and a document that repeats them is three times as long. */
function refusal(status: number, failures: readonly FailureClass[], refusals: Components): JsonSchema {
  const response = refusalResponse(status, failures);
  const [only, ...others] = failures;
  if (only === undefined || others.length > 0) return response;
  const name = only.code.toLowerCase().replaceAll(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase());
  refusals[name] ??= response;
  return refusals[name]['description'] === response['description'] ? ref('responses', name) : response;
}

/** Always in the one form; that it may also come as application/problem+json would make two types of every error in generated clients. */
function refusalResponse(status: number, failures: readonly FailureClass[]): JsonSchema {
  const code = { type: 'string', enum: failures.map((failure) => failure.code) };
  const error = { type: 'object', properties: { code }, required: ['code'] };
  const narrowed = { type: 'object', properties: { error }, required: ['error'] };
  return {
    description: failures.map((failure) => `\`${failure.code}\`: ${failure.meaning}`).join('\n\n'),
    headers: {
      'X-Request-Id': ref('headers', 'RequestId'),
      ...((status === 429 || status === 503) && { 'Retry-After': ref('headers', 'RetryAfter') }),
    },
    content: { 'application/json': { schema: { allOf: [ref('schemas', 'Error'), narrowed] } } },
  };
}
