import { Decimal } from './decimal';

/** What a decimal field admits. Digits count as written: nothing is ever rounded to fit. */
export interface DecimalLimits {
  /** Digits before the point. */
  readonly integers: number;
  /** Digits after the point. */
  readonly decimals: number;
  readonly signed?: boolean;
  /** Zero is refused. */
  readonly nonZero?: boolean;
  /** A power of ten. */
  readonly max?: number;
}

export type Parsed = { readonly value: string } | { readonly problem: string };

const LONGEST = 64;
/** A double carries every decimal of 15 significant digits unchanged; with more it may already be another number than was sent. */
const EXACT_DIGITS = 15;
const PLAIN = /^(-?)0*(\d+?)(?:\.(\d+))?$/;

const quote = (text: string): string => `"${text.length > 40 ? `${text.slice(0, 40)}…` : text}"`;

/** Text of a JSON number, or undefined when the double may differ from what was written. */
function exactText(value: number): string | undefined {
  if (!Number.isFinite(value)) return undefined;
  const decimal = new Decimal(value);
  return decimal.precision() > EXACT_DIGITS ? undefined : decimal.toFixed();
}

/**
 * Reads a decimal sent as text or as an exact JSON number. The canonical form has no exponent, no plus sign, no leading or trailing
 * zeros and no negative zero, so that equal values are equal texts.
 */
export function parseDecimal(value: unknown, limits: DecimalLimits): Parsed {
  if (typeof value !== 'string' && typeof value !== 'number') return { problem: 'must be a decimal number, as text such as "12.50"' };
  const text = typeof value === 'number' ? exactText(value) : value;
  if (text === undefined) return { problem: `is not carried exactly by a JSON number: send it as text` };
  if (text.length > LONGEST) return { problem: `is too long: at most ${LONGEST} characters` };
  const match = PLAIN.exec(text);
  if (match === null) return { problem: `must be a decimal number such as "12.50", not ${quote(text)}` };
  const [, sign = '', integers = '', fraction = ''] = match;
  if (fraction.length > limits.decimals) {
    return { problem: `must have at most ${limits.decimals} decimals, but is ${quote(text)}` };
  }
  if (integers.length > limits.integers)
    return { problem: `must have at most ${limits.integers} digits before the point, but is ${quote(text)}` };
  const significant = fraction.replace(/0+$/, '');
  const magnitude = significant === '' ? integers : `${integers}.${significant}`;
  if (magnitude === '0') return limits.nonZero === true ? { problem: 'must not be zero' } : { value: '0' };
  if (sign === '-' && limits.signed !== true) return { problem: `must not be negative, but is ${quote(text)}` };
  if (limits.max !== undefined && new Decimal(magnitude).gt(limits.max))
    return { problem: `must be at most ${limits.max}, but is ${quote(text)}` };
  return { value: sign + magnitude };
}

/** Checks a decimal of an answer: always text, padded zeros welcome. */
export function checkDecimal(value: unknown, limits: DecimalLimits): Parsed {
  if (typeof value !== 'string') return { problem: 'must be decimal text' };
  const parsed = parseDecimal(value, limits);
  return 'value' in parsed ? { value } : parsed;
}

/** The same limits in JSON Schema, in a form that every language understands: regular expressions without looking ahead. */
export function decimalSchema({ integers, decimals, signed, nonZero, max }: DecimalLimits): Readonly<Record<string, unknown>> {
  const fraction = (digit: string): string => `(\\.${digit}{1,${decimals}})?`;
  if (max !== undefined && max !== 10 ** (integers - 1)) throw new Error(`a pattern cannot say that ${max} is the most`);
  const below = `[0-9]{1,${max === undefined ? integers : integers - 1}}${fraction('[0-9]')}`;
  const pattern = max === undefined ? below : `(${max}${fraction('0')}|${below})`;
  return {
    type: 'string',
    pattern: `^${signed === true ? '-?' : ''}${pattern}$`,
    ...(nonZero === true && { not: { type: 'string', pattern: '^[0.]+$' } }),
  };
}
