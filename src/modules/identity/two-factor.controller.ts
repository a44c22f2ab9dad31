import type { Call, PublicCall } from '../../http/endpoint';
import { reply } from '../../http/reply';
import type { Principal } from '../../kernel/context';
import type { AuthenticationService } from './authentication.service';
import type { Caller } from './password-confirmation';
import { NOT_KEPT, type SignedInAnswers } from './signed-in.view';
import type { EnrolmentView, RecoveryCodesView, SecondFactor, TwoFactorCode, TwoFactorEnd, TwoFactorSetup } from './two-factor.schemas';
import type { TwoFactorService } from './two-factor.service';

export class TwoFactorController {
  constructor(
    private readonly twoFactor: TwoFactorService,
    private readonly authentication: AuthenticationService,
    private readonly answers: SignedInAnswers,
  ) {}

  setUp = async ({ principal, body }: Call<{ body: TwoFactorSetup }>) =>
    reply<EnrolmentView>(await this.twoFactor.setUp(callerOf(principal), body.password), { headers: NOT_KEPT });

  enable = async ({ principal, body }: Call<{ body: TwoFactorCode }>) => {
    const recoveryCodes = await this.twoFactor.enable(callerOf(principal), body.code);
    return reply<RecoveryCodesView>({ recoveryCodes }, { headers: NOT_KEPT });
  };

  disable = ({ principal, body }: Call<{ body: TwoFactorEnd }>) => this.twoFactor.disable(callerOf(principal), body);

  verify = async ({ body, request }: PublicCall<{ body: SecondFactor }>) => {
    const { signedIn, session } = await this.authentication.verify(body.challenge, body.code, request.userAgent);
    return this.answers.reply(signedIn, session);
  };
}

const callerOf = ({ userId, session }: Principal): Caller => ({ userId, sessionId: session.id });
