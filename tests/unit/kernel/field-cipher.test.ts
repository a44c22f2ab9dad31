import { randomBytes } from 'node:crypto';
import { type EncryptionKey, FieldCipher, type FieldPlace } from '../../../src/kernel/field-cipher';

const key = (id: string): EncryptionKey => ({ id, key: randomBytes(32) });
const place: FieldPlace = { owner: 'o1', table: 'employees', column: 'salary', rowId: 'r1' };
const ring = [key('k2'), key('k1')];
const cipher = new FieldCipher(ring);

test('what was encrypted is read again, and looks different every time', () => {
  for (const text of ['', 'JBSWY3DPEHPK3PXP', 'Zürich 5000.00 €', 'x'.repeat(10_000)]) {
    const envelope = cipher.encrypt(text, place);
    expect(envelope).toMatch(/^v1\.k2\.[\w-]{16}\.[\w-]*\.[\w-]{22}$/);
    expect(cipher.decrypt(envelope, place)).toBe(text);
    expect(cipher.encrypt(text, place)).not.toBe(envelope);
  }
});

test.each(['owner', 'table', 'column', 'rowId'] as const)('an envelope moved to another %s is refused', (part) => {
  const envelope = cipher.encrypt('secret', place);
  expect(() => cipher.decrypt(envelope, { ...place, [part]: 'another' })).toThrow('belongs elsewhere');
});

test('an envelope changed anywhere is refused, and the message does not tell what is in it', () => {
  const parts = cipher.encrypt('secret', place).split('.');
  for (const [index, part] of parts.entries()) {
    const changed = parts.with(index, (part.startsWith('A') ? 'B' : 'A') + part.slice(1)).join('.');
    expect(() => cipher.decrypt(changed, place)).toThrow(/^employees\.salary of r1 can't be decrypted/);
  }
  const [version, id, nonce, ciphertext, tag] = parts as [string, string, string, string, string];
  expect(() => cipher.decrypt([version, id, nonce, ciphertext, tag.slice(0, 8)].join('.'), place)).toThrow("can't be decrypted");
  expect(() => cipher.decrypt([version, id, nonce, ciphertext].join('.'), place)).toThrow('no envelope');
  expect(() => cipher.decrypt('plain text', place)).toThrow('no envelope');
});

test('the first key encrypts, all decrypt; a key that has left the ring is named', () => {
  const old = new FieldCipher([ring[1]!]).encrypt('secret', place);
  expect(cipher.decrypt(old, place)).toBe('secret');
  expect([cipher.isCurrent(old), cipher.isCurrent(cipher.encrypt('secret', place))]).toEqual([false, true]);
  expect(() => new FieldCipher([key('k3')]).decrypt(old, place)).toThrow('its key k1 is not in the key ring');
  expect(() => new FieldCipher([key('k1')]).decrypt(old, place)).toThrow('was changed');
  expect(() => new FieldCipher([])).toThrow('empty');
});
