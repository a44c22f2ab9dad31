/** A single resource as JSON text that PostgreSQL built, with its version beside it, so that an ETag needs no parsing. */
export interface VersionedJson {
  readonly version: number;
  readonly json: string;
}

/** Takes apart what a statement of the form `SELECT version || E'\n' || json` answered. Null stays null. */
export function versionedJson(text: string | null): VersionedJson | null {
  if (text === null) return null;
  const end = text.indexOf('\n');
  return { version: Number(text.slice(0, end)), json: text.slice(end + 1) };
}
