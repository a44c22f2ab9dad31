import { failure } from './app-error';

export class InvalidInput extends failure('INVALID_INPUT', 400, 'The request does not have the declared shape') {}
/** For a rule that only the domain can check. `path` leads to the field in the request. */
export const invalidField = (path: string, message: string): InvalidInput =>
  new InvalidInput(`${path} ${message}`, { issues: [{ path, message }] });
export class Unauthenticated extends failure('UNAUTHENTICATED', 401, 'No valid access token') {}
export class Forbidden extends failure('FORBIDDEN', 403, 'The role lacks the permission') {}
export class NotFound extends failure('NOT_FOUND', 404, 'No such resource') {}
export class VersionMismatch extends failure('VERSION_MISMATCH', 412, 'The resource changed since the version in If-Match') {}
/** A thing named in the request does not exist or can't be used. */
export class UnusableReference extends failure(
  'UNUSABLE_REFERENCE',
  422,
  'Something the request refers to does not exist or cannot be used',
) {}
export class Duplicate extends failure('DUPLICATE', 409, 'Another resource already has this value') {}
export class InUse extends failure('IN_USE', 409, 'Other resources still refer to it') {}
export class ResourceBusy extends failure('RESOURCE_BUSY', 409, 'Another request holds the resource; try again') {}
export class Unavailable extends failure('UNAVAILABLE', 503, 'The server cannot answer now; try again') {}
/** The connection was lost while committing: only the idempotency key can tell what happened. */
export class OutcomeUnknown extends failure('OUTCOME_UNKNOWN', 503, 'The outcome is not known; repeat with the same Idempotency-Key') {}
