import { createHmac, hkdfSync, randomInt } from 'node:crypto';

const COUNT = 10;
/** Base 32 without letters that look like digits, in lower case. Ten of them are 50 bits. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const LENGTH = 10;

/** Codes that stand in for a lost authenticator, each once. */
export class RecoveryCodes {
  private readonly key: Buffer;

  /** The pepper, so that the stored hashes alone can't be tried out. */
  constructor(pepper: string) {
    this.key = Buffer.from(hkdfSync('sha256', pepper, '', 'recovery codes', 32));
  }

  /** Written in two groups of five. */
  generate(): string[] {
    return Array.from({ length: COUNT }, () => {
      const text = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
      return `${text.slice(0, LENGTH / 2)}-${text.slice(LENGTH / 2)}`;
    });
  }

  /** What is stored of a code, however a person wrote it. */
  hashOf(code: string): Uint8Array<ArrayBuffer> {
    const plain = code.toLowerCase().replaceAll(/[\s-]/g, '').replaceAll('o', '0').replaceAll(/[il]/g, '1');
    return Uint8Array.from(createHmac('sha256', this.key).update(plain).digest());
  }
}
