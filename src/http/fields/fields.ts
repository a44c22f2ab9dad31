/**
 * The only schema vocabulary. Each word makes a Joi schema that remembers its TypeScript type and its JSON Schema.
 * Keys of a shape are required unless wrapped in optional() or withDefault(); unknown keys are refused; every text and list has a maximum.
 * Bodies are strict ("5" is no integer); in params and query, integers and booleans are read from text.
 */
import Joi from 'joi';
import { checkDecimal, decimalSchema, parseDecimal, type DecimalLimits } from '../../kernel/decimal-text';
import { UUID } from '../../kernel/ids';
import { NOT_TEXT } from '../../kernel/text';
import { isDay, isInstant, parseInstant } from '../../kernel/time-text';
import { custom, Field, OptionalField, type AnyField, type Infer, type JsonSchema } from './field';

export { type Infer } from './field';

const plain = <T>(joi: Joi.Schema, schema: JsonSchema): Field<T> => new Field<T>(joi, () => schema);
/** The variant of a schema used for params and query, where everything arrives as text. */
const fromText = (schema: Joi.Schema): Joi.Schema => schema.alter({ text: (strict) => strict.strict(false) });

/** Text of a fixed form. Rules of our own, not Joi's patterns: a message of its own would make Joi merge its preferences for every value. */
const formed = (pattern: RegExp, normalize: (text: string) => string, wanted: string, schema: JsonSchema): Field<string> =>
  plain(
    custom((value, strict) => {
      const text = typeof value !== 'string' ? '' : strict ? value : normalize(value);
      return pattern.test(text) ? { value: text } : { problem: `must be ${wanted}` };
    }),
    { type: 'string', ...schema },
  );

/** A UUID; upper case is accepted and lowered. */
export const id = (): Field<string> => formed(UUID, (text) => text.toLowerCase(), 'a UUID', { format: 'uuid' });

/** Trimmed, NFC. Length in UTF-16 units after that; empty only with `min: 0`. */
export function text(max: number, { min = 1, pattern, hint }: { min?: number; pattern?: RegExp; hint?: string } = {}): Field<string> {
  let joi = Joi.string().trim().normalize('NFC').max(max).pattern(NOT_TEXT, { invert: true, name: 'text' });
  joi = min === 0 ? joi.allow('') : joi.min(min);
  if (pattern !== undefined) joi = joi.pattern(pattern).messages({ 'string.pattern.base': hint ?? `must match ${pattern.source}` });
  return plain(joi, { type: 'string', minLength: min, maxLength: max, ...(pattern && { pattern: pattern.source }) });
}

/** Lower-cased. */
export const email = (): Field<string> =>
  plain(
    Joi.string().trim().normalize('NFC').lowercase().max(254).email({ tlds: false }).pattern(NOT_TEXT, { invert: true, name: 'text' }),
    {
      type: 'string',
      format: 'email',
      maxLength: 254,
    },
  );

function decimal(limits: DecimalLimits, description: string, example: string): Field<string> {
  const rule = custom((value, strict) => (strict ? checkDecimal(value, limits) : parseDecimal(value, limits)));
  return plain(rule, { ...decimalSchema(limits), description, examples: [example] });
}

/** NUMERIC(19,4), ≥ 0. The currency's own scale is the domain's affair. */
export const money = () => decimal({ integers: 15, decimals: 4 }, 'Amount of money as decimal text', '12.50');
export const signedMoney = () =>
  decimal({ integers: 15, decimals: 4, signed: true }, 'Amount of money as decimal text, may be negative', '-3.20');
/** Unit price or unit cost, NUMERIC(19,6), ≥ 0. */
export const price = () => decimal({ integers: 13, decimals: 6 }, 'Price of one unit as decimal text', '4.25');
/** NUMERIC(18,6), > 0. */
export const quantity = () => decimal({ integers: 12, decimals: 6, nonZero: true }, 'Quantity as decimal text, more than zero', '3');
/** NUMERIC(18,6), ≥ 0: reorder levels, counted stock, what is left. */
export const quantityOrZero = () => decimal({ integers: 12, decimals: 6 }, 'Quantity as decimal text', '3');
/** NUMERIC(18,6), any sign: a change of stock. */
export const signedQuantity = () => decimal({ integers: 12, decimals: 6, signed: true }, 'Quantity as decimal text, may be negative', '-2');
const SUM = { integers: 40 };
/** For answers: what is summed over many amounts, or computed of them, and may be longer than any that is stored. */
export const moneySum = () => decimal({ ...SUM, decimals: 4 }, 'Amount of money as decimal text', '12.50');
export const signedMoneySum = () =>
  decimal({ ...SUM, decimals: 4, signed: true }, 'Amount of money as decimal text, may be negative', '-3.20');
