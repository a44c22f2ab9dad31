import type { JsonPage } from '../../db/json-page';
import type { UnitOfWork } from '../../db/unit-of-work';
import type { EventStore } from '../../events/event-store';
import type { Clock } from '../../kernel/clock';
import { asUser, currentContext } from '../../kernel/context';
import { newId } from '../../kernel/ids';
import { ACCESS_TOKEN_SECONDS, type AccessTokens } from './access-token';
import type { Account } from './domain/account';
import { InvalidRefreshToken, SessionNotFound } from './identity.errors';
import { sessionEnded, sessionStarted, type EndOfSession } from './identity.events';
import type { Caller } from './password-confirmation';
import type { Principals } from './principals';
import { expiryOf, RETRY_WINDOW_MS } from './refresh-token';
import { hashOf, newToken, type TokenHash } from './secret-token';
import type { SessionsQueries, SessionsWanted } from './sessions.queries';
import type { Family, SessionsRepository } from './sessions.repository';
import type { Profile, UsersRepository } from './users.repository';

export interface SignedIn {
  readonly sessionId: string;
  /** When the session ends unless it is refreshed. */
  readonly sessionExpiresAt: Date;
  readonly profile: Profile;
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Seconds until the access token expires. */
  readonly expiresIn: number;
}

/** A session is one sign-in: a family of refresh tokens, of which only the youngest may be used. */
export class SessionsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly users: Pick<UsersRepository, 'profile'>,
    private readonly sessions: SessionsRepository,
    private readonly queries: SessionsQueries,
    private readonly tokens: AccessTokens,
    private readonly principals: Pick<Principals, 'forget'>,
    private readonly events: EventStore,
    private readonly clock: Clock,
  ) {}

  /** Needs an open unit, in the context of the user. */
  async start({ userId, organizationId }: Account, userAgent: string | undefined): Promise<SignedIn> {
    const now = this.clock.now();
    const session = { sessionId: newId(), userId, organizationId, userAgent, expiresAt: expiryOf(now, now) };
    await this.sessions.insert(session, now);
    await this.events.append(sessionStarted(session.sessionId, userId));
    return this.issue(session, null, session.expiresAt);
  }

  /**
   * A new access token and a new refresh token for the one presented, which is used up. A used one that comes back was stolen, or its thief
   * has already used it: the whole session ends. Except within ten seconds while its successor is unused: that is a client which never got
   * the answer, and it gets another successor in place of the lost one. `permit` may refuse, knowing whose session it is.
   * @throws InvalidRefreshToken
   */
  async refresh(token: string, permit: (sessionId: string) => void = () => undefined): Promise<SignedIn> {
    const hash = hashOf(token);
    const family = await this.sessions.familyOf(hash);
    if (family === undefined) throw staleToken();
    permit(family.sessionId);
    // The end of a stolen session has to be committed, so the refusal comes after the unit.
    const signedIn = await asUser(family, () => this.unitOfWork.run(() => this.rotate(hash, family)));
    if (signedIn === undefined) throw staleToken();
    return signedIn;
  }

  /** Acts on the very next request: the database no longer proves the session. */
  async logout(sessionId: string, userId: string): Promise<void> {
    await this.unitOfWork.run(async () => {
      const ended = await this.sessions.end(sessionId, 'logout', this.clock.now());
      if (ended) await this.events.append(sessionEnded(sessionId, userId, 'logout'));
    });
    this.principals.forget(sessionId);
  }

  /** Of the caller, in every organization. */
  list({ userId, sessionId }: Caller, wanted: SessionsWanted): Promise<JsonPage> {
    return this.queries.list(userId, sessionId, this.clock.now(), wanted);
  }

  /** One of the user's own, in whatever organization: there the event goes. Of several who end it one does. @throws SessionNotFound */
  async end(sessionId: string, userId: string): Promise<void> {
    const now = this.clock.now();
    const session = await this.sessions.findOwn(sessionId, userId, now);
    if (session === undefined) throw noSession(sessionId);
    await asUser(session, () =>
      this.unitOfWork.run(async () => {
        if (!(await this.sessions.end(sessionId, 'ended_by_user', now))) throw noSession(sessionId);
        await this.events.append(sessionEnded(sessionId, userId, 'ended_by_user'));
      }),
    );
    this.principals.forget(sessionId);
  }

  /** Ends all sessions of a user, in every organization or in one; needs an open unit. Answers how many there were. */
  async endAll(userId: string, reason: EndOfSession, organizationId?: string): Promise<number> {
    const ended = await this.sessions.endAll(userId, organizationId, reason, this.clock.now());
    // Events belong to an organization: what ended elsewhere is told by the event of the cause, wherever that is.
    const here = ended.filter((session) => session.organizationId === currentContext().organizationId);
    await this.events.append(...here.map(({ sessionId }) => sessionEnded(sessionId, userId, reason)));
    for (const { sessionId } of ended) this.unitOfWork.onCommit(() => this.principals.forget(sessionId));
    return ended.length;
  }

  private async rotate(hash: TokenHash, family: Family): Promise<SignedIn | undefined> {
    const now = this.clock.now();
    const session = await this.sessions.lockLive(family.sessionId, now);
    if (session === undefined) return undefined;
    if (!(await this.sessions.useToken(hash, now))) {
      const spent = await this.sessions.spentToken(hash);
      if (spent.usedAt === null) return undefined;
      const isRetry = now.getTime() - spent.usedAt.getTime() <= RETRY_WINDOW_MS && spent.child?.used === false;
      if (!isRetry) {
        await this.sessions.end(family.sessionId, 'refresh_token_reused', now);
        await this.events.append(sessionEnded(family.sessionId, family.userId, 'refresh_token_reused'));
        return undefined;
      }
      // Two unused tokens of one session would let a thief and the owner go on side by side.
      await this.sessions.removeToken(spent.child.hash);
    }
    const expiresAt = expiryOf(session.createdAt, now);
    await this.sessions.extend(family.sessionId, expiresAt, now);
    return this.issue(family, hash, expiresAt);
  }

  /** The next pair of tokens of a session. */
  private async issue(family: Family, parent: TokenHash | null, expiresAt: Date): Promise<SignedIn> {
    const refreshToken = newToken();
    await this.sessions.insertToken(family.sessionId, { hash: hashOf(refreshToken), parent, expiresAt }, this.clock.now());
    return {
      sessionId: family.sessionId,
      sessionExpiresAt: expiresAt,
      profile: await this.users.profile(family.userId),
      accessToken: this.tokens.sign(family),
      refreshToken,
      expiresIn: ACCESS_TOKEN_SECONDS,
    };
  }
}

const noSession = (sessionId: string): SessionNotFound => new SessionNotFound(`You have no session ${sessionId}`);
const staleToken = (): InvalidRefreshToken => new InvalidRefreshToken('The refresh token is no longer good; sign in again');
