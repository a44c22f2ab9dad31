import { post, type AnyEndpoint } from '../../http/endpoint';
import {
  InvalidChallenge,
  InvalidSecondFactor,
  TooManyAttempts,
  TwoFactorEnabled,
  TwoFactorNotSetUp,
  WrongCode,
  WrongPassword,
} from './identity.errors';
import { signedInView } from './identity.schemas';
import type { TwoFactorController } from './two-factor.controller';
import { enrolmentView, recoveryCodesView, secondFactor, twoFactorCode, twoFactorEnd, twoFactorSetup } from './two-factor.schemas';

const tag = 'Identity';
/** Answers hold secrets, which are not stored to be sent again. */
const idempotency = 'none';

export const twoFactorRoutes = (twoFactor: TwoFactorController): AnyEndpoint[] => [
  post(
    '/auth/two-factor/setup',
    {
      operationId: 'setUpTwoFactor',
      summary: 'Ask for the secret of a second factor',
      description: 'Show the URI as a QR code to an authenticator app, then enable with a code of it. Asking again replaces the secret.',
      tag,
      allow: 'signed-in',
      body: twoFactorSetup,
      returns: enrolmentView,
      fails: [WrongPassword, TwoFactorEnabled, TooManyAttempts],
      idempotency,
      example: { password: 'a long passphrase' },
    },
    twoFactor.setUp,
  ),
  post(
    '/auth/two-factor/enable',
    {
      operationId: 'enableTwoFactor',
      summary: 'Turn the second factor on',
      description: 'From now on signing in takes a code. Answers ten recovery codes that are shown this once.',
      tag,
      allow: 'signed-in',
      body: twoFactorCode,
      returns: recoveryCodesView,
      fails: [WrongCode, TwoFactorNotSetUp, TwoFactorEnabled, TooManyAttempts],
      idempotency,
      example: { code: '492039' },
    },
    twoFactor.enable,
  ),
  post(
    '/auth/two-factor/disable',
    {
      operationId: 'disableTwoFactor',
      summary: 'Turn the second factor off',
      description: 'The secret and the recovery codes are deleted.',
      tag,
      allow: 'signed-in',
      body: twoFactorEnd,
      returns: 'nothing',
      fails: [WrongPassword, WrongCode, TwoFactorNotSetUp, TooManyAttempts],
      idempotency,
      example: { password: 'a long passphrase', code: '492039' },
    },
    twoFactor.disable,
  ),
  post(
    '/auth/two-factor/verify',
    {
      operationId: 'verifyTwoFactor',
      summary: 'Complete a sign-in with the second factor',
      description: 'The challenge is the answer of POST /auth/login, good for five minutes and one sign-in. Each code is taken once.',
      tag,
      allow: 'public',
      body: secondFactor,
      returns: signedInView,
      fails: [InvalidChallenge, InvalidSecondFactor, TooManyAttempts],
      example: { challenge: '3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', code: '492039' },
    },
    twoFactor.verify,
  ),
];
