import { SettableClock } from '../../../src/kernel/clock';
import { KnownDevices } from '../../../src/modules/identity/known-devices';

const DAY = 86_400_000;
const START = new Date('2026-11-26T12:00:00Z');
const clock = new SettableClock(START);
afterEach(() => clock.set(START));

const ada = { email: 'ada@example.com', passwordVersion: 3 };
const [old, current] = [Buffer.from('the key of before'), Buffer.from('the key of now')];
const devices = new KnownDevices([current, old], clock);

it('a mark is recognized for its account, with the password it was made for', () => {
  const mark = devices.mark(ada);
  expect(devices.recognize(ada.email, mark)).toEqual({ id: mark.split('.')[0], passwordVersion: 3 });
  expect(devices.recognize('eve@example.com', mark)).toBeUndefined();
  expect(devices.mark(ada)).not.toBe(mark);
});

it('a mark of the key before is good while that is in the ring', () => {
  const mark = new KnownDevices([old], clock).mark(ada);
  expect(devices.recognize(ada.email, mark)).toBeDefined();
  expect(new KnownDevices([current], clock).recognize(ada.email, mark)).toBeUndefined();
});

it('a mark is over after half a year', () => {
  const mark = devices.mark(ada);
  clock.set(new Date(START.getTime() + 179 * DAY));
  expect(devices.recognize(ada.email, mark)).toBeDefined();
  clock.set(new Date(START.getTime() + 180 * DAY));
  expect(devices.recognize(ada.email, mark)).toBeUndefined();
});

it.each([
  ['nothing', () => ''],
  ['words', () => 'made.up'],
  ['a mark without its end', (mark: string) => mark.slice(0, mark.lastIndexOf('.'))],
  ['a later day', (mark: string) => mark.replace(/\.(\d+)\./, (_, day) => `.${Number(day) + 1}.`)],
  ['another password', (mark: string) => mark.replace('.3.', '.4.')],
])('%s is no mark of ours', (_, forge) => {
  expect(devices.recognize(ada.email, forge(devices.mark(ada)))).toBeUndefined();
});
