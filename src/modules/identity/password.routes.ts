import { post, type AnyEndpoint } from '../../http/endpoint';
import { InvalidLink, TooManyAttempts, WrongPassword } from './identity.errors';
import { signedInView } from './identity.schemas';
import type { PasswordController } from './password.controller';
import { forgottenPassword, forgottenPasswordView, passwordChange, passwordReset } from './password.schemas';

const tag = 'Identity';

export const passwordRoutes = (passwords: PasswordController): AnyEndpoint[] => [
  post(
    '/auth/forgot-password',
    {
      operationId: 'forgotPassword',
      summary: 'Ask for a link to choose a new password',
      description:
        'The link is mailed to the address, works once, and for 30 minutes; its token is what POST /auth/reset-password takes. The answer ' +
        'is the same for every address.',
      tag,
      allow: 'public',
      body: forgottenPassword,
      returns: forgottenPasswordView,
      status: 202,
      fails: [TooManyAttempts],
      example: { email: 'ada@example.com' },
    },
    passwords.forget,
  ),
  post(
    '/auth/reset-password',
    {
      operationId: 'resetPassword',
      summary: 'Choose a new password with a mailed link',
      description:
        'All sessions of the account end; sign in with the new password. With the first mailed link that an account uses, a second factor ends ' +
        'too: until then anybody could have made the account.',
      tag,
      allow: 'public',
      body: passwordReset,
      returns: 'nothing',
      fails: [InvalidLink],
      example: { token: '3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', password: 'a longer passphrase' },
    },
    passwords.reset,
  ),
  post(
    '/auth/change-password',
    {
      operationId: 'changePassword',
      summary: 'Change your password',
      description: 'All your sessions end, this one too; the answer holds a new one, in cookies when you are signed in by cookies.',
      tag,
      allow: 'signed-in',
      body: passwordChange,
      returns: signedInView,
      fails: [WrongPassword, TooManyAttempts],
      idempotency: 'none',
      example: { currentPassword: 'a long passphrase', newPassword: 'a longer passphrase' },
    },
    passwords.change,
  ),
];