export const quantitySum = () => decimal({ ...SUM, decimals: 6 }, 'Quantity as decimal text', '3');
/** 0 to 100 with 4 decimals. */
export const percent = () => decimal({ integers: 3, decimals: 4, max: 100 }, 'Per cent, 0 to 100, as decimal text', '8.25');
/** A factor, > 0: unit conversion or exchange rate. */
export const rate = (limits: { integers?: number; decimals?: number } = {}) =>
  decimal(
    { integers: limits.integers ?? 12, decimals: limits.decimals ?? 12, nonZero: true },
    'Factor as decimal text, more than zero',
    '0.4536',
  );

export const int = (min: number, max: number): Field<number> =>
  plain(fromText(Joi.number().strict().integer().min(min).max(max)), { type: 'integer', minimum: min, maximum: max });
export const bool = (): Field<boolean> => plain(fromText(Joi.boolean().strict()), { type: 'boolean' });
export const oneOf = <const V extends readonly string[]>(...values: V): Field<V[number]> =>
  plain(Joi.string().valid(...values), { type: 'string', enum: [...values] });
export const literal = <const V extends string | number | boolean>(value: V): Field<V> => plain(Joi.any().valid(value), { const: value });

/** YYYY-MM-DD, a day that exists. Stays text. */
export const day = (): Field<string> =>
  plain(
    custom((value) => (typeof value === 'string' && isDay(value) ? { value } : { problem: 'must be a day of the calendar, YYYY-MM-DD' })),
    { type: 'string', format: 'date' },
  );

const INSTANT_PROBLEM = { problem: 'must be an instant such as 2026-11-21T10:00:00Z, with a zone and at most milliseconds' };
/** Input: ISO 8601 with a zone, becomes a Date. For answers use instantView(). */
export const instant = (): Field<Date> =>
  plain(
    custom((value) => {
      const date = typeof value === 'string' ? parseInstant(value) : undefined;
      return date === undefined ? INSTANT_PROBLEM : { value: date };
    }),
    { type: 'string', format: 'date-time' },
  );
/** Answer: ISO 8601 text in UTC, `date.toISOString()`. */
export const instantView = (): Field<string> =>
  plain(
    custom((value) => (typeof value === 'string' && isInstant(value) ? { value } : INSTANT_PROBLEM)),
    { type: 'string', format: 'date-time' },
  );

const raised = (text: string): string => text.trim().toUpperCase();
/** ISO 3166-1 alpha-2; lower case is accepted and raised. */
export const countryCode = (): Field<string> =>
  formed(/^[A-Z]{2}$/, raised, 'two letters, ISO 3166-1 alpha-2', { pattern: '^[A-Z]{2}$', examples: ['GB'] });
/** ISO 4217; lower case is accepted and raised. */
export const currencyCode = (): Field<string> =>
  formed(/^[A-Z]{3}$/, raised, 'three letters, ISO 4217', { pattern: '^[A-Z]{3}$', examples: ['GBP'] });

type Shape = Readonly<Record<string, AnyField>>;
// oxlint-disable-next-line typescript/no-explicit-any -- an optional field of whatever type
type OptionalKeys<S extends Shape> = { [K in keyof S]: S[K] extends OptionalField<any> ? K : never }[keyof S];
type Flat<T> = { [K in keyof T]: T[K] } & {};
export type Typed<S extends Shape> = Flat<
  { -readonly [K in Exclude<keyof S, OptionalKeys<S>>]: Infer<S[K]> } & { -readonly [K in OptionalKeys<S>]?: Infer<S[K]> }
>;

const needed = (field: AnyField): boolean => !(field instanceof OptionalField) && field.joi.$_getFlag('default') === undefined;

function documentShape(fields: Shape): Field<unknown>['document'] {
  const required = Object.entries(fields).flatMap(([key, field]) => (needed(field) ? [key] : []));
  return (components) => ({
    type: 'object',
    properties: Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, field.document(components)])),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  });
}

const keysOf = (fields: Shape): Joi.ObjectSchema =>
  Joi.object(Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, needed(field) ? field.joi.required() : field.joi])));

export const shape = <S extends Shape>(fields: S): Field<Typed<S>> => new Field(keysOf(fields), documentShape(fields));

/** For PATCH: every key optional, no defaults, at least one key. Takes the same record of fields as shape(). */
export function partial<S extends Shape>(fields: S): Field<{ [K in keyof S]?: Infer<S[K]> }> {
  const loose = Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, optional(field)]));
  const joi = keysOf(loose).min(1).messages({ 'object.min': 'must change at least one field' });
  return new Field(joi, (components) => ({ ...documentShape(loose)(components), minProperties: 1 }));
}

