/** Payment terms as people write them: a number of days, "Net 30", "30 days", "Due on receipt". */
const TERMS = /^(?:net ?)?(\d{1,3})(?: days?)?$/i;
const AT_ONCE = /^due on receipt$/i;
export const LONGEST_TERM = 365;

/** Days until an invoice is due, 0 to 365; undefined when the text says no such number. */
export function paymentTermDays(terms: string): number | undefined {
  if (AT_ONCE.test(terms)) return 0;
  const days = Number(TERMS.exec(terms)?.[1] ?? Number.NaN);
  return days <= LONGEST_TERM ? days : undefined;
}
