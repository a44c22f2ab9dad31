import { NOT_TEXT } from '../../kernel/text';
import type { Column, ImportMapping } from './mapping';

/** The mapped columns of a row as text, trimmed; empty where the row or the mapping has none. */
export type RowFields = Readonly<Record<Column, string>>;

export interface SourceRow {
  /** 1 is the first row of data; blank lines don't count. */
  readonly row: number;
  /** The row as it stands in the file; of one that is too long, the beginning. */
  readonly text: string;
  /** As far as it can be made out, in a malformed row too; else empty. */
  readonly documentNumber: string;
  /** Undefined when the row is malformed. */
  readonly fields: RowFields | undefined;
  /** What is wrong with a malformed row. */
  readonly problem?: string;
}

/** The longest document number, product code and customer code, in UTF-16 units. */
export const LONGEST_CODE = 100;

/**
 * A code as it is compared and stored: trimmed, NFC, and whole again when a spreadsheet made a number of it. Empty when it can't be a
 * code at all: too long, or with characters that PostgreSQL doesn't store.
 */
export function identity(text: string, column: ImportMapping['integerCodes'][number], { integerCodes }: ImportMapping): string {
  const code = nfc(text.trim());
  if (code.length > LONGEST_CODE || NOT_TEXT.test(code)) return '';
  return integerCodes.includes(column) ? code.replace(/^(\d+)\.0+$/, '$1') : code;
}

/** Unicode's composed form. Plain ASCII has no other, and nearly everything is: asking first is many times faster. */
// oxlint-disable-next-line no-control-regex -- the whole of ASCII is meant
export const nfc = (text: string): string => (/^[\x01-\x7f]*$/.test(text) ? text : text.normalize('NFC'));
