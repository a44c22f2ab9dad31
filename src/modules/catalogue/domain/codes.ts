/** Codes for things whose author gave none, made from their names. */
import { beginningOf } from '../../../kernel/text';

/** Letters and digits of any script, in upper case, joined by '-': "Café & Bar" becomes CAFE-BAR. In NFC; empty when the name has none. */
function slug(name: string, longest: number): string {
  const joined = name
    .normalize('NFKD')
    .toUpperCase()
    .normalize('NFKD')
    .replace(/\p{Mark}+/gu, '')
    .normalize('NFC')
    .replace(/[^\p{Letter}\p{Number}]+/gu, '-');
  return beginningOf(joined, longest).replace(/^-+|-+$/g, '');
}

/** A category's code before it is made unique. */
export const categoryCode = (name: string): string => slug(name, 40) || 'CATEGORY';

/** The first of CODE, CODE-2, CODE-3 … that is not among the taken ones. */
export function firstFree(code: string, taken: ReadonlySet<string>): string {
  if (!taken.has(code)) return code;
  let number = 2;
  while (taken.has(`${code}-${number}`)) number += 1;
  return `${code}-${number}`;
}

/** Without 0/O and 1/I, which people mix up. */
const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/** A SKU such as OAK-TABLE-7K2MQ9. `random` are six bytes. */
export function skuFor(name: string, random: Uint8Array): string {
  const tail = Array.from(random, (byte) => ALPHABET[byte % ALPHABET.length]).join('');
  return `${slug(name, 16) || 'ITEM'}-${tail}`;
}
