import bcrypt from 'bcrypt';
import { Unavailable } from '../../../src/kernel/common-errors';
import { isCommonPassword } from '../../../src/modules/identity/domain/common-passwords';
import { PasswordHasher } from '../../../src/modules/identity/password-hasher';

const outside = { isOpen: false };
const hasher = new PasswordHasher({ pepper: 'a pepper', cost: 4, atOnce: 2 }, outside);

describe('passwords', () => {
  it('match their own hash only', async () => {
    const hash = await hasher.hash('a fine passphrase');
    expect(hash).toMatch(/^\$2b\$04\$/);
    expect(await hasher.matches('a fine passphrase', hash)).toBe(true);
    expect(await hasher.matches('A fine passphrase', hash)).toBe(false);
    expect(await hasher.hash('a fine passphrase')).not.toBe(hash);
  });

  it('count beyond the 72 bytes that bcrypt takes', async () => {
    const hash = await hasher.hash(`${'x'.repeat(200)}1`);
    expect(await hasher.matches(`${'x'.repeat(200)}2`, hash)).toBe(false);
    expect(await hasher.matches(`${'x'.repeat(200)}1`, hash)).toBe(true);
  });

  it('are the same text in every normal form', async () => {
    expect(await hasher.matches('cafe\u0301 au lait', await hasher.hash('caf\u00e9 au lait'))).toBe(true);
  });

  it('need the pepper', async () => {
    const hash = await hasher.hash('a fine passphrase');
    const others = new PasswordHasher({ pepper: 'another', cost: 4, atOnce: 2 }, outside);
    expect(await others.matches('a fine passphrase', hash)).toBe(false);
  });

  it('of nobody are compared with a hash of the same cost, and never match', async () => {
    const costly = new PasswordHasher({ pepper: 'a pepper', cost: 6, atOnce: 1 }, outside);
    const stored = await costly.hash('a fine passphrase');
    const compare = jest.spyOn(bcrypt, 'compare');
    for (const hash of [stored, undefined]) expect(await costly.matches('not the passphrase', hash)).toBe(false);
    const compared = compare.mock.calls.map(([, hash]) => hash);
    compare.mockRestore();

    expect(compared[0]).toBe(stored);
    expect(compared[1]).not.toBe(stored);
    expect(compared.map((hash) => [bcrypt.getRounds(hash), hash.length])).toEqual([
      [6, 60],
      [6, 60],
    ]);
  });

  it('are hashed a few at a time, the rest waits, and too many are sent away', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 60 }, () => hasher.hash('a fine passphrase')));
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused).toHaveLength(60 - 2 - 50);
    expect(refused.every(({ reason }) => reason instanceof Unavailable)).toBe(true);
    await hasher.hash('afterwards there is room again');
  });

  it('are never hashed inside a transaction', async () => {
    const inside = new PasswordHasher({ pepper: 'a pepper', cost: 4, atOnce: 2 }, { isOpen: true });
    await expect(inside.hash('a fine passphrase')).rejects.toThrow('inside a transaction');
  });
});

describe('common passwords', () => {
  it.each(['password123', 'PASSWORD123', '1234567890', 'qwertyuiop', 'iloveyou123', 'aaaaaaaaaaaaaaaa', 'Welcome2024'])(
    '%s is one',
    (password) => {
      expect(isCommonPassword(password)).toBe(true);
    },
  );

  it.each(['a fine passphrase', 'Xk3-vv91-qwp', 'correct horse of my own'])('%s is none', (password) => {
    expect(isCommonPassword(password)).toBe(false);
  });
});
