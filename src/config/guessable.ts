/** Whether somebody could guess a secret: it stands in an example, is made of an example's words, or has a pattern. */

/** Texts of examples and tutorials, and whatever fingers find on a keyboard. */
const WELL_KNOWN =
  /change[-_ ]?me|your[-_ ]|super[-_ ]?secret|example|default|passw(?:or)?d|placeholder|insecure|quartermaster|0123456789|abcdefgh|qwertz|qwerty|asdfgh|zxcvbn|1q2w3e|lorem[-_ ]?ipsum|brown[-_ ]?fox|horse[-_ ]?battery/i;

/** Words that such texts are made of. Longer ones first, so that none is left over behind a shorter one. */
const WORDS = [
  'authentication|authorization|environment|development|application|characters|production|encryption|signature|administrator|database',
  'postgres|sensitive|something|security|testing|minimum|signing|session|refresh|private|replace|generate|random|secure|secret|string',
  'pepper|access|webtoken|json|server|please|owner|token|local|least|value|users|hello|world|admin|hash|salt|sign|root|user|test|bytes',
  'with|very|long|only|real|some|this|that|here|keys|auth|prod|jwt|key|the|for|and|not|use|app|api|web|dev|erp|any|must',
];
const OF_EXAMPLES = new RegExp(WORDS.join('|'), 'gi');
const BETWEEN_WORDS = /[\s_.:,;/+=-]+/g;

/** A unit of this many characters or fewer is no secret for being repeated. */
const LONGEST_UNIT = 16;

/**
 * A random text of that length, in hexadecimal digits too, has a third as many different characters; of a passphrase half is left without
 * the words of examples.
 * @param length how long a text like it has to be
 */
export const isGuessable = (text: string, length: number): boolean =>
  WELL_KNOWN.test(text) ||
  new Set(text).size < Math.floor(length / 3) ||
  text.replaceAll(OF_EXAMPLES, '').replaceAll(BETWEEN_WORDS, '').length < length / 2 ||
  hasPattern(Buffer.from(text));

/** Of a key its owner may have taken a text, which is judged as one. */
export const isGuessableKey = (key: Buffer): boolean => isGuessable(key.toString('latin1'), key.length) || hasPattern(key);

function hasPattern(bytes: Buffer): boolean {
  const steps = differences([...bytes]);
  return isRepeated(bytes) || isSteady(steps) || isSteady(differences(steps));
}

/** The same few bytes over and over. */
function isRepeated(bytes: Buffer): boolean {
  for (let unit = 1; unit <= Math.min(LONGEST_UNIT, bytes.length / 2); unit++)
    if (bytes.subarray(unit).equals(bytes.subarray(0, bytes.length - unit))) return true;
  return false;
}

/** From one byte to the next, as bytes count: after 255 comes 0. */
const differences = (numbers: readonly number[]): number[] =>
  numbers.slice(1).map((number, index) => (number - numbers[index]! + 256) % 256);

/** Whether most steps are the same one: 0, 1, 2, 3 … or 255, 254, 253 …, and for steps of steps 0, 1, 4, 9 … */
function isSteady(steps: readonly number[]): boolean {
  const counts = new Map<number, number>();
  for (const step of steps) counts.set(step, (counts.get(step) ?? 0) + 1);
  return Math.max(...counts.values()) > steps.length / 2;
}
