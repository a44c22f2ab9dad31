/** Where a request comes from, as the browser tells it. Pages can't forge these headers. */
export interface Provenance {
  /** Sec-Fetch-Site. */
  readonly fetchSite: string | undefined;
  readonly origin: string | undefined;
  /** The host and port the client asked for. */
  readonly host: string;
}

/**
 * Whether a page of this very host sends the request, or one of the origins the operator trusts. A client that tells neither Sec-Fetch-Site
 * nor Origin is not believed: it can send a bearer token instead.
 */
export function isFromOwnPage({ fetchSite, origin, host }: Provenance, trustedOrigins: readonly string[]): boolean {
  if (origin !== undefined && trustedOrigins.includes(origin)) return true;
  if (fetchSite !== undefined) return fetchSite === 'same-origin';
  return origin !== undefined && hostOf(origin) === host.toLowerCase();
}

/** `null` is the origin of sandboxed pages and has no host. */
const hostOf = (origin: string): string | undefined => (URL.canParse(origin) ? new URL(origin).host : undefined);

/** What a form, or a script of another site, can send without being asked first whether it may. */
const SENT_UNASKED = new Set(['', 'text/plain', 'multipart/form-data', 'application/x-www-form-urlencoded']);
export const isSentUnasked = (mediaType: string): boolean => SENT_UNASKED.has(mediaType);
