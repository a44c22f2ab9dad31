/** JSON Schema in words, for tables of a reference. */

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows.map((row) => row.map(cell))].map((row) => `| ${row.join(' | ')} |`).join('\n');

/** As GitHub makes it from a heading. */
export const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');

/** A tag or an operation may have the name of a shape; the anchors of one page must differ. */
export const shapeHeading = (name: string): string => `${name} (shape)`;

/** What is read of a schema. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
}

const FORMATS: Readonly<Record<string, string>> = { uuid: 'UUID', date: 'day', 'date-time': 'instant', email: 'e-mail address' };
/** Limits that only keep a number inside its type say nothing to a reader. */
const TELLING = 1_000_000;

const code = (value: unknown): string => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;

/** `list of UUID`, `text ≤ 200 or null`, a link to a named shape. */
export function schemaText(schema: Schema): string {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1)!;
    return `[${name}](#${anchor(shapeHeading(name))})`;
  }
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(code).join(', ');
  if (schema.anyOf !== undefined) return schema.anyOf.map(schemaText).join(' or ');
  if (schema.type === undefined) return 'any value';
  const types = typeof schema.type === 'string' ? [schema.type] : schema.type;
  return types.map((type) => ofType(type, schema)).join(' or ');
}

function ofType(type: string, schema: Schema): string {
  switch (type) {
    case 'string':
      return textOf(schema);
    case 'integer':
    case 'number':
      return rangeOf(schema.minimum, schema.maximum);
    case 'boolean':
      return '`true` or `false`';
    case 'array':
      return `list of ${schema.items === undefined ? 'values' : schemaText(schema.items)}`;
    case 'object':
      return typeof schema.additionalProperties === 'object' ? `object of ${schemaText(schema.additionalProperties)}` : 'object';
    default:
      return type;
  }
}

function textOf({ format, examples, maxLength }: Schema): string {
  if (format !== undefined && FORMATS[format] !== undefined) return FORMATS[format];
  if (examples?.[0] !== undefined) return `text such as ${code(examples[0])}`;
  return maxLength === undefined ? 'text' : `text ≤ ${maxLength}`;
}

function rangeOf(minimum?: number, maximum?: number): string {
  if (minimum !== undefined && minimum < -TELLING) return rangeOf(undefined, maximum);
  if (maximum !== undefined && maximum <= TELLING) return minimum === undefined ? `number ≤ ${maximum}` : `number ${minimum} to ${maximum}`;
  return minimum === undefined ? 'number' : `number ≥ ${minimum}`;
}

/** A row per key: name, value, what it means. Keys of objects inside have dotted names, those of lists `items[].name`. None for no object. */
export function fieldRows(schema: Schema, prefix = ''): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, field]) => {
    const name = `${prefix}${key}`;
    const optional = schema.required?.includes(key) === true ? '' : '?';
    const notes = [field.description ?? '', field.default === undefined ? '' : `${code(field.default)} when left out.`];
    const [inner, suffix] = inside(field);
    return [
      [`\`${name}${optional}\``, schemaText(field), notes.filter((note) => note !== '').join(' ')],
      ...fieldRows(inner, `${name}${suffix}.`),
    ];
  });
}

/** The object that a field is, may be, or is a list of. */
function inside(field: Schema): readonly [Schema, string] {
  const own = field.anyOf?.find(({ type }) => type !== 'null') ?? field;
  return own.items === undefined ? [own, ''] : [own.items, '[]'];
}
