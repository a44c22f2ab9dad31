import { VersionMismatch } from './common-errors';

/** Optimistic locking: call it under the row's lock. `expected` comes from If-Match; undefined means that any version will do. */
export function requireVersion(current: { readonly version: number }, expected: number | undefined): void {
  if (expected === undefined || expected === current.version) return;
  throw new VersionMismatch(`The resource is at version ${current.version}, and If-Match asked for ${expected}; read it again`, {
    expected,
    current: current.version,
  });
}
