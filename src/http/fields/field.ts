import Joi from 'joi';

/** JSON Schema 2020-12, the schema language of OpenAPI 3.1. */
export type JsonSchema = Record<string, unknown>;
/** Named schemas, `components.schemas` of the OpenAPI document. */
export type Components = Record<string, JsonSchema>;

/** A Joi schema that remembers the TypeScript type it admits and how it is written in JSON Schema. Immutable. */
export class Field<out T> {
  /** Exists for the compiler only. */
  declare readonly admits: T;

  constructor(
    readonly joi: Joi.Schema,
    readonly document: (components: Components) => JsonSchema,
  ) {}
}

/** A key that may be left out. */
export class OptionalField<out T> extends Field<T> {
  readonly optional = true;
}

/** The TypeScript type a field admits: `type NewOrder = Infer<typeof newOrder>`. */
export type Infer<F> = F extends Field<infer T> ? T : never;

// oxlint-disable-next-line typescript/no-explicit-any -- a field of whatever type
export type AnyField = Field<any>;

/** "1 item", "2 items", in the language of Joi's templates. */
const limitOf = (noun: string): string => `{#limit} ${noun}{if(#limit == 1, "", "s")}`;

const MESSAGES: Record<string, string> = {
  'any.required': 'is required',
  'any.invalid': 'is not allowed',
  'field.invalid': '{#problem}',
  'object.unknown': 'is not a known name here',
  'object.base': 'must be an object',
  'object.max': `must have at most ${limitOf('key')}`,
  'array.base': 'must be a list',
  'array.min': `must have at least ${limitOf('item')}`,
  'array.max': `must have at most ${limitOf('item')}`,
  'string.base': 'must be text',
  'string.min': `must have at least ${limitOf('character')}`,
  'string.max': `must have at most ${limitOf('character')}`,
  'string.empty': 'must not be empty',
  'string.pattern.invert.name': 'must not contain NUL or half a surrogate pair',
};

/** Converting is Joi's default; saying it here would undo the strictness of a schema that refuses to. */
const INPUT: Joi.ValidationOptions = { abortEarly: false, messages: MESSAGES, errors: { label: false, wrap: { array: false } } };
const OUTPUT: Joi.ValidationOptions = { ...INPUT, convert: false };

/** One thing wrong with a request or an answer; `path` is dotted, such as `body.items.0.quantity`. */
export interface Issue {
  readonly path: string;
  readonly message: string;
}

function run(where: string, joi: Joi.Schema, value: unknown, issues: Issue[]): unknown {
  const result = joi.validate(value);
  if (result.error === undefined) return result.value;
  for (const { path, message } of result.error.details) issues.push({ path: [where, ...path].join('.'), message });
  return undefined;
}

/** A schema made ready to parse input again and again: options given with each call would be compiled anew each time. */
export class InputSchema {
  private readonly ready: Joi.Schema;

  constructor(
    /** The first step of every path, such as `body`. */
    private readonly where: string,
    joi: Joi.Schema,
  ) {
    this.ready = joi.prefs(INPUT);
  }

  /** The parsed value; what is wrong is added to `issues`. */
  parse(value: unknown, issues: Issue[]): unknown {
    return run(this.where, this.ready, value, issues);
  }
}

/** Parses input once; what is wrong is added to `issues`. */
export const parseInput = (where: string, joi: Joi.Schema, value: unknown, issues: Issue[]): unknown =>
  new InputSchema(where, joi).parse(value, issues);

/** Checks an answer as it will be sent: nothing is converted. */
export function checkOutput(field: AnyField, value: unknown): Issue[] {
  const issues: Issue[] = [];
  run('response', field.joi.prefs(OUTPUT), value, issues);
  return issues;
}

/** A rule written in TypeScript: returns the parsed value, or says what is wrong. `strict` is set when an answer is checked. */
export const custom = (rule: (value: unknown, strict: boolean) => { readonly value: unknown } | { readonly problem: string }): Joi.Schema =>
  Joi.any().custom((value: unknown, helpers) => {
    const result = rule(value, helpers.prefs.convert === false);
    return 'problem' in result ? helpers.error('field.invalid', { problem: result.problem }) : result.value;
  });
