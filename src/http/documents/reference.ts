/**
 * The reference of the API as Markdown, from the declarations: a table per tag, then every operation, then every named shape.
 * Pure: the same routes give the same text.
 */
import { Forbidden, InvalidInput, NotFound, Unauthenticated, Unavailable, VersionMismatch } from '../../kernel/common-errors';
import type { FailureClass } from '../../kernel/app-error';
import type { AnyEndpoint } from '../endpoint';
import { CrossSiteRequest, PayloadTooLarge, RequestTimeout, TooManyRequests, UnsupportedMediaType } from '../errors';
import type { AnyField, Components, JsonSchema } from '../fields/field';
import type { ApiInfo } from './openapi';
import { anchor, fieldRows, schemaText, shapeHeading, table } from './schema-text';

/** Failures that any request may end in; operations don't repeat them. */
const everywhere = (info: ApiInfo): readonly FailureClass[] => [
  InvalidInput,
  Unauthenticated,
  Forbidden,
  CrossSiteRequest,
  NotFound,
  RequestTimeout,
  PayloadTooLarge,
  UnsupportedMediaType,
  ...info.idempotencyFailures,
  TooManyRequests,
  Unavailable,
];

export function apiReference(endpoints: readonly AnyEndpoint[], info: ApiInfo): string {
  const shapes: Components = {};
  const common = everywhere(info);
  const tags = [...new Set(endpoints.map(({ spec }) => spec.tag))];
  const chapters = tags.flatMap((tag) => {
    const ofTag = endpoints.filter(({ spec }) => spec.tag === tag);
    return [`## ${tag}`, info.tags[tag]!, overview(ofTag), ...ofTag.map((endpoint) => operation(endpoint, shapes, common))];
  });
  return `${[
    `# ${info.title} API`,
    '<!-- Generated from the route declarations: npm run docs:api -->',
    info.description,
    'Paths are below `/api/v1`. The same as a page: `/api/docs`, `/api/redoc`; for programs: `/api/openapi.json`.',
    `## Contents`,
    [...tags.map((tag) => `[${tag}](#${anchor(tag)})`), '[Errors](#errors-of-every-operation)', '[Shapes](#shapes)'].join(' · '),
    ...chapters,
    '## Errors of every operation',
    'Beside these an operation has the errors it lists.',
    failureTable(common),
    '## Shapes',
    ...Object.keys(shapes)
      .sort((a, b) => (a < b ? -1 : 1))
      .flatMap((name) => [`### ${shapeHeading(name)}`, shapeText(shapes[name]!)]),
  ].join('\n\n')}\n`;
}

const headingOf = ({ method, path }: AnyEndpoint): string => `${method.toUpperCase()} ${path}`;

const permission = ({ spec }: AnyEndpoint): string =>
  spec.allow === 'public' ? 'everybody' : spec.allow === 'signed-in' ? 'signed in' : `\`${spec.allow}\``;

function overview(endpoints: readonly AnyEndpoint[]): string {
  const rows = endpoints.map((endpoint) => {
    const { method, path, spec } = endpoint;
    return [method.toUpperCase(), `[${path}](#${anchor(headingOf(endpoint))})`, permission(endpoint), spec.summary];
  });
  return table(['', 'path', 'permission', ''], rows);
}

function operation(endpoint: AnyEndpoint, shapes: Components, common: readonly FailureClass[]): string {
  const { spec } = endpoint;
  const own = (spec.fails ?? []).filter((failure) => !common.includes(failure));
  return [
    `### ${headingOf(endpoint)}`,
    `**${spec.summary}** · ${permission(endpoint)} · \`${spec.operationId}\``,
    ...(spec.description === undefined ? [] : [spec.description]),
    ...parameters(endpoint, shapes),
    ...body(endpoint, shapes),
    answer(endpoint, shapes),
    ...(own.length === 0 ? [] : [failureTable(own)]),
  ].join('\n\n');
}

function parameters(endpoint: AnyEndpoint, shapes: Components): string[] {
  const { spec } = endpoint;
  const keyed = endpoint.kind === 'json' && endpoint.idempotency !== 'none';
  const needsKey = endpoint.kind === 'json' && endpoint.spec.keyRequired === true;
  const takes = [
    ...(keyed && !needsKey ? ['`Idempotency-Key`'] : []),
    ...(spec.fails?.includes(VersionMismatch) === true ? ['`If-Match`'] : []),
  ];
  const query = spec.query === undefined ? [] : fieldRows(spec.query.document(shapes));
  return [
    ...(query.length === 0 ? [] : ['Query:', table(['parameter', 'value', ''], query)]),
    ...(needsKey ? ['Needs `Idempotency-Key`.'] : []),
    ...(takes.length === 0 ? [] : [`Takes ${takes.join(' and ')}.`]),
  ];
}

function body(endpoint: AnyEndpoint, shapes: Components): string[] {
  if (endpoint.kind === 'stream') {
    const { accepts, limits } = endpoint.spec;
    const types = accepts.map((type) => `\`${type}\``).join(', ');
    return [`Body: a file (${types}) of at most ${limits.bytes / 1024 / 1024} MB, read within ${limits.seconds / 60} minutes.`];
  }
  const { body, example } = endpoint.spec;
  if (body === undefined) return [];
  return [`Body: ${inPlace(body, shapes)}`, ...(example === undefined ? [] : [`\`\`\`json\n${JSON.stringify(example, null, 2)}\n\`\`\``])];
}

function answer(endpoint: AnyEndpoint, shapes: Components): string {
  if (endpoint.kind === 'stream') return `Answers 200: lines (NDJSON), each ${inPlace(endpoint.spec.line, shapes)}`;
  const { returns, status } = endpoint.spec;
  return returns === 'nothing' ? `Answers ${status ?? 204}, without a body.` : `Answers ${status ?? 200}: ${inPlace(returns, shapes)}`;
}

/** A named shape as a link, any other with its table. */
function inPlace(field: AnyField, shapes: Components): string {
  const schema = field.document(shapes);
  const rows = fieldRows(schema);
  return rows.length === 0 ? schemaText(schema) : `an object\n\n${table(['field', 'value', ''], rows)}`;
}

function shapeText(schema: JsonSchema): string {
  const rows = fieldRows(schema);
  const { description } = schema as { description?: string };
  const text = rows.length === 0 ? schemaText(schema) : table(['field', 'value', ''], rows);
  return description === undefined ? text : `${description}\n\n${text}`;
}

const failureTable = (failures: readonly FailureClass[]): string =>
  table(
    ['status', 'code', ''],
    failures
      .toSorted((a, b) => a.status - b.status || (a.code < b.code ? -1 : 1))
      .map(({ status, code, meaning }) => [String(status), `\`${code}\``, meaning]),
  );
