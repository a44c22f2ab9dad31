/**
 * Opaque cursors of keyset paging: where a page ends, as base64url of [format, sort, direction, …key values]. They hold nothing secret and
 * grant nothing, so they are not signed; every value is checked against its kind before it gets near a statement.
 */
import { InvalidInput } from '../../kernel/common-errors';
import { parseDecimal } from '../../kernel/decimal-text';
import { isId } from '../../kernel/ids';
import { isDay, isInstant } from '../../kernel/time-text';

/** What a key value is: `instant` is ISO 8601 text (any precision), `number` a safe integer, `text` up to 500 characters. */
export type KeyKind = 'id' | 'instant' | 'day' | 'decimal' | 'number' | 'text';
export type KeyValue = string | number | null;

const CHECKS: Readonly<Record<KeyKind, (value: unknown) => boolean>> = {
  id: (value) => typeof value === 'string' && isId(value),
  instant: (value) => typeof value === 'string' && isInstant(value),
  day: (value) => typeof value === 'string' && isDay(value),
  decimal: (value) => typeof value === 'string' && 'value' in parseDecimal(value, { integers: 30, decimals: 12, signed: true }),
  number: Number.isSafeInteger,
  text: (value) => typeof value === 'string' && value.length <= 500 && !/[\0\p{Surrogate}]/u.test(value),
};

/** One sort of an allow-list: `-orderedAt` is `{ by: 'orderedAt', descending: true }`. */
export interface Sort<K extends string = string> {
  readonly by: K;
  readonly descending: boolean;
}

export const sortText = ({ by, descending }: Sort): string => (descending ? `-${by}` : by);

/** Where to go on: rows after (or, going backward, before) these key values in the order of the sort. */
export interface Seek {
  readonly values: readonly KeyValue[];
  readonly backward: boolean;
}

const FORMAT = 1;

export const writeCursor = (sort: Sort, { values, backward }: Seek): string =>
  Buffer.from(JSON.stringify([FORMAT, sortText(sort), backward ? 1 : 0, ...values])).toString('base64url');

/**
 * Reads a cursor made for this sort. `kinds` are those of the sort's key values, in order; a kind ending in `?` may be null.
 * @throws InvalidInput for anything else than what writeCursor() made for the same sort
 */
export function readCursor(cursor: string | undefined, sort: Sort, kinds: readonly (KeyKind | `${KeyKind}?`)[]): Seek | undefined {
  if (cursor === undefined) return undefined;
  const parts = decode(cursor);
  if (parts === undefined || parts[0] !== FORMAT || parts.length !== kinds.length + 3) throw refused('is not a cursor of this list');
  const [, madeFor, backward, ...values] = parts;
  if (madeFor !== sortText(sort)) throw refused('was made for another sort; start again without it');
  if (backward !== 0 && backward !== 1) throw refused('is not a cursor of this list');
  kinds.forEach((kind, index) => {
    const value = values[index];
    const nullable = kind.endsWith('?');
    if (value === null && nullable) return;
    if (!CHECKS[(nullable ? kind.slice(0, -1) : kind) as KeyKind](value)) throw refused('is not a cursor of this list');
  });
  return { values: values as KeyValue[], backward: backward === 1 };
}

function decode(cursor: string): unknown[] | undefined {
  if (!/^[\w-]{1,2048}$/.test(cursor)) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const refused = (message: string): InvalidInput =>
  new InvalidInput(`query.cursor ${message}`, { issues: [{ path: 'query.cursor', message }] });
