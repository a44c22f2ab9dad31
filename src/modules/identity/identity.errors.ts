import { failure } from '../../kernel/app-error';

/** One answer for an unknown address, a wrong password and a disabled account: it must not tell them apart. */
export class InvalidCredentials extends failure('INVALID_CREDENTIALS', 401, 'The e-mail address or the password is wrong') {}
/** One answer for a token that is unknown, expired, already used, or of an ended session. */
export class InvalidRefreshToken extends failure('INVALID_REFRESH_TOKEN', 401, 'The refresh token is no longer good; sign in again') {}
/** Says nothing about whether the account exists. */
export class TooManyAttempts extends failure('TOO_MANY_ATTEMPTS', 429, 'Too many attempts; Retry-After tells when to go on') {}
export class SessionNotFound extends failure('SESSION_NOT_FOUND', 404, 'You have no such session') {}
export class UserNotFound extends failure('USER_NOT_FOUND', 404, 'No such user in the organization') {}
export class LastAdmin extends failure('LAST_ADMIN', 409, 'An organization keeps at least one admin who can sign in') {}
export class InvitationNotFound extends failure('INVITATION_NOT_FOUND', 404, 'No such open invitation') {}
/** One answer for a mailed link that is unknown, used or too old. */
export class InvalidLink extends failure('INVALID_LINK', 400, 'The mailed link is no longer good') {}
/** For what a signed-in user does: 401 would tell the client that the session has ended. */
export class WrongPassword extends failure('WRONG_PASSWORD', 422, 'The password is not the one of the account') {}
export class WrongCode extends failure('WRONG_CODE', 422, 'The code of the second factor is wrong, or was used before') {}
export class TwoFactorEnabled extends failure('TWO_FACTOR_ENABLED', 409, 'The second factor is already enabled') {}
export class TwoFactorNotSetUp extends failure('TWO_FACTOR_NOT_SET_UP', 409, 'The second factor was not set up') {}
export class InvalidChallenge extends failure('INVALID_CHALLENGE', 401, 'The sign-in took too long, or was completed; sign in again') {}
export class InvalidSecondFactor extends failure('INVALID_SECOND_FACTOR', 401, 'The code is wrong, or was used before') {}
