import bcrypt from 'bcrypt';
import { Unavailable } from '../../../src/kernel/common-errors';
import { isCommonPassword } from '../../../src/modules/identity/domain/common-passwords';
import { PasswordHasher } from '../../../src/modules/identity/password-hasher';

const outside = { isOpen: false };
const hasher = new PasswordHasher({ pepper: 'a pepper', cost: 4, atOnce: 2 }, outside);

const EMAIL = 'ada@example.com';

describe('passwords', () => {
  it('match their own hash only', async () => {
    const hash = await hasher.hash('a fine passphrase');
    expect(hash).toMatch(/^\$2b\$04\$/);
    expect(await hasher.matches('a fine passphrase', hash, EMAIL)).toBe(true);
    expect(await hasher.matches('A fine passphrase', hash, EMAIL)).toBe(false);
    expect(await hasher.hash('a fine passphrase')).not.toBe(hash);
  });

  it('count beyond the 72 bytes that bcrypt takes', async () => {
    const hash = await hasher.hash(`${'x'.repeat(200)}1`);
    expect(await hasher.matches(`${'x'.repeat(200)}2`, hash, EMAIL)).toBe(false);
    expect(await hasher.matches(`${'x'.repeat(200)}1`, hash, EMAIL)).toBe(true);
  });

  it('are the same text in every normal form', async () => {
    expect(await hasher.matches('cafe\u0301 au lait', await hasher.hash('caf\u00e9 au lait'), EMAIL)).toBe(true);
  });

  it('leave the hasher idle when nobody hashes one or waits', async () => {
    const hashing = Promise.all(['one', 'two', 'three'].map((word) => hasher.hash(`a fine passphrase ${word}`)));
    expect(hasher.isIdle).toBe(false);
    await hashing;
    expect(hasher.isIdle).toBe(true);
  });

  it('need the pepper', async () => {
    const hash = await hasher.hash('a fine passphrase');
    const others = new PasswordHasher({ pepper: 'another', cost: 4, atOnce: 2 }, outside);
    expect(await others.matches('a fine passphrase', hash, EMAIL)).toBe(false);
  });

  it('of nobody are compared with a hash of the same cost, and never match', async () => {
    const costly = new PasswordHasher({ pepper: 'a pepper', cost: 6, atOnce: 1 }, outside);
    const stored = await costly.hash('a fine passphrase');
    const compare = jest.spyOn(bcrypt, 'compare');
    for (const hash of [stored, undefined]) expect(await costly.matches('not the passphrase', hash, EMAIL)).toBe(false);
    const compared = compare.mock.calls.map(([, hash]) => hash);
    compare.mockRestore();

    expect(compared[0]).toBe(stored);
    expect(compared[1]).not.toBe(stored);
    expect(compared.map((hash) => [bcrypt.getRounds(hash), hash.length])).toEqual([
      [6, 60],
      [6, 60],
    ]);
  });

  it('of nobody take one of the costs in use, each address always the same', async () => {
    const changed = new PasswordHasher({ pepper: 'a pepper', cost: 5, atOnce: 4 }, outside);
    const older = await hasher.hash('a fine passphrase');
    const current = await changed.hash('a fine passphrase');
    expect([older, current].map((hash) => changed.isCurrent(hash))).toEqual([false, true]);
    for (const hash of [older, current, current, current]) await changed.matches('not the passphrase', hash, EMAIL);

    const compare = jest.spyOn(bcrypt, 'compare');
    const addresses = Array.from({ length: 40 }, (_, n) => `nobody${n}@example.com`);
    for (const email of [...addresses, ...addresses]) await changed.matches('not the passphrase', undefined, email);
    const costs = compare.mock.calls.map(([, hash]) => bcrypt.getRounds(hash));
    compare.mockRestore();
    expect(costs.slice(40)).toEqual(costs.slice(0, 40));
    const cheap = costs.slice(0, 40).filter((cost) => cost === 4).length;
    expect(cheap).toBeGreaterThan(3);
    expect(cheap).toBeLessThan(20);
    expect(new Set(costs)).toEqual(new Set([4, 5]));
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
