import type { UnitOfWork } from '../../db/unit-of-work';
import type { Background } from '../../jobs/background';
import type { Clock } from '../../kernel/clock';
import { asUser } from '../../kernel/context';
import type { AccountsService, NewAccount } from './accounts.service';
import { InvalidChallenge, InvalidCredentials, InvalidSecondFactor } from './identity.errors';
import type { SessionKind } from './domain/session-kind';
import type { KnownDevice } from './known-devices';
import type { LoginChallengesRepository } from './login-challenges.repository';
import type { PasswordHasher } from './password-hasher';
import { hashOf, newToken } from './secret-token';
import type { SessionsService, SignedIn } from './sessions.service';
import type { Throttle } from './throttle';
import type { TwoFactorService } from './two-factor.service';
import type { Credentials, UsersRepository } from './users.repository';

const CHALLENGE_SECONDS = 5 * 60;

export interface LoginAttempt {
  /** Lower case. */
  readonly email: string;
  readonly password: string;
  readonly session: SessionKind;
  /** Undefined: a stranger's. */
  readonly device: KnownDevice | undefined;
  readonly userAgent: string | undefined;
  /** Of a user who belongs to several; the one last joined by an invitation, else the oldest, when left out. */
  readonly organizationId?: string | undefined;
}

/** The password was right; now the second factor is asked for. */
export interface Challenge {
  readonly challenge: string;
  /** Seconds until it is over. */
  readonly expiresIn: number;
}

/** Signing up and signing in. */
export class AuthenticationService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly accounts: AccountsService,
    private readonly users: UsersRepository,
    private readonly hasher: PasswordHasher,
    private readonly throttle: Throttle,
    private readonly twoFactor: Pick<TwoFactorService, 'isEnabled' | 'accepts'>,
    private readonly challenges: LoginChallengesRepository,
    private readonly sessions: Pick<SessionsService, 'start'>,
    private readonly background: Pick<Background, 'run'>,
    private readonly clock: Clock,
  ) {}

  /** @throws Duplicate, TooManyAttempts */
  async register(account: NewAccount, userAgent: string | undefined): Promise<SignedIn> {
    await this.throttle.accountRequest('registration', account.email);
    return this.accounts.create(account, (made) => this.sessions.start(made, userAgent));
  }

  /**
   * Signs in, or answers a challenge when the account has a second factor.
   * @throws InvalidCredentials, in the same time for known and unknown addresses; TooManyAttempts
   */
  login(attempt: LoginAttempt): Promise<SignedIn | Challenge> {
    return this.signIn(attempt, () => this.users.credentials(attempt.email, attempt.organizationId));
  }

  /** Signs in to an organization that the account is just joining: `join` runs in the same unit, and in the organization's context. */
  enter(attempt: LoginAttempt, account: Credentials, join: () => Promise<void>): Promise<SignedIn | Challenge> {
    return this.signIn(attempt, () => Promise.resolve(account), join);
  }

  /** Exchanges a challenge and a code for a session of the kind that was asked for at the login. @throws InvalidChallenge, InvalidSecondFactor, TooManyAttempts */
  async verify(token: string, code: string, userAgent: string | undefined): Promise<{ signedIn: SignedIn; session: SessionKind }> {
    const hash = hashOf(token);
    const challenge = await this.challenges.find(hash, this.clock.now());
    if (challenge === undefined) throw staleChallenge();
    return this.throttle.secondFactor(challenge.userId, challenge.deviceId, () =>
      asUser(challenge, () =>
        this.unitOfWork.run(async () => {
          // A wrong code rolls back, so that the challenge may be tried again.
          if (!(await this.challenges.use(hash))) throw staleChallenge();
          if (!(await this.twoFactor.accepts(challenge.userId, code)))
            throw new InvalidSecondFactor('The code is wrong, or was used before; wait for the next one, or use a recovery code');
          return { signedIn: await this.sessions.start(challenge, userAgent), session: challenge.session };
        }),
      ),
    );
  }

  /** Looks the account up, compares the password outside of any transaction, then signs in within one. */
  private async signIn(
    attempt: LoginAttempt,
    find: () => Promise<Credentials | undefined>,
    join: () => Promise<void> = () => Promise.resolve(),
  ): Promise<SignedIn | Challenge> {
    const { email, password } = attempt;
    const device = await this.stillKnown(attempt);
    return this.throttle.login(email, device, async () => {
      const credentials = await find();
      const matches = await this.hasher.matches(password, credentials?.passwordHash, email);
      if (!matches || credentials === undefined) throw wrongCredentials();
      const outcome = await asUser(credentials, () =>
        this.unitOfWork.run(async () => {
          await join();
          return this.proceed(credentials, attempt, device ?? null);
        }),
      );
      this.renewHash(credentials, password);
      return outcome;
    });
  }

  /** The device's id, unless the password it once knew was replaced. */
  private async stillKnown({ email, device }: LoginAttempt): Promise<string | undefined> {
    return device !== undefined && (await this.users.passwordVersion(email)) === device.passwordVersion ? device.id : undefined;
  }

  /**
   * A hash of another cost than the configured one is replaced, after the answer: nobody waits for it, and its time tells nothing. Only when
   * nobody else is signing in, whose turn it would take; else after one of the next sign-ins.
   */
  private renewHash({ userId, passwordHash }: Credentials, password: string): void {
    if (this.hasher.isCurrent(passwordHash)) return;
    this.background.run('renewal of a password hash', async () => {
      if (!this.hasher.isIdle) return;
      await this.users.renewHash(userId, passwordHash, await this.hasher.hash(password));
    });
  }

  private async proceed(
    credentials: Credentials,
    { session, userAgent }: LoginAttempt,
    deviceId: string | null,
  ): Promise<SignedIn | Challenge> {
    if (!(await this.users.stillHas(credentials))) throw wrongCredentials();
    const { userId, organizationId } = credentials;
    if (!(await this.twoFactor.isEnabled(userId))) return this.sessions.start(credentials, userAgent);
    const challenge = newToken();
    const expiresAt = new Date(this.clock.now().getTime() + CHALLENGE_SECONDS * 1000);
    await this.challenges.insert(hashOf(challenge), { userId, organizationId, session, deviceId }, expiresAt);
    return { challenge, expiresIn: CHALLENGE_SECONDS };
  }
}

const wrongCredentials = (): InvalidCredentials => new InvalidCredentials('The e-mail address or the password is wrong');
const staleChallenge = (): InvalidChallenge => new InvalidChallenge('The sign-in took too long, or was completed; sign in again');
