import { bool, describe, id, instantView, named, nullable, shape, text, type Infer } from '../../http/fields/fields';
import { listQuery, pageOf } from '../../http/lists/paging';

export const sessionParams = shape({ sessionId: id() });
export const sessionView = named(
  'Session',
  shape({
    id: id(),
    isCurrent: describe(bool(), 'Whether this request belongs to it'),
    ip: describe(nullable(text(64)), 'Where it was signed in from'),
    userAgent: nullable(text(300)),
    organization: shape({ id: id(), name: text(120) }),
    createdAt: describe(instantView(), 'When it was signed in'),
    lastUsedAt: describe(instantView(), 'When it was last refreshed'),
    expiresAt: describe(instantView(), 'When it ends unless it is refreshed'),
  }),
);
export const sessionList = listQuery({ sort: ['createdAt', 'lastUsedAt'], default: '-createdAt' });
export const sessionPage = pageOf('SessionPage', sessionView);

export type SessionParams = Infer<typeof sessionParams>;
export type SessionView = Infer<typeof sessionView>;
export type SessionList = Infer<typeof sessionList>;
