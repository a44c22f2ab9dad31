/**
 * Many rows in one request. The rows' shape is documented like any other, but checked row by row, so that one bad row gets its verdict and
 * does not refuse the whole:
 *
 *   const newThings = bulkOf('NewThings', newThing);          // { mode, rows: [...] }
 *   const thingVerdicts = verdictsOf('ThingVerdicts', { id: optional(id()) });
 *   const rows = await rowParser(newThing)(body.rows);        // Attempt<NewThing>[] for the service
 *   return presentVerdicts(await things.createMany(rows, body.mode));
 */
import { setImmediate } from 'node:timers/promises';
import Joi from 'joi';
import { BULK_MODES, errorOf, type Attempt } from '../kernel/bulk';
import { invalid } from './input';
import { Field, InputSchema, type AnyField, type Issue, type OptionalField } from './fields/field';
import { describe, int, json, list, named, oneOf, optional, shape, text, withDefault } from './fields/fields';

const MOST_ROWS = 1_000;
/** Bytes: room for 1,000 rows of usual length. */
export const BULK_BODY_LIMIT = 4 * 1024 * 1024;
/** A thousand rows take a while to check; other requests get their turn in between. */
const ROWS_AT_ONCE = 100;

export const bulkOf = (name: string, row: AnyField) =>
  named(
    name,
    shape({
      mode: describe(withDefault(oneOf(...BULK_MODES), 'atomic'), 'atomic: all rows or none. continue: those that can be, each on its own'),
      rows: list(new Field<unknown>(Joi.any(), row.document), { min: 1, max: MOST_ROWS }),
    }),
  );

/** `created`: what a verdict tells of a row that was created; optional fields. */
export const verdictsOf = <S extends Readonly<Record<string, OptionalField<unknown>>>>(name: string, created: S) =>
  named(
    name,
    shape({
      created: int(0, MOST_ROWS),
      rejected: int(0, MOST_ROWS),
      verdicts: describe(
        list(
          shape({
            index: describe(int(0, MOST_ROWS), 'Place of the row in the request, from 0'),
            status: oneOf('created', 'rejected'),
            ...created,
            error: optional(shape({ code: text(100), message: text(10_000), details: optional(json()) })),
          }),
          { max: MOST_ROWS },
        ),
        'One per row, in the order of the request',
      ),
    }),
  );

/** Checks rows against their shape. Paths of issues are those of the whole request, such as `body.rows.3.price`. */
export function rowParser<T>(row: Field<T>): (rows: readonly unknown[]) => Promise<Array<Attempt<T>>> {
  const schema = new InputSchema('row', row.joi);
  return async (rows) => {
    const parsed: Array<Attempt<T>> = [];
    for (const [index, value] of rows.entries()) {
      if (index % ROWS_AT_ONCE === 0) await setImmediate();
      const issues: Issue[] = [];
      const result = schema.parse(value, issues) as T;
      const placed = issues.map(({ path, message }) => ({ path: path.replace('row', `body.rows.${index}`), message }));
      parsed.push(placed.length === 0 ? { value: result } : { refusal: invalid(placed) });
    }
    return parsed;
  };
}

export function presentVerdicts<T extends object>(rows: ReadonlyArray<Attempt<T>>) {
  const verdicts = rows.map((row, index) =>
    'value' in row
      ? { index, status: 'created' as const, ...row.value }
      : { index, status: 'rejected' as const, error: errorOf(row.refusal) },
  );
  const created = verdicts.filter(({ status }) => status === 'created').length;
  return { created, rejected: verdicts.length - created, verdicts };
}
