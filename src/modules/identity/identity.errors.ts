import { failure } from '../../kernel/app-error';

/** One answer for an unknown address, a wrong password and a disabled account: it must not tell them apart. */
export class InvalidCredentials extends failure('INVALID_CREDENTIALS', 401, 'The e-mail address or the password is wrong') {}
/** One answer for a token that is unknown, expired, already used, or of an ended session. */
export class InvalidRefreshToken extends failure('INVALID_REFRESH_TOKEN', 401, 'The refresh token is no longer good; sign in again') {}
/** Says nothing about whether the account exists. */
export class TooManyAttempts extends failure('TOO_MANY_ATTEMPTS', 429, 'Too many attempts; Retry-After tells when to go on') {}
