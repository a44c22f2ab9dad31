import { randomBytes } from 'node:crypto';
import { isGuessable, isGuessableKey } from '../../../src/config/guessable';

const MANY = 2_000;
const bytes = (byteAt: (index: number) => number): Buffer => Buffer.from(Array.from({ length: 32 }, (_, index) => byteAt(index) & 255));

describe('a secret of 32 bytes or more', () => {
  test.each([
    'your-super-secret-jwt-key-change-me-in-production',
    'this-is-my-secret-key-for-jwt-signing',
    'thisIsMySecretKeyForJwtSigning123',
    'my-jwt-secret-key-min-32-characters-long',
    'dev-secret-do-not-use-in-production-please',
    'some-long-random-string-at-least-32-chars',
    'a-string-secret-at-least-256-bits-long',
    'acme-erp-production-jwt-signing-secret-2024',
    'the-quick-brown-fox-jumps-over-the-lazy-dog',
    'zyxwvutsrqponmlkjihgfedcba987654',
    'k9Xq2mLp7wZt'.repeat(3),
    'abcab'.repeat(10),
  ])('%s is guessable', (text) => {
    expect(isGuessable(text, 32)).toBe(true);
  });

  test.each(['orbit walnut sixteen pelican harbour violet', 'the secret monkey forgets eleven umbrellas'])('%s is not', (text) => {
    expect(isGuessable(text, 32)).toBe(false);
  });

  test.each(['hex', 'base64', 'base64url'] as const)('nor is any random one in %s', (encoding) => {
    for (let n = 0; n < MANY; n++) expect(isGuessable(randomBytes(32).toString(encoding), 32)).toBe(false);
  });
});

describe('a password of 12 bytes or more', () => {
  test.each(['postgrespostgres', 'postgres-password', 'admin123admin123', 'changeme1234', 'app-user-secret'])('%s is guessable', (text) => {
    expect(isGuessable(text, 12)).toBe(true);
  });

  test.each(['Yeeth3ohRoh7', 'walnut-violet', randomBytes(24).toString('hex')])('%s is not', (text) => {
    expect(isGuessable(text, 12)).toBe(false);
  });
});

describe('an encryption key', () => {
  test.each<[string, Buffer]>([
    ['zeros', Buffer.alloc(32)],
    ['counting', bytes((index) => index)],
    ['counting down by seven', bytes((index) => 255 - 7 * index)],
    ['squares', bytes((index) => index * index)],
    ['counting to sixteen, twice', bytes((index) => index % 16)],
    ['half a key, twice', Buffer.from(randomBytes(16).toString('hex').repeat(2), 'hex')],
    ['a text of digits', Buffer.from('0123456789abcdef0123456789abcdef')],
    ['a text of words', Buffer.from('my-secret-encryption-key-for-dev')],
  ])('of %s is guessable', (_what, key) => {
    expect(key).toHaveLength(32);
    expect(isGuessableKey(key)).toBe(true);
  });

  test('of random bytes, or of a random text, is not', () => {
    for (let n = 0; n < MANY; n++) {
      expect(isGuessableKey(randomBytes(32))).toBe(false);
      expect(isGuessableKey(Buffer.from(randomBytes(24).toString('base64')))).toBe(false);
    }
  });
});
