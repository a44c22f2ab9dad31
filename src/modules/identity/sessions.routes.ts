import { del, get, type AnyEndpoint } from '../../http/endpoint';
import { SessionNotFound } from './identity.errors';
import type { SessionsController } from './sessions.controller';
import { sessionList, sessionPage, sessionParams } from './sessions.schemas';

const tag = 'Identity';

export const sessionRoutes = (sessions: SessionsController): AnyEndpoint[] => [
  get(
    '/auth/sessions',
    {
      operationId: 'listSessions',
      summary: 'List where you are signed in',
      description: 'Your sessions that have not ended, the youngest first.',
      tag,
      allow: 'signed-in',
      query: sessionList,
      returns: sessionPage,
    },
    sessions.list,
  ),
  del(
    '/auth/sessions/:sessionId',
    {
      operationId: 'endSession',
      summary: 'End one of your sessions',
      description: 'Its tokens stop working at once. Ending the session of this request is signing out.',
      tag,
      allow: 'signed-in',
      params: sessionParams,
      returns: 'nothing',
      fails: [SessionNotFound],
    },
    sessions.end,
  ),
];
