import type { UnitOfWork } from '../../db/unit-of-work';
import type { EventStore } from '../../events/event-store';
import type { Clock } from '../../kernel/clock';
import { asOrganization } from '../../kernel/context';
import type { FieldCipher, FieldPlace } from '../../kernel/field-cipher';
import { TwoFactorEnabled, TwoFactorNotSetUp, WrongCode } from './identity.errors';
import { recoveryCodeUsed, twoFactorDisabled, twoFactorEnabled } from './identity.events';
import type { Caller, PasswordConfirmation } from './password-confirmation';
import type { RecoveryCodes } from './recovery-codes';
import type { Throttle } from './throttle';
import { isTotpCode, newTotpSecret, stepOf, totpUri } from './totp';
import type { TwoFactor, TwoFactorRepository } from './two-factor.repository';
import type { UsersRepository } from './users.repository';

const LOWEST_ID = '00000000-0000-0000-0000-000000000000';
const BATCH = 500;

export interface Enrolment {
  /** Base 32, for people who type it into their authenticator. */
  readonly secret: string;
  /** otpauth://, for a QR code. */
  readonly uri: string;
}

/** The second factor of an account: codes of an authenticator app, and recovery codes for the day it is lost. */
export class TwoFactorService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly users: Pick<UsersRepository, 'profile' | 'credentials'>,
    private readonly factors: TwoFactorRepository,
    private readonly confirmation: PasswordConfirmation,
    private readonly cipher: FieldCipher,
    private readonly recoveryCodes: RecoveryCodes,
    private readonly throttle: Throttle,
    private readonly events: EventStore,
    private readonly clock: Clock,
  ) {}

  isEnabled(userId: string): Promise<boolean> {
    return this.factors.isEnabled(userId);
  }

  /**
   * A secret for the authenticator, in place of one that was never enabled. It asks for the password: whoever found a device unlocked must
   * not be able to lock its owner out.
   * @throws WrongPassword, TooManyAttempts, TwoFactorEnabled
   */
  async setUp(caller: Caller, password: string): Promise<Enrolment> {
    await this.confirmation.confirm(caller, password);
    const { userId } = caller;
    const secret = newTotpSecret();
    const envelope = this.cipher.encrypt(secret, placeOf(userId));
    return this.unitOfWork.run(async () => {
      if (!(await this.factors.prepare(userId, envelope, this.clock.now()))) throw alreadyEnabled();
      const { email } = await this.users.profile(userId);
      return { secret, uri: totpUri(secret, email) };
    });
  }

  /** From now on signing in takes a code. Answers the recovery codes, which nobody can read again. @throws WrongCode, TooManyAttempts, TwoFactorNotSetUp, TwoFactorEnabled */
  enable({ userId, sessionId }: Caller, code: string): Promise<string[]> {
    return this.throttle.confirmation(sessionId, () =>
      this.unitOfWork.run(async () => {
        const factor = await this.factors.find(userId);
        if (factor === undefined) throw new TwoFactorNotSetUp('Ask for a secret first: POST /auth/two-factor/setup');
        if (factor.isEnabled) throw alreadyEnabled();
        if (!(await this.acceptsTotp(userId, factor, code))) throw wrongCode();
        if (!(await this.factors.enable(userId, this.clock.now()))) throw alreadyEnabled();
        const codes = this.recoveryCodes.generate();
        await this.factors.insertRecoveryCodes(
          userId,
          codes.map((text) => this.recoveryCodes.hashOf(text)),
        );
        await this.events.append(twoFactorEnabled(userId));
        return codes;
      }),
    );
  }

  /** @throws WrongPassword, WrongCode, TooManyAttempts, TwoFactorNotSetUp */
  async disable(caller: Caller, { password, code }: { readonly password: string; readonly code: string }): Promise<void> {
    const { userId, sessionId } = caller;
    await this.confirmation.confirm(caller, password);
    await this.throttle.confirmation(sessionId, () =>
      this.unitOfWork.run(async () => {
        if (!(await this.factors.isEnabled(userId))) throw new TwoFactorNotSetUp('The second factor is not enabled');
        if (!(await this.accepts(userId, code))) throw wrongCode();
        await this.factors.remove(userId);
        await this.events.append(twoFactorDisabled(userId));
      }),
    );
  }

  /** Whether the code is good, of the authenticator or for recovery; it is used up then. Needs an open unit. */
  async accepts(userId: string, code: string): Promise<boolean> {
    const factor = await this.factors.find(userId);
    if (factor?.isEnabled !== true) return false;
    if (await this.acceptsTotp(userId, factor, code)) return true;
    if (!(await this.factors.useRecoveryCode(userId, this.recoveryCodes.hashOf(code)))) return false;
    await this.events.append(recoveryCodeUsed(userId, await this.factors.recoveryCodesLeft(userId)));
    return true;
  }

  /**
   * For a user who has lost the authenticator and the recovery codes, on the word of whoever runs the server.
   * False when nobody with this address has a second factor.
   */
  async remove(email: string): Promise<boolean> {
    const user = await this.users.credentials(email);
    if (user === undefined) return false;
    return asOrganization(user.organizationId, () =>
      this.unitOfWork.run(async () => {
        if (!(await this.factors.remove(user.userId))) return false;
        await this.events.append(twoFactorDisabled(user.userId));
        return true;
      }),
    );
  }

  /** Brings every secret under the key that encrypts now, while the server runs. Answers how many were under another one. */
  async reencrypt(): Promise<number> {
    let replaced = 0;
    for (let after = LOWEST_ID; ;) {
      const batch = await this.factors.secretsAfter(after, BATCH);
      for (const { userId, secret } of batch) {
        if (this.cipher.isCurrent(secret)) continue;
        const place = placeOf(userId);
        if (await this.factors.replaceSecret(userId, secret, this.cipher.encrypt(this.cipher.decrypt(secret, place), place))) replaced += 1;
      }
      if (batch.length < BATCH) return replaced;
      after = batch.at(-1)!.userId;
    }
  }

  private async acceptsTotp(userId: string, { secret }: TwoFactor, code: string): Promise<boolean> {
    const digits = code.replaceAll(/\s/g, '');
    if (!isTotpCode(digits)) return false;
    const step = stepOf(digits, this.cipher.decrypt(secret, placeOf(userId)), this.clock.now());
    return step !== undefined && this.factors.useStep(userId, secret, step);
  }
}

const placeOf = (userId: string): FieldPlace => ({ owner: userId, table: 'two_factors', column: 'secret', rowId: userId });
const alreadyEnabled = (): TwoFactorEnabled => new TwoFactorEnabled('The second factor is already enabled; disable it first');
const wrongCode = (): WrongCode => new WrongCode('The code is wrong, or was used before; wait for the next one');
