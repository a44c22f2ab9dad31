import type { Kind } from './mapping';
import type { Refusal } from './row-reader';
import type { SourceRow } from './source-row';

/** A line of a sale or return, or a stock note. Decimals are text. */
export interface SourceLine {
  /** In the file. */
  readonly row: number;
  readonly productCode: string;
  /** The product code in lower case: products are told apart without case. */
  readonly productKey: string;
  /** Sold without stock. */
  readonly service: boolean;
  readonly description?: string;
  /** More than zero in sales and returns, whatever the file's sign; of stock notes signed as in the file. */
  readonly quantity: string;
  readonly unitPrice: string;
  /** quantity × unitPrice in the currency's minor unit, half away from zero. */
  readonly total: string;
}

/** Rows of one kind. Totals are Σ quantity × unit price with the file's signs: exactly, and of lines rounded to the minor unit. */
export interface KindTotal {
  readonly kind: Kind | 'rejected';
  readonly label?: string;
  readonly rows: number;
  readonly total: string;
  readonly roundedTotal: string;
  /** Rejected rows whose amount can't be read and isn't in the totals. */
  readonly unreadable?: number;
}

/**
 * All rows of one document number, good throughout. Rows are judged one by one, so a document may be a sale with stock notes in between.
 * With neither sale nor return lines nor stock notes there is nothing to import.
 */
export interface SourceDocument {
  readonly rejected: false;
  readonly number: string;
  readonly firstRow: number;
  readonly lastRow: number;
  /** Of several times on one document the first counts. */
  readonly occurredAt: Date;
  readonly customerCode?: string;
  /** From the file, else by the mapping's pattern from the code. */
  readonly customerName?: string;
  /** ISO 3166-1, or the file's name for it when the mapping has no code. */
  readonly country?: string;
  readonly saleLines: readonly SourceLine[];
  readonly returnLines: readonly SourceLine[];
  readonly stockNotes: readonly SourceLine[];
  /** Σ of the lines' totals, not negative. */
  readonly saleTotal: string;
  readonly returnTotal: string;
  readonly kinds: readonly KindTotal[];
  /** SHA-256 of what the document says, wherever in whatever file it stands. */
  readonly contentHash: Buffer;
  readonly sourceRows: readonly SourceRow[];
}

export interface RejectedRow {
  readonly source: SourceRow;
  readonly refusal: Refusal;
}

/**
 * A document with a bad row is rejected as a whole, so that it arrives complete when the mended file is fed again. Each row has its own
 * reason or `document_rejected`. A row whose document can't be made out comes alone, with `number` null.
 */
export interface RejectedDocument {
  readonly rejected: true;
  readonly number: string | null;
  readonly firstRow: number;
  readonly lastRow: number;
  /** The first bad row's. */
  readonly reason: Refusal;
  readonly rows: readonly RejectedRow[];
  readonly kinds: readonly KindTotal[];
  readonly contentHash: Buffer;
}

export type ReadDocument = SourceDocument | RejectedDocument;
