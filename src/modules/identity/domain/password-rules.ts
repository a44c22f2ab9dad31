import { isCommonPassword } from './common-passwords';

export const SHORTEST_PASSWORD = 10;
export const LONGEST_PASSWORD = 256;

/** In characters as people count them. */
export const passwordLength = (password: string): number => Array.from(password.normalize('NFC')).length;

/**
 * What is wrong with a password somebody wants to choose; undefined when nothing is. Long enough and not what everybody tries first. No rules
 * of composition: they make passwords worse.
 */
export function problemOfPassword(password: string): string | undefined {
  const length = passwordLength(password);
  if (length < SHORTEST_PASSWORD || length > LONGEST_PASSWORD) return `must have ${SHORTEST_PASSWORD} to ${LONGEST_PASSWORD} characters`;
  return isCommonPassword(password) ? 'is among the passwords that are tried first; choose another' : undefined;
}