export function list<T>(item: Field<T>, { min = 0, max }: { min?: number; max: number }): Field<T[]> {
  return new Field(Joi.array().items(item.joi).min(min).max(max), (components) => ({
    type: 'array',
    items: item.document(components),
    ...(min > 0 && { minItems: min }),
    maxItems: max,
  }));
}

/** For queries: several values in one parameter, separated by commas: `?status=placed,shipped`. */
export function commaList<T>(item: Field<T>, { max }: { max: number }): Field<T[]> {
  const items = Joi.array().items(item.joi).min(1).max(max);
  const joi = (
    Joi.extend({
      type: 'commaList',
      base: items,
      coerce: { from: 'string', method: (value: string) => ({ value: value.split(',') }) },
    }) as {
      commaList(): Joi.Schema;
    }
  ).commaList();
  return new Field(joi, (components) => ({ type: 'array', items: item.document(components), minItems: 1, maxItems: max }));
}

/** An object with free keys, at most `max` of them. */
export function record<T>(key: RegExp, value: Field<T>, { max }: { max: number }): Field<Record<string, T>> {
  return new Field(Joi.object().pattern(key, value.joi).max(max), (components) => ({
    type: 'object',
    propertyNames: { pattern: key.source },
    additionalProperties: value.document(components),
    maxProperties: max,
  }));
}

export const union = <const F extends readonly AnyField[]>(...fields: F): Field<Infer<F[number]>> =>
  new Field(Joi.alternatives().try(...fields.map((field) => field.joi)), (components) => ({
    anyOf: fields.map((field) => field.document(components)),
  }));

/** Text, number, boolean or null: the values of free-form attributes. */
export const scalar = (maxText = 1000): Field<string | number | boolean | null> =>
  new Field(Joi.alternatives().try(text(maxText, { min: 0 }).joi, Joi.number().strict(), Joi.boolean().strict(), Joi.valid(null)), () => ({
    type: ['string', 'number', 'boolean', 'null'],
    maxLength: maxText,
    minimum: Number.MIN_SAFE_INTEGER,
    maximum: Number.MAX_SAFE_INTEGER,
  }));

/** Any JSON value of an answer, such as an event's payload. Not for input. */
export const json = (): Field<unknown> => plain(Joi.any().allow(null), {});

// Joi has no public word for taking a default away; its types forget that the call answers the changed copy.
const withoutDefault = (joi: Joi.Schema): Joi.Schema =>
  joi.$_getFlag('default') === undefined ? joi : (joi.$_setFlag('default', undefined) as unknown as Joi.Schema);

export const optional = <T>(field: Field<T>): OptionalField<T> => new OptionalField(withoutDefault(field.joi).optional(), field.document);

export const nullable = <T>(field: Field<T>): Field<T | null> =>
  new Field<T | null>(field.joi.allow(null), (components) => {
    const inner = field.document(components);
    if (typeof inner['type'] === 'string' && inner['enum'] === undefined) return { ...inner, type: [inner['type'], 'null'] };
    return { anyOf: [inner, { type: 'null' }] };
  });

export const withDefault = <T>(field: Field<T>, value: T): Field<T> =>
  new Field<T>(field.joi.default(value as Joi.BasicType), (components) => ({ ...field.document(components), default: value }));

/** Becomes a component of the OpenAPI document, referred to by name. The name must mean one shape only. */
export function named<T>(name: string, field: Field<T>): Field<T> {
  const reference = { $ref: `#/components/schemas/${name}` };
  return new Field<T>(field.joi, (components) => {
    if (components[name] === undefined) {
      components[name] = {}; // stops a recursive shape from running for ever
      components[name] = field.document(components);
    }
    return reference;
  });
}

/** A shape that contains itself, such as a tree: `recursive<Node>('CategoryNode', (self) => shape({ …, children: list(self, { max: 500 }) }))`. */
export function recursive<T>(name: string, build: (self: Field<T>) => Field<T>): Field<T> {
  const self = new Field<T>(Joi.link(`#${name}`), () => ({ $ref: `#/components/schemas/${name}` }));
  const field = build(self);
  return named(name, new Field<T>(field.joi.id(name), field.document));
}

export const describe = <F extends AnyField>(field: F, description: string): F => annotated(field, { description });
export const example = <T>(field: Field<T>, value: T): Field<T> => annotated(field, { examples: [value] });

function annotated<F extends AnyField>(field: F, extra: JsonSchema): F {
  const Same = field.constructor as new (joi: Joi.Schema, document: AnyField['document']) => F;
  return new Same(field.joi, (components) => ({ ...field.document(components), ...extra }));
}
