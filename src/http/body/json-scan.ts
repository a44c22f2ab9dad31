/**
 * One look at the bytes of JSON text before anything is built of them: how deep it is nested, how many values it holds, and whether a double
 * holds its numbers as they are written. JSON.parse makes a million arrays of two megabytes without asking, and nobody else is served
 * meanwhile. Whether it is JSON at all is not asked here.
 */

/** Levels. */
export const MAX_DEPTH = 32;

export interface Scan {
  /** What forbids to go on. */
  readonly refusal?: string;
  /** The first number that a double does not hold as written, such as 9007199254740993 or 1e400. Meaningless in text that is no JSON. */
  readonly inexact?: string;
}

const code = (character: string): number => character.charCodeAt(0);
const QUOTE = code('"');
const BACKSLASH = code('\\');
const COMMA = code(',');
const OPEN_ARRAY = code('[');
const OPEN_OBJECT = code('{');
const CLOSE_ARRAY = code(']');
const CLOSE_OBJECT = code('}');
const ZERO = code('0');
const NINE = code('9');
const MINUS = code('-');
const PLUS = code('+');
const POINT = code('.');
const SMALL_E = code('e');
const LARGE_E = code('E');

const isDigit = (byte: number): boolean => byte >= ZERO && byte <= NINE;
const isExponent = (byte: number): boolean => byte === SMALL_E || byte === LARGE_E;

/** A number that takes a closer look and is longer than programs write them costs as much as so many other values. */
const CLOSER_LOOK = 8;
/** Characters of the longest text that a program makes of a double, without its sign: 2.2250738585072014e-308. */
const LONGEST_DOUBLE = 23;

/** `mostValues`: scalars, arrays and objects, all together. */
export function scanJson(bytes: Buffer, mostValues: number): Scan {
  let depth = 0;
  let values = 1;
  let inexact: string | undefined;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) at = endOfString(bytes, at);
    else if (byte === COMMA) values++;
    else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
      values++;
      if (++depth > MAX_DEPTH) return { refusal: `is nested deeper than ${MAX_DEPTH} levels` };
    } else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) depth--;
    else if (isDigit(byte)) {
      const end = endOfNumber(bytes, at);
      if (!isSurelyExact(bytes, at, end)) {
        if (end - at > LONGEST_DOUBLE) values += CLOSER_LOOK;
        inexact ??= inexactIn(bytes, at, end);
      }
      at = end - 1;
    }
    if (values > mostValues) return { refusal: `holds more than ${mostValues} values` };
  }
  return inexact === undefined ? {} : { inexact };
}

/** Of the closing quote; past the end when there is none. */
function endOfString(bytes: Buffer, open: number): number {
  let at = open + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}

/** Of what follows the digits, points and exponents that begin here. */
function endOfNumber(bytes: Buffer, start: number): number {
  let at = start + 1;
  for (; at < bytes.length; at++) {
    const byte = bytes[at]!;
    const goesOn = isDigit(byte) || byte === POINT || isExponent(byte);
    if (!goesOn && !((byte === MINUS || byte === PLUS) && isExponent(bytes[at - 1]!))) break;
  }
  return at;
}

/** Digits that a double holds, whatever they are. */
const SURE_DIGITS = 15;
/** Powers of ten that are far from the ends of what a double holds. */
const SURE_SCALE = 280;

/** Few digits and no large exponent: that is seen without building a text, and holds for all but the oddest numbers. */
function isSurelyExact(bytes: Buffer, start: number, end: number): boolean {
  let digits = 0;
  let decimals = 0;
  let afterPoint = false;
  let at = start;
  for (; at < end && !isExponent(bytes[at]!); at++) {
    if (bytes[at] === POINT) afterPoint = true;
    else {
      if (afterPoint) decimals++;
      // Zeros in front are none.
      if (digits > 0 || bytes[at] !== ZERO) digits++;
    }
  }
  if (digits > SURE_DIGITS) return false;
  const negative = bytes[at + 1] === MINUS;
  let exponent = 0;
  for (at++; at < end && exponent < SURE_SCALE; at++) if (isDigit(bytes[at]!)) exponent = exponent * 10 + bytes[at]! - ZERO;
  return Math.abs((negative ? -exponent : exponent) - decimals) < SURE_SCALE;
}

/** Characters; a number that takes more is not looked at. */
const LONGEST_NUMBER = 400;

/** The number as written, if a double changes it. */
function inexactIn(bytes: Buffer, start: number, end: number): string | undefined {
  const from = start > 0 && bytes[start - 1] === MINUS ? start - 1 : start;
  const token = bytes.toString('latin1', from, Math.min(end, from + LONGEST_NUMBER));
  if (end - from > LONGEST_NUMBER) return token;
  const read = String(Number(token));
  return token === read || normalForm(token) === normalForm(read) ? undefined : token;
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
