/** Keyset paging, in the words that HTTP and the database share. */

/** What a list is sorted by, and so how it travels in a cursor: `instant` is ISO 8601 text (any precision), `text` up to 500 characters. */
export type KeyKind = 'id' | 'instant' | 'decimal' | 'text';

/** Where a row stands in a list: what it is sorted by, then its id. */
export type RowKey = readonly [key: string, id: string];

/** Where to go on: rows after (or, going backward, before) this one in the order of the sort. */
export interface Seek {
  readonly values: RowKey;
  readonly backward: boolean;
}
