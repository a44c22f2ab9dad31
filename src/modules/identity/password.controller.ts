import type { Call, PublicCall } from '../../http/endpoint';
import { reply } from '../../http/reply';
import type { CookieSessions } from './cookie-sessions';
import type { ForgottenPassword, PasswordChange, PasswordResetBody } from './password.schemas';
import type { PasswordsService } from './passwords.service';
import type { SignedInAnswers } from './signed-in.view';

/** The same for every address. */
const ANSWER = { message: 'If there is an account with this address, a mail with a link to choose a new password is on its way.' };

export class PasswordController {
  constructor(
    private readonly passwords: PasswordsService,
    private readonly cookies: Pick<CookieSessions, 'kindOf'>,
    private readonly answers: SignedInAnswers,
  ) {}

  forget = async ({ body }: PublicCall<{ body: ForgottenPassword }>) => {
    await this.passwords.requestReset(body.email);
    return reply(ANSWER, { status: 202 });
  };

  reset = ({ body }: PublicCall<{ body: PasswordResetBody }>) => this.passwords.reset(body.token, body.password);

  change = async ({ body, principal, request }: Call<{ body: PasswordChange }>) => {
    const { userId, organizationId, session } = principal;
    const caller = { userId, organizationId, sessionId: session.id };
    const signedIn = await this.passwords.change(caller, body.currentPassword, body.newPassword, request.userAgent);
    return this.answers.reply(signedIn, this.cookies.kindOf(request));
  };
}
