/**
 * Opaque cursors of keyset paging: where a page ends, as base64url of [format, sort, direction, key, id]. They hold nothing secret and
 * grant nothing, so they are not signed; every value is checked against its kind before it gets near a statement.
 */
import { InvalidInput } from '../../kernel/common-errors';
import { parseDecimal } from '../../kernel/decimal-text';
import { isId } from '../../kernel/ids';
import type { KeyKind, Seek } from '../../kernel/paging';
import { NOT_TEXT } from '../../kernel/text';
import { isInstant } from '../../kernel/time-text';

const CHECKS: Readonly<Record<KeyKind, (text: string) => boolean>> = {
  id: isId,
  instant: isInstant,
  decimal: (text) => 'value' in parseDecimal(text, { integers: 30, decimals: 12, signed: true }),
  text: (text) => text.length <= 500 && !NOT_TEXT.test(text),
};

/** One sort of an allow-list: `-orderedAt` is `{ by: 'orderedAt', descending: true }`. */
export interface Sort<K extends string = string> {
  readonly by: K;
  readonly descending: boolean;
}

const sortText = ({ by, descending }: Sort): string => (descending ? `-${by}` : by);

const FORMAT = 1;

export const writeCursor = (sort: Sort, { values, backward }: Seek): string =>
  Buffer.from(JSON.stringify([FORMAT, sortText(sort), backward ? 1 : 0, ...values])).toString('base64url');

/**
 * Reads a cursor made for this sort, whose key is of this kind.
 * @throws InvalidInput for anything else than what writeCursor() made for the same sort
 */
export function readCursor(cursor: string | undefined, sort: Sort, kind: KeyKind): Seek | undefined {
  if (cursor === undefined) return undefined;
  const parts = decode(cursor);
  if (parts === undefined || parts[0] !== FORMAT || parts.length !== 5) throw refused('is not a cursor of this list');
  const [, madeFor, backward, key, id] = parts;
  if (madeFor !== sortText(sort)) throw refused('was made for another sort; start again without it');
  if (backward !== 0 && backward !== 1) throw refused('is not a cursor of this list');
  if (!is(kind, key) || !is('id', id)) throw refused('is not a cursor of this list');
  return { values: [key, id], backward: backward === 1 };
}

const is = (kind: KeyKind, value: unknown): value is string => typeof value === 'string' && CHECKS[kind](value);

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
