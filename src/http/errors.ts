import { failure, type AppError, type FailureClass } from '../kernel/app-error';

/** Refusals of the HTTP layer itself; every route may answer with them, so routes don't list them. */
export class MethodNotAllowed extends failure('METHOD_NOT_ALLOWED', 405, 'The path exists, but not with this method') {}
export class RequestTimeout extends failure('REQUEST_TIMEOUT', 408, 'The request did not arrive in time') {}
/** Nobody reads this answer; it keeps a client that hung up from looking like a fault of ours. */
export class ClientClosed extends failure('CLIENT_CLOSED', 499, 'The client closed the connection before the answer') {}
export class CrossSiteRequest extends failure(
  'CROSS_SITE_REQUEST',
  403,
  'A change by cookie came without proof that an own page asks for it',
) {}
export class PayloadTooLarge extends failure('PAYLOAD_TOO_LARGE', 413, 'The body is larger than this route takes') {}
export class HeadersTooLarge extends failure('HEADERS_TOO_LARGE', 431, 'The request line and headers are larger than the server takes') {}
export class UnsupportedMediaType extends failure('UNSUPPORTED_MEDIA_TYPE', 415, 'The body is not of a type this route takes') {}
export class TooManyRequests extends failure(
  'TOO_MANY_REQUESTS',
  429,
  'The limit of requests is reached; Retry-After tells when to go on',
) {}
export class Internal extends failure('INTERNAL', 500, 'Something went wrong in the server') {}
/** Only where answers are checked against their declaration (tests). */
export class ResponseMismatch extends failure('RESPONSE_MISMATCH', 500, 'The answer does not have its declared shape') {}

/** The error as every client reads it. */
export const errorBody = ({ code, message, details }: AppError, requestId: string) => ({
  error: { code, message, ...(details !== undefined && { details }), requestId },
});

/** The same for clients that accept application/problem+json (RFC 9457). */
export const problemBody = (error: AppError, requestId: string) => ({
  type: `urn:problem:${error.code.toLowerCase().replaceAll('_', '-')}`,
  title: (error.constructor as FailureClass).meaning,
  status: error.status,
  detail: error.message,
  code: error.code,
  ...(error.details !== undefined && { details: error.details }),
  requestId,
});
