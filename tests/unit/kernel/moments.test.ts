import { InvalidInput } from '../../../src/kernel/common-errors';
import { notLater } from '../../../src/kernel/moments';

const now = new Date('2026-11-26T12:00:00Z');

it('is now when nothing is said, and whatever is said up to now', () => {
  const before = new Date('2026-11-25T08:00:00Z');
  expect(notLater('shippedAt', undefined, now)).toBe(now);
  expect(notLater('shippedAt', before, now)).toBe(before);
  expect(notLater('shippedAt', now, now)).toBe(now);
});

it('refuses the future, by the name of the field', () => {
  const attempt = () => notLater('shippedAt', new Date('2026-11-26T12:00:00.001Z'), now);
  expect(attempt).toThrow(InvalidInput);
  expect(attempt).toThrow(/2026-11-26T12:00:00.001Z/);
});
