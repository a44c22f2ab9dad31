import type { Call } from '../../http/endpoint';
import { answerPage, pageWanted } from '../../http/lists/raw-list';
import { reply } from '../../http/reply';
import type { CookieSessions } from './cookie-sessions';
import { SESSION_SORTS } from './sessions.queries';
import type { SessionList, SessionParams, SessionView } from './sessions.schemas';
import type { SessionsService } from './sessions.service';

export class SessionsController {
  constructor(
    private readonly sessions: Pick<SessionsService, 'list' | 'end'>,
    private readonly cookies: Pick<CookieSessions, 'end' | 'kindOf'>,
  ) {}

  list = async ({ query, principal }: Call<{ query: SessionList }>) => {
    const wanted = pageWanted(query, SESSION_SORTS);
    const page = await this.sessions.list({ userId: principal.userId, sessionId: principal.session.id }, wanted);
    return answerPage<SessionView>(page, wanted);
  };

  /** Ending the session at hand signs out, so its cookies go too. */
  end = async ({ params, principal, request }: Call<{ params: SessionParams }>) => {
    await this.sessions.end(params.sessionId, principal.userId);
    const signsOut = params.sessionId === principal.session.id && this.cookies.kindOf(request) === 'cookie';
    return reply(undefined, signsOut ? { cookies: this.cookies.end() } : {});
  };
}
