import * as fc from 'fast-check';
import type { AnyEndpoint } from '../../src/http/endpoint';
import type { AnyField, Components, JsonSchema } from '../../src/http/fields/field';
import { resolve, valuesOf, type IdsFor } from './schema-values';
import { percentEncoded, toJson, type Request } from './wire';

/** A declared route as somebody sees it who only has its description. */
export interface Operation {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly isPublic: boolean;
  readonly params: JsonSchema | undefined;
  readonly query: JsonSchema | undefined;
  readonly body: JsonSchema | undefined;
  readonly example: unknown;
  /** Media types of an upload that is no JSON body. */
  readonly uploads: readonly string[];
}

/** What is sent to an operation, before it becomes bytes. */
export interface Input {
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

export const BASE = '/api/v1';

export function operationsOf(endpoints: readonly AnyEndpoint[]): {
  readonly operations: readonly Operation[];
  readonly components: Components;
} {
  const components: Components = {};
  const documented = (field: AnyField | undefined): JsonSchema | undefined => field?.document(components);
  const operations = endpoints.map((endpoint): Operation => {
    const { method, path, spec } = endpoint;
    const json = endpoint.kind === 'json' ? endpoint.spec : undefined;
    return {
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      isPublic: spec.allow === 'public',
      params: documented(spec.params),
      query: documented(spec.query),
      body: documented(json?.body),
      example: json?.example,
      uploads: 'accepts' in spec ? spec.accepts : [],
    };
  });
  return { operations, components };
}

/** Inputs the operation should take, or nearly so. */
export function inputsOf({ params, query, body, example }: Operation, components: Components, idsFor: IdsFor): fc.Arbitrary<Input> {
  const context = { components, idsFor };
  const part = (schema: JsonSchema | undefined): fc.Arbitrary<unknown> =>
    schema === undefined ? fc.constant({}) : valuesOf(schema, context);
  const generated = body === undefined ? fc.constant(undefined) : valuesOf(body, context);
  const bodies =
    example === undefined
      ? generated
      : fc.oneof({ weight: 2, arbitrary: generated }, { weight: 1, arbitrary: exampleWithIds(example, idsFor) });
  return fc.record({ params: part(params), query: part(query), body: bodies }) as fc.Arbitrary<Input>;
}

/** The declared example, its made-up ids replaced by some that exist. */
function exampleWithIds(example: unknown, idsFor: IdsFor): fc.Arbitrary<unknown> {
  return fc.nat().map((pick) => {
    const filled = (value: unknown, field: string): unknown => {
      if (Array.isArray(value)) return value.map((item) => filled(item, field));
      if (typeof value === 'object' && value !== null)
        return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, filled(member, key)]));
      const ids = typeof value === 'string' && /^[0-9a-f-]{36}$/.test(value) ? idsFor(field) : [];
      return ids.length === 0 ? value : ids[pick % ids.length];
    };
    return filled(example, '');
  });
}

/** Every place of an input where a single value stands: `['body', 'items', 0, 'quantity']`. Shapes are followed into one item of a list. */
export function placesOf({ params, query, body }: Operation, components: Components): ReadonlyArray<readonly (string | number)[]> {
  const places: Array<readonly (string | number)[]> = [];
  const visit = (schema: JsonSchema, path: readonly (string | number)[]): void => {
    const known = resolve(schema, components);
    const options = (known['anyOf'] ?? []) as JsonSchema[];
    const properties = (known['properties'] ??
      options.map((option) => resolve(option, components)['properties']).find(Boolean) ??
      {}) as Record<string, JsonSchema>;
    places.push(path);
    if (path.length > 7) return;
    for (const [name, part] of Object.entries(properties)) visit(part, [...path, name]);
    if (typeof known['items'] === 'object') visit(known['items'] as JsonSchema, [...path, 0]);
  };
  for (const [part, schema] of Object.entries({ params, query, body })) {
    if (schema === undefined) continue;
    const names = Object.entries((resolve(schema, components)['properties'] ?? {}) as Record<string, JsonSchema>);
    for (const [name, field] of names) visit(field, [part, name]);
  }
  return places;
}

const inPath = (value: unknown): string => (value instanceof Raw ? value.encoded : percentEncoded(textOf(value)));
const textOf = (value: unknown): string =>
  Array.isArray(value) ? value.map(textOf).join(',') : typeof value === 'string' ? value : toJson(value);

/** Already percent-encoded, for paths and queries. */
export class Raw {
  constructor(readonly encoded: string) {}
}

export const pathOf = ({ path }: Pick<Operation, 'path'>, params: Input['params']): string =>
  BASE + path.replaceAll(/:(\w+)/g, (_, name: string) => inPath(params[name] ?? 'missing'));
export const queryOf = (query: Input['query']): string =>
  Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${encodeURIComponent(name)}=${inPath(value)}`)
    .join('&');

/** The plain request of an input. */
export function requestOf(operation: Operation, input: Input, headers: Request['headers'] = {}): Request {
  const query = queryOf(input.query);
  const target = pathOf(operation, input.params) + (query === '' ? '' : `?${query}`);
  if (operation.body === undefined || input.body === undefined) return { method: operation.method, target, headers };
  return {
    method: operation.method,
    target,
    headers: { 'Content-Type': 'application/json', ...headers },
    body: toJson(input.body),
    said: input.body,
  };
}
