/** A real application around a few small endpoints; no database. */
import { createHash } from 'node:crypto';
import type { Express } from 'express';
import { createApp, type AppDependencies } from '../../src/app';
import { openapi } from '../../src/http/documents/openapi';
import { postmanCollection, postmanEnvironment, type CollectionPlan } from '../../src/http/documents/postman';
import type { AnyEndpoint } from '../../src/http/endpoint';
import type { Answer, IdempotencyClaim } from '../../src/kernel/idempotency';
import { failure } from '../../src/kernel/app-error';
import { Unauthenticated } from '../../src/kernel/common-errors';
import type { Principal } from '../../src/kernel/context';
import { newId } from '../../src/kernel/ids';
import { permissionsOf, type Role } from '../../src/kernel/permissions';
import type { LogFields, Logger } from '../../src/observability/logger';
import { Metrics } from '../../src/observability/metrics';

export class KeyReused extends failure('IDEMPOTENCY_KEY_REUSED', 422, 'This Idempotency-Key was used for another request') {}

/** Keeps answers in memory, by the contract of the stored ones: an answer only after success, another fingerprint is refused. */
export class MemoryIdempotency {
  private readonly answers = new Map<string, { fingerprint: string; answer: Answer }>();

  async run({ key, fingerprint }: IdempotencyClaim, work: () => Promise<Answer>): Promise<{ answer: Answer; replayed: boolean }> {
    const stored = this.answers.get(key);
    if (stored !== undefined && stored.fingerprint !== fingerprint.toString('hex'))
      throw new KeyReused(`Key ${key} was used for another request`);
    if (stored !== undefined) return { answer: stored.answer, replayed: true };
    const answer = await work();
    this.answers.set(key, { fingerprint: fingerprint.toString('hex'), answer });
    return { answer, replayed: false };
  }
}

/** What a transaction raises when the session behind it is no longer good. */
export class StaleSession extends Error {}

export class LogRecorder implements Logger {
  readonly lines: { level: string; message: string; fields: LogFields }[] = [];
  private readonly record =
    (level: string) =>
    (message: string, fields: LogFields = {}): void => {
      this.lines.push({ level, message, fields });
    };
  readonly error = this.record('error');
  readonly warn = this.record('warn');
  readonly info = this.record('info');
  readonly debug = this.record('debug');
}

export const organizationId = newId();

/** Tokens of the test application are role names: `Bearer admin`. A user of each role. */
const users = new Map<string, Principal>();
function principalOf(token: string): Principal {
  const role = token as Role;
  const known = users.get(token);
  if (known !== undefined) return known;
  const principal = { userId: newId(), organizationId, role, permissions: permissionsOf(role), session: { id: newId(), stamp: 1 } };
  users.set(token, principal);
  return principal;
}

export const as = (role: Role): { readonly Authorization: string } => ({ Authorization: `Bearer ${role}` });

export interface TestApp {
  readonly app: Express;
  readonly log: LogRecorder;
  readonly forgotten: string[];
  readonly metrics: Metrics;
}

export type Overrides = Partial<Omit<AppDependencies, 'config'>> & { readonly config?: Partial<AppDependencies['config']> };

export const info = {
  title: 'Test',
  version: '1.0.0',
  description: 'A small API.',
  tags: { Things: 'What is stored.' },
  idempotencyFailures: [KeyReused],
  cookie: { name: 'session', description: 'Signs in.' },
};

export const plan: CollectionPlan = { variables: {}, keep: {}, flow: { name: 'Flow', description: 'None.', steps: [] } };

export function testApp(endpoints: readonly AnyEndpoint[], { config, ...overrides }: Overrides = {}): TestApp {
  const log = new LogRecorder();
  const metrics = new Metrics();
  const forgotten: string[] = [];
  const app = createApp({
    endpoints,
    documents: {
      openapi: openapi(endpoints, info),
      collection: postmanCollection(endpoints, info, plan),
      environmentAt: (baseUrl) => postmanEnvironment(info.title, { baseUrl, password: 'secret' }, ['password']),
    },
    authenticate: async (request) => {
      const token = /^Bearer (admin|manager|staff|viewer|customer)$/.exec(request.header('authorization') ?? '')?.[1];
      if (token === undefined) throw new Unauthenticated('A valid access token is needed');
      return principalOf(token);
    },
    isStaleSession: (error) => error instanceof StaleSession,
    forgetSession: (sessionId) => forgotten.push(sessionId),
    idempotency: new MemoryIdempotency(),
    health: { pingDatabase: async () => undefined, isMigrated: async () => true, isStopping: () => false, version: '1.0.0' },
    toAppError: () => undefined,
    logger: log,
    metrics,
    ...overrides,
    config: {
      corsOrigins: [],
      rateLimits: { anonymousPerMinute: 10_000, userPerMinute: 10_000 },
      trustProxy: false,
      checkResponses: true,
      ...config,
    },
  });
  return { app, log, forgotten, metrics };
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
