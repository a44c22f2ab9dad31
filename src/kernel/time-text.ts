/** Reading of calendar days and instants as text. Pure; no time zone of this machine is involved. */

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const INSTANT = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,9}))?)?(Z|[+-](?:0\d|1[0-4]):?[0-5]\d)$/;

/** Whether the text is a real day of the calendar, YYYY-MM-DD, from the year 1 on. */
export function isDay(text: string): boolean {
  const match = DAY.exec(text);
  if (match === null || match[1] === '0000') return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** Whether the text is an ISO 8601 instant with a zone. */
export function isInstant(text: string): boolean {
  const match = INSTANT.exec(text);
  return match !== null && isDay(match[1]!);
}

/** The instant of an ISO 8601 text with a zone; undefined when it isn't one, or is finer than a millisecond. */
export function parseInstant(text: string): Date | undefined {
  const match = INSTANT.exec(text);
  if (match === null || !isDay(match[1]!)) return undefined;
  const [, day, hour, minute, second = '00', fraction = '', zone = 'Z'] = match;
  if (/[1-9]/.test(fraction.slice(3))) return undefined;
  const offset = zone === 'Z' || zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`;
  const date = new Date(`${day}T${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}${offset}`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
