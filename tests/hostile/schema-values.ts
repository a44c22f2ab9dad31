import * as fc from 'fast-check';
import type { Components, JsonSchema } from '../../src/http/fields/field';

/** Ids of things that exist, by the name of the field that would refer to them. */
export type IdsFor = (field: string) => readonly string[];

export interface SchemaContext {
  readonly components: Components;
  readonly idsFor: IdsFor;
}

const DEEPEST = 6;

/** The schema a reference stands for. */
export function resolve(schema: JsonSchema, components: Components): JsonSchema {
  const reference = schema['$ref'];
  return typeof reference === 'string' ? resolve(components[reference.slice(reference.lastIndexOf('/') + 1)]!, components) : schema;
}

/** Values a schema admits, or nearly so: rules between fields are not in it. `field` is the name the value stands under. */
export function valuesOf(schema: JsonSchema, context: SchemaContext, field = '', depth = 0): fc.Arbitrary<unknown> {
  const { components } = context;
  const known = resolve(schema, components);
  if ('const' in known) return fc.constant(known['const']);
  if (Array.isArray(known['enum'])) return fc.constantFrom(...(known['enum'] as unknown[]));
  if (Array.isArray(known['anyOf']))
    return fc.oneof(...(known['anyOf'] as JsonSchema[]).map((option) => valuesOf(option, context, field, depth + 1)));
  if (Array.isArray(known['type']))
    return fc.oneof(...(known['type'] as string[]).map((type) => valuesOf({ ...known, type }, context, field, depth)));
  switch (known['type']) {
    case 'string':
      return texts(known, context, field);
    case 'integer':
      return fc.integer({
        min: Math.max(Number(known['minimum'] ?? 0), -(2 ** 31)),
        max: Math.min(Number(known['maximum'] ?? 1000), 2 ** 31 - 1),
      });
    case 'number':
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array': {
      const minLength = Number(known['minItems'] ?? 0);
      if (depth > DEEPEST) return fc.constant([]);
      return fc.array(valuesOf((known['items'] ?? {}) as JsonSchema, context, field, depth + 1), {
        minLength,
        maxLength: Math.max(minLength, Math.min(Number(known['maxItems'] ?? 3), 3)),
      });
    }
    case 'object':
      return objects(known, context, depth);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function objects(schema: JsonSchema, context: SchemaContext, depth: number): fc.Arbitrary<unknown> {
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>);
  const free = schema['additionalProperties'];
  if (properties.length === 0 && typeof free === 'object' && free !== null) {
    const names = ((schema['propertyNames'] ?? {}) as JsonSchema)['pattern'];
    const key = typeof names === 'string' ? matching(names) : fc.string({ minLength: 1, maxLength: 8 });
    return fc.dictionary(key, valuesOf(free as JsonSchema, context, '', depth + 1), { maxKeys: 3, noNullPrototype: true });
  }
  const required = new Set((schema['required'] ?? []) as string[]);
  const optionalKeys = depth > DEEPEST ? [] : properties.filter(([name]) => !required.has(name));
  const parts = Object.fromEntries(
    [...properties.filter(([name]) => required.has(name)), ...optionalKeys].map(([name, part]) => [
      name,
      valuesOf(part, context, name, depth + 1),
    ]),
  );
  // Some have everything, most only a few of the optional keys: what excludes one another is then seldom sent together.
  const kept = fc.oneof(
    { weight: 1, arbitrary: fc.constant(optionalKeys.map(([name]) => name)) },
    {
      weight: 5,
      arbitrary: fc.subarray(
        optionalKeys.map(([name]) => name),
        { maxLength: Math.min(4, optionalKeys.length) },
      ),
    },
  );
  return fc
    .tuple(fc.record(parts, { noNullPrototype: true }), kept)
    .map(([whole, names]) => Object.fromEntries(Object.entries(whole).filter(([name]) => required.has(name) || names.includes(name))));
}

const PERCENT = '^(100';
const DECIMAL = /^\^(-\?)?\[0-9\]\{1,(\d+)\}\(\\\.\[0-9\]\{1,(\d+)\}\)\?\$$/;

function texts(schema: JsonSchema, { idsFor }: SchemaContext, field: string): fc.Arbitrary<unknown> {
  const { format, pattern } = schema;
  const examples = (Array.isArray(schema['examples']) ? schema['examples'] : []) as unknown[];
  const longest = Math.min(Number(schema['maxLength'] ?? 200), 5000);
  const shortest = Number(schema['minLength'] ?? 0);
  if (format === 'uuid') {
    const ids = idsFor(field);
    const unknown = fc.uuid({ version: 7 });
    return ids.length === 0 ? unknown : fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...ids) }, { weight: 1, arbitrary: unknown });
  }
  if (format === 'date-time')
    return fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }).map((date) => date.toISOString());
  if (format === 'date')
    return fc
      .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10));
  if (format === 'email') return fc.emailAddress().filter((address) => address.length <= longest);
  if (format === 'uri') return fc.webUrl().filter((address) => address.length <= longest);
  if (typeof pattern === 'string') {
    const decimal = DECIMAL.exec(pattern);
    const made = pattern.startsWith(PERCENT)
      ? decimals(false, 2, 4)
      : decimal === null
        ? matching(pattern)
        : decimals(decimal[1] !== undefined, Number(decimal[2]), Number(decimal[3]));
    return examples.length === 0 ? made : fc.oneof({ weight: 3, arbitrary: made }, { weight: 1, arbitrary: fc.constantFrom(...examples) });
  }
  return fc.oneof(
    {
      weight: 5,
      arbitrary: fc.string({
        unit: 'grapheme-ascii',
        minLength: Math.max(shortest, 1),
        maxLength: Math.max(shortest, Math.min(longest, 30)),
      }),
    },
    { weight: 2, arbitrary: fc.string({ unit: 'grapheme', minLength: shortest, maxLength: Math.min(longest, 30) }) },
    { weight: 1, arbitrary: fc.constantFrom('x'.repeat(longest), 'x'.repeat(Math.max(shortest, 1))) },
    ...(examples.length === 0 ? [] : [{ weight: 2, arbitrary: fc.constantFrom(...examples) }]),
  );
}

/** As text, or as the JSON number people send. */
function decimals(signed: boolean, integers: number, places: number): fc.Arbitrary<unknown> {
  const whole = fc.oneof(
    { weight: 4, arbitrary: fc.bigInt({ min: 0n, max: 100n }) },
    { weight: 1, arbitrary: fc.bigInt({ min: 0n, max: 10n ** BigInt(integers) - 1n }) },
  );
  const fraction = fc.oneof(
    { weight: 4, arbitrary: fc.constant('') },
    { weight: 2, arbitrary: fc.nat(99).map((hundredths) => String(hundredths).padStart(2, '0')) },
    { weight: 1, arbitrary: fc.bigInt({ min: 0n, max: 10n ** BigInt(places) - 1n }).map((part) => String(part).padStart(places, '0')) },
  );
  return fc.tuple(fc.boolean(), whole, fraction, fc.integer({ min: 0, max: 3 })).map(([negative, units, part, form]) => {
    const text = `${signed && negative ? '-' : ''}${units}${part === '' ? '' : `.${part}`}`;
    return form === 0 && text.length <= 15 ? Number(text) : text;
  });
}

function matching(pattern: string): fc.Arbitrary<string> {
  try {
    return fc.stringMatching(new RegExp(pattern));
  } catch {
    return fc.string({ maxLength: 20 });
  }
}
