import { NOT_TEXT } from '../../kernel/text';

/** What a parsed body must not hold. Its depth and its numbers were looked at before (json-scan). */
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

export interface Refused {
  readonly path: string;
  readonly message: string;
}

/** What is wrong, or undefined: prototype keys, NUL and half surrogate pairs. `escaped`: whether the source had \u escapes, the only way such text gets in. */
export function refusedValue(value: unknown, escaped: boolean, path = 'body'): Refused | undefined {
  if (typeof value === 'string')
    return escaped && NOT_TEXT.test(value) ? { path, message: 'must not contain NUL or half a surrogate pair' } : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      const refused = refusedValue(value[index], escaped, `${path}.${index}`);
      if (refused !== undefined) return refused;
    }
    return undefined;
  }
  for (const key of Object.keys(value)) {
    if (FORBIDDEN_KEYS.has(key)) return { path, message: `must not have a key named ${key}` };
    if (escaped && NOT_TEXT.test(key)) return { path, message: 'must not have a key with NUL or half a surrogate pair' };
    const refused = refusedValue((value as Record<string, unknown>)[key], escaped, `${path}.${key}`);
    if (refused !== undefined) return refused;
  }
  return undefined;
}
