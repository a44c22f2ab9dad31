import { AppError, failure } from './app-error';

/** `atomic`: all rows or none. `continue`: what can be done is done, the rest is refused row by row. */
export const BULK_MODES = ['atomic', 'continue'] as const;
export type BulkMode = (typeof BULK_MODES)[number];

/** One row of many on its way: what has become of it, or why it is refused. */
export type Attempt<T> = { readonly value: T } | { readonly refusal: AppError };

/** details: { rejected, rows: [{ index, error }] } */
export class RowsRejected extends failure('ROWS_REJECTED', 422, 'Rows were refused, so none of them was written') {}

/** Takes each row that is not refused one step further. An AppError that the step throws refuses its row alone. */
export const proceed = <A, B>(rows: ReadonlyArray<Attempt<A>>, step: (value: A) => B): Array<Attempt<B>> =>
  rows.map((row) => {
    if ('refusal' in row) return row;
    try {
      return { value: step(row.value) };
    } catch (error) {
      if (error instanceof AppError) return { refusal: error };
      throw error;
    }
  });

export const acceptedOf = <T>(rows: ReadonlyArray<Attempt<T>>): T[] => rows.flatMap((row) => ('value' in row ? [row.value] : []));

/** An error as a verdict on one row tells it. */
export const errorOf = ({ code, message, details }: AppError) => ({ code, message, ...(details !== undefined && { details }) });

/** @throws RowsRejected in atomic mode when a row is refused */
export function requireAll(mode: BulkMode, rows: ReadonlyArray<Attempt<unknown>>): void {
  if (mode !== 'atomic') return;
  const refused = rows.flatMap((row, index) => ('refusal' in row ? [{ index, error: errorOf(row.refusal) }] : []));
  const [first] = refused;
  if (first === undefined) return;
  const which = refused.length === 1 ? '1 row was' : `${refused.length} of ${rows.length} rows were`;
  throw new RowsRejected(`${which} refused, so none was written; row ${first.index}: ${first.error.message}`, {
    rejected: refused.length,
    rows: refused,
  });
}
