import { isDeepStrictEqual } from 'node:util';
import type { Json } from './event';

/**
 * The fields in which two states of one aggregate differ, as an event carries them; undefined when they are equal, and nothing is to be
 * written then. Only the keys of `now` are looked at. Values must be ready for JSON: decimals as canonical text.
 */
export function changedFields<T extends object>(old: T, now: T): { before: Json; after: Json } | undefined {
  const before: Record<string, unknown> = {};
  const after: Record<string, unknown> = {};
  for (const key of Object.keys(now) as Array<keyof T & string>) {
    if (isDeepStrictEqual(old[key], now[key])) continue;
    before[key] = old[key];
    after[key] = now[key];
  }
  return Object.keys(after).length === 0 ? undefined : { before, after };
}
