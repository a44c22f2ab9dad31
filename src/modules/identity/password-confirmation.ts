import { WrongPassword } from './identity.errors';
import type { PasswordHasher } from './password-hasher';
import type { Throttle } from './throttle';
import type { UsersRepository } from './users.repository';

/** Who is asking: a signed-in user in one of their sessions. */
export interface Caller {
  readonly userId: string;
  readonly sessionId: string;
}

/** Asks a signed-in user for the password once more, where a stolen access token must not be enough. */
export class PasswordConfirmation {
  constructor(
    private readonly users: Pick<UsersRepository, 'password'>,
    private readonly hasher: PasswordHasher,
    private readonly throttle: Throttle,
  ) {}

  /** The version of the password that was confirmed. @throws WrongPassword, TooManyAttempts */
  confirm({ userId, sessionId }: Caller, password: string): Promise<number> {
    return this.throttle.confirmation(sessionId, async () => {
      const stored = await this.users.password(userId);
      const matches = await this.hasher.matches(password, stored?.passwordHash, userId);
      if (!matches || stored === undefined) throw new WrongPassword('The password is not the one of this account');
      return stored.passwordVersion;
    });
  }
}
