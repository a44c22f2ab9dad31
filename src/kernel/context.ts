import { AsyncLocalStorage } from 'node:async_hooks';
import { isId } from './ids';
import type { Permission, Role } from './permissions';

/** Who does it. Goes on every event. */
export interface Actor {
  readonly kind: 'user' | 'system' | 'anonymous';
  /** The user's id; null for the system and for strangers. */
  readonly id: string | null;
}

/** The session behind a request. Every transaction of the request proves in the database that it is still good (see db/tenant-pool). */
export interface SessionProof {
  readonly id: string;
  /** Raised by the database whenever the user, the membership or the role changes. */
  readonly stamp: number;
}

/** A signed-in caller as handlers see it. */
export interface Principal {
  readonly userId: string;
  readonly organizationId: string;
  readonly role: Role;
  readonly permissions: ReadonlySet<Permission>;
  /** The stores the membership is limited to; absent: every store of the organization. */
  readonly storeIds?: readonly string[];
  /** Of the role customer only: who of the organization's customers it is; null when that was not said yet. */
  readonly customerId?: string | null;
  readonly session: SessionProof;
}

/** What every layer below HTTP may want to know about the work at hand. Carried by AsyncLocalStorage, so nobody passes it by hand. */
export interface ExecutionContext {
  readonly actor: Actor;
  readonly requestId: string | null;
  readonly ip: string | null;
  /** The organization whose rows can be seen; undefined in the identity plane (registration, login). */
  readonly organizationId?: string;
  /** The stores the caller is limited to; absent: every store of the organization (see kernel/store-access). */
  readonly storeIds?: readonly string[];
  /** The customer whose orders alone the caller sees; absent for everybody but customers (see kernel/own-orders). */
  readonly customerId?: string | null;
  readonly session?: SessionProof;
  /** Everything is done and then rolled back: the caller wants to see what would happen. */
  readonly dryRun?: boolean;
}

const storage = new AsyncLocalStorage<ExecutionContext>();

/** Runs `work` in this context. Awaited inside: Prisma's promises are lazy and would otherwise start outside of it. */
export function runInContext<T>(context: ExecutionContext, work: () => Promise<T>): Promise<T> {
  if (context.organizationId !== undefined && !isId(context.organizationId))
    throw new TypeError('organizationId must be a lower-case UUID');
  if (context.session !== undefined && !isId(context.session.id)) throw new TypeError('session id must be a lower-case UUID');
  return storage.run(context, async () => await work());
}

/** Runs `work` as a user who is signing in: known, and without a session yet. */
export function asUser<T>(user: { readonly userId: string; readonly organizationId: string }, work: () => Promise<T>): Promise<T> {
  const { requestId, ip } = currentContext();
  return runInContext({ actor: { kind: 'user', id: user.userId }, requestId, ip, organizationId: user.organizationId }, work);
}

/** Runs `work` for an organization, on behalf of the system (seed, import, integrity, tests). */
export function asOrganization<T>(organizationId: string, work: () => Promise<T>): Promise<T> {
  return runInContext({ actor: { kind: 'system', id: null }, requestId: null, ip: null, organizationId }, work);
}

/** Runs `work` on behalf of the system, for no organization. */
export function asSystem<T>(work: () => Promise<T>): Promise<T> {
  return runInContext({ actor: { kind: 'system', id: null }, requestId: null, ip: null }, work);
}

const NOBODY: ExecutionContext = { actor: { kind: 'anonymous', id: null }, requestId: null, ip: null };
export const currentContext = (): ExecutionContext => storage.getStore() ?? NOBODY;

/** The organization at hand. Throws outside of one: a tenant query without it is a bug. */
export function currentOrganizationId(): string {
  const { organizationId } = currentContext();
  if (organizationId === undefined) throw new Error('this needs an organization: run it inside runInContext() or asOrganization()');
  return organizationId;
}

/** Whether what is done now will be rolled back, so that nothing outside of the transaction may happen. */
export const isDryRun = (): boolean => currentContext().dryRun === true;
