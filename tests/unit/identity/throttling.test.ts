import { type Attempts, type Limit, waitOf, withAttempt } from '../../../src/modules/identity/domain/throttling';

const MINUTE = 60_000;
const START = Date.parse('2026-11-26T12:00:00Z');
const at = (ms: number): Date => new Date(START + ms);
const none: Attempts = { count: 0, windowEndsAt: at(0), nextAt: at(0) };
const guessing: Limit = { limit: 3, windowMs: 15 * MINUTE, firstWaitMs: MINUTE };

/** When attempts are made by somebody who makes one as soon as it is possible, in minutes. */
function times(limit: Limit, count: number): number[] {
  const made: number[] = [];
  let attempts = none;
  for (let now = 0; made.length < count;) {
    now += waitOf(attempts, limit, at(now));
    made.push(now / MINUTE);
    attempts = withAttempt(attempts, limit, at(now));
  }
  return made;
}

test('the first attempts are free; each further one waits twice as long, and a new window begins with free ones', () => {
  expect(times(guessing, 10)).toEqual([0, 0, 0, 1, 3, 7, 15, 15, 15, 16]);
});

test('without a first wait the rest of the window has to pass', () => {
  expect(times({ limit: 2, windowMs: 60 * MINUTE }, 5)).toEqual([0, 0, 60, 60, 120]);
});

test('nobody waits longer than the window lasts, however many attempts were made', () => {
  let attempts = none;
  for (let n = 0; n < 200; n++) attempts = withAttempt(attempts, guessing, at(n));
  expect(attempts.count).toBe(200);
  expect(waitOf(attempts, guessing, at(200))).toBe(15 * MINUTE - 200);
  expect(waitOf(attempts, guessing, at(15 * MINUTE))).toBe(0);
});

test('a free attempt never waits, also when the clocks of two machines differ', () => {
  const ahead = withAttempt(none, guessing, at(30_000));
  expect(waitOf(ahead, guessing, at(0))).toBe(0);
});
