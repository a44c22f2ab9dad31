/** What no text may hold: NUL, which PostgreSQL does not store, and half a surrogate pair, which has no form in UTF-8. */
export const NOT_TEXT = /[\0\p{Surrogate}]/u;

/** The beginning, of at most so many UTF-16 units. A surrogate pair is not cut in two. */
export const beginningOf = (text: string, longest: number): string => text.slice(0, longest).replace(/\p{Surrogate}$/u, '');
