import { isUtf8 } from 'node:buffer';

/** A longer record is rejected: no order line needs more, and an unclosed quote must not swallow the rest of the file. */
export const LONGEST_RECORD = 64 * 1024;

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const QUOTE = 0x22;
const NEEDS_MORE = -1;
const BROKEN = -2;
const TOO_LONG = `it is longer than ${LONGEST_RECORD} bytes`;
const BAD_QUOTES = `its quotes are not closed as CSV demands within ${LONGEST_RECORD} bytes`;

export interface SplitRecord {
  /** Without the line's end. Of a record that is too long, the beginning. */
  readonly text: string;
  /** Whether quotes occur in it. */
  readonly quoted: boolean;
  /** Why it can't be read. */
  readonly problem?: string;
}

/**
 * Cuts bytes into records: lines, or with a delimiter CSV records (RFC 4180), whose quoted fields may hold line ends. Stricter than CSV
 * libraries about broken quotes on purpose: only the line where a quote goes wrong is lost, and reading resumes at the next one.
 * Where chunks end makes no difference. Holds at most one record.
 */
export class RecordSplitter {
  private rest: Buffer = Buffer.alloc(0);
  private discarding = false;

  /** @param delimiter one ASCII character; undefined for plain lines. */
  constructor(private readonly delimiter: string | undefined) {}

  /** The records that end in this chunk. Blank lines are none. */
  push(chunk: Buffer): SplitRecord[] {
    return this.split(this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]), false);
  }

  /** The last record, when the file doesn't end with a line end. */
  end(): SplitRecord[] {
    return this.split(this.rest, true);
  }

  private split(bytes: Buffer, final: boolean): SplitRecord[] {
    const records: SplitRecord[] = [];
    let position = 0;
    let nextQuote = -1;
    while (position < bytes.length) {
      const newline = bytes.indexOf(NEWLINE, position);
      const lineEnd = newline === -1 ? bytes.length : newline;
      if (this.discarding) {
        this.discarding = newline === -1;
        position = lineEnd + 1;
        continue;
      }
      if (this.delimiter !== undefined && nextQuote < position) nextQuote = indexOrEnd(bytes, QUOTE, position);
      const quoted = this.delimiter !== undefined && nextQuote < lineEnd;
      const end = quoted ? this.endOfQuoted(bytes, position, final) : newline === -1 && !final ? NEEDS_MORE : lineEnd;
      const length = (end < 0 ? bytes.length : end) - position;
      if (length <= LONGEST_RECORD && (end === NEEDS_MORE || (end === BROKEN && newline === -1 && !final))) break;

      const spansLines = newline !== -1 && newline < position + length;
      if (end === BROKEN || length > LONGEST_RECORD) {
        const problem = quoted && (end === BROKEN || spansLines) ? BAD_QUOTES : TOO_LONG;
        records.push({ text: decode(bytes, position, Math.min(lineEnd, position + LONGEST_RECORD)), quoted, problem });
        this.discarding = newline === -1 && !final;
        position = lineEnd + 1;
      } else {
        const record = toRecord(bytes, position, end, quoted);
        if (record !== undefined) records.push(record);
        position = end + 1;
      }
    }
    this.rest = position < bytes.length ? bytes.subarray(position) : Buffer.alloc(0);
    return records;
  }

  /** Where the record that begins at `start` ends. A quote means something at a field's beginning only. */
  private endOfQuoted(bytes: Buffer, start: number, final: boolean): number {
    const delimiter = this.delimiter!.charCodeAt(0);
    const limit = Math.min(bytes.length, start + LONGEST_RECORD + 2);
    let quoted = false;
    let atFieldStart = true;
    for (let at = start; at < limit; at++) {
      const byte = bytes[at];
      if (!quoted) {
        if (byte === NEWLINE) return at;
        quoted = byte === QUOTE && atFieldStart;
        atFieldStart = byte === delimiter;
      } else if (byte === QUOTE) {
        const next = bytes[at + 1];
        if (next === undefined) return final ? bytes.length : NEEDS_MORE;
        if (next === QUOTE) at++;
        else if (next === delimiter || next === NEWLINE) quoted = false;
        else if (next === RETURN) {
          const after = bytes[at + 2];
          if (after === undefined && !final) return NEEDS_MORE;
          if (after !== undefined && after !== NEWLINE) return BROKEN;
          quoted = false;
        } else return BROKEN;
      }
    }
    if (limit < bytes.length) return quoted ? BROKEN : indexOrEnd(bytes, NEWLINE, limit);
    if (!final) return NEEDS_MORE;
    return quoted ? BROKEN : bytes.length;
  }
}

function indexOrEnd(bytes: Buffer, byte: number, from: number): number {
  const index = bytes.indexOf(byte, from);
  return index === -1 ? bytes.length : index;
}

const decode = (bytes: Buffer, start: number, end: number): string =>
  bytes.toString('utf8', start, end > start && bytes[end - 1] === RETURN ? end - 1 : end);

function toRecord(bytes: Buffer, start: number, end: number, quoted: boolean): SplitRecord | undefined {
  const text = decode(bytes, start, end);
  if (text === '' || text.trim() === '') return undefined;
  if (text.includes('\uFFFD') && !isUtf8(bytes.subarray(start, end))) return { text, quoted, problem: 'it is not UTF-8' };
  if (text.includes('\0')) return { text, quoted, problem: 'it holds a NUL character' };
  return { text, quoted };
}
