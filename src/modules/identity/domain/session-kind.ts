/** How a client is signed in: with tokens it keeps itself, or with cookies its browser keeps. */
export const SESSION_KINDS = ['bearer', 'cookie'] as const;
export type SessionKind = (typeof SESSION_KINDS)[number];
