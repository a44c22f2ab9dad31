export interface Mail {
  /** What it is about, as logs and file names say it: `password-reset`. */
  readonly kind: string;
  /** One address. */
  readonly to: string;
  readonly subject: string;
  /** Plain text. May hold a secret link, so no log sees it and the database only encrypted. */
  readonly text: string;
  /** Milliseconds for which it is worth arriving: as long as its link works. */
  readonly goodFor: number;
}

/** Subjects and names are what people wrote: no line of theirs may begin a header of ours. */
export const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');
