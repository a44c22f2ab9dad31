/** What JSON text must not hold, beyond what JSON.parse refuses. Returns what is wrong, or undefined. */

const MAX_DEPTH = 32;
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);
const NOT_TEXT = /[\0\p{Surrogate}]/u;

export interface Refused {
  readonly path: string;
  readonly message: string;
}

/** Depth, prototype keys, NUL and half surrogate pairs. `escaped`: whether the source had \u escapes, the only way such text gets in. */
export function refusedValue(value: unknown, escaped: boolean, path = 'body', depth = 0): Refused | undefined {
  if (typeof value === 'string')
    return escaped && NOT_TEXT.test(value) ? { path, message: 'must not contain NUL or half a surrogate pair' } : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth >= MAX_DEPTH) return { path, message: `is nested deeper than ${MAX_DEPTH} levels` };
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      const refused = refusedValue(value[index], escaped, `${path}.${index}`, depth + 1);
      if (refused !== undefined) return refused;
    }
    return undefined;
  }
  for (const key of Object.keys(value)) {
    if (FORBIDDEN_KEYS.has(key)) return { path, message: `must not have a key named ${key}` };
    if (escaped && NOT_TEXT.test(key)) return { path, message: 'must not have a key with NUL or half a surrogate pair' };
    const refused = refusedValue((value as Record<string, unknown>)[key], escaped, `${path}.${key}`, depth + 1);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

/** Digits enough, or an exponent, for a number to change when it becomes a double. Also matches inside strings: a hint to look closer. */
const SUSPECT = /\d[\d.]{15}|\d[eE]/;
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** The first number of valid JSON text that a double does not hold as written, such as 9007199254740993 or 1e400. */
export function inexactNumber(text: string): string | undefined {
  if (!SUSPECT.test(text)) return undefined;
  for (const [token] of text.matchAll(STRING_OR_NUMBER)) {
    if (token.startsWith('"') || (token.length <= 15 && !/[eE]/.test(token))) continue;
    if (normalForm(token) !== normalForm(String(Number(token)))) return token;
  }
  return undefined;
}

/** Sign, significant digits and exponent of a decimal literal, so that 1.50, 15e-1 and 1.5 are the same text. */
function normalForm(literal: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(literal);
  if (match === null) return literal;
  const [, sign = '', integers = '', fraction = '', exponent = '0'] = match;
  const digits = (integers + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  return `${sign}${significant}e${Number(exponent) - fraction.length + (digits.length - significant.length)}`;
}
