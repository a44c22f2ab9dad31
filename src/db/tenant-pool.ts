import { Client, Pool, type ClientBase, type ClientConfig, type PoolConfig } from 'pg';
import { AsyncLocalStorage } from 'node:async_hooks';
import { currentContext } from '../kernel/context';

/** What the transactions of this moment are for: reports are one snapshot in which nothing is written; they and bulk writes have more time. */
export type TransactionMode = 'read-write' | 'bulk' | 'report';
const mode = new AsyncLocalStorage<TransactionMode>();
export const inTransactionMode = <T>(value: TransactionMode, work: () => Promise<T>): Promise<T> =>
  mode.run(value, async () => await work());

/** Reports are planned for the days and stores they are asked for: a plan for any of them takes many times as long as the planning. */
const BEGIN_REPORT = `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = '60s'; SET LOCAL plan_cache_mode = 'force_custom_plan'`;

/**
 * Opens a transaction whose statements are planned once per connection. PostgreSQL otherwise weighs a plan for any values against one for
 * these values by estimated costs, and for statements that take arrays it decides to plan again at every execution: 1 ms of the 3 ms that
 * an order costs it. For statements that find their rows by key whatever the values are; by index, also when the plan is made while the
 * tables are still empty, because it is kept until they are analyzed.
 */
export const BEGIN_PLANNED_ONCE = 'BEGIN; SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_seqscan = off';

/**
 * What opens a transaction for the organization at hand, as one message. SET LOCAL, not set_config(): Citus forwards only the first to
 * its workers. The ids were checked to be lower-case UUIDs when the context was made, so writing them into the text is safe. For a
 * signed-in request the session is proved here too: a revoked one fails with SQLSTATE QM401 before anything is read or written.
 */
function opening(plain = 'BEGIN'): string | undefined {
  const { organizationId, session } = currentContext();
  const report = mode.getStore() === 'report';
  if (organizationId === undefined && !report) return undefined;
  const begin = report ? BEGIN_REPORT : plain;
  const tenant = organizationId === undefined ? '' : `; SET LOCAL app.organization_id = '${organizationId}'`;
  const proof = session === undefined ? '' : `; SELECT assert_session('${session.id}', ${session.stamp})`;
  return begin + tenant + proof;
}

/**
 * Milliseconds after which a connection that says nothing counts as dead, statements on it as lost: longer than the server's own limits, so
 * only a server that is frozen or cut off is met by it. TCP alone would wait for a quarter of an hour.
 */
const SILENCE = 7_000;
const LONG_SILENCE: Readonly<Partial<Record<TransactionMode, number>>> = { bulk: 16_000, report: 62_000 };

/* oxlint-disable typescript/no-explicit-any, typescript/no-unsafe-argument, typescript/no-unsafe-call -- pg's query() has nine overloads; both overrides pass on what they were given */

/** A connection on which BEGIN (Prisma's interactive transactions and the hot lane send one) also sets the organization. */
class TenantClient extends Client {
  constructor(config?: ClientConfig) {
    super(config);
    // A lost connection rejects the query in flight; without a listener it would also end the process.
    this.on('error', () => undefined);
  }

  override query(config: any, ...rest: any[]): any {
    const text: unknown = typeof config === 'string' ? config : config?.text;
    const statement = (text === 'BEGIN' || text === BEGIN_PLANNED_ONCE ? opening(text) : undefined) ?? config;
    const silence = LONG_SILENCE[mode.getStore() ?? 'read-write'];
    if (silence === undefined) return (super.query as any)(statement, ...rest);
    const patient = typeof statement === 'string' ? { text: statement } : statement;
    return (super.query as any)({ ...patient, query_timeout: silence }, ...rest);
  }
}

/**
 * The application's only pool, also given to PrismaPg. A statement outside a transaction travels as BEGIN + SET LOCAL, the statement,
 * COMMIT without waiting in between (pg's pipeline mode): one round trip, and no setting is left on the connection.
 */
export class TenantPool extends Pool {
  constructor(config: PoolConfig) {
    super({ connectionTimeoutMillis: 2_000, query_timeout: SILENCE, ...config, pipeline: true, Client: TenantClient });
    // An idle connection that dies is replaced at its next use.
    this.on('error', () => undefined);
    this.on('acquire', forgetStatements);
  }

  override query(config: any, values?: any): any {
    const begin = opening();
    if (begin === undefined) return super.query(config, values);
    return this.inOneRoundTrip(begin, config, values);
  }

  private async inOneRoundTrip(begin: string, config: any, values: any): Promise<unknown> {
    const client = await this.connect();
    // After an error COMMIT rolls back, so there is nothing to undo.
    const sent = inOneWrite(client, () => [client.query(begin), client.query(config, values), client.query('COMMIT')]);
    const [begun, answer, ended] = await Promise.allSettled(sent);
    // A refused BEGIN (a stale session) leaves a good connection; a broken connection fails the COMMIT as well.
    client.release(ended!.status === 'rejected');
    if (begun!.status === 'rejected') throw begun!.reason;
    if (answer!.status === 'rejected') throw answer!.reason;
    if (ended!.status === 'rejected') throw ended!.reason; // a deferred constraint, or the connection was lost while committing
    return answer!.value;
  }
}

/** What of a connection pg leaves undeclared. */
interface Inside {
  readonly connection: { readonly stream: { cork(): void; uncork(): void }; parsedStatements: Record<string, string> };
}

/**
 * Statements that a connection may keep prepared. A plan takes up to 200 kB of the server's memory and is kept for the connection's life,
 * while lists have a text for every combination of filters and sorts: somebody who tries them all would fill the memory.
 */
export const MOST_PREPARED = 100;

/** Called when a connection is taken from the pool, so outside of any transaction. All at once: what is in use is soon prepared again. */
function forgetStatements(client: ClientBase): void {
  const { connection } = client as unknown as Inside;
  if (Object.keys(connection.parsedStatements).length <= MOST_PREPARED) return;
  connection.parsedStatements = {};
  // The first message of whoever took the connection; when it fails, so does all that follows.
  client.query('DEALLOCATE ALL').catch(() => undefined);
}

/** Sends the messages of all statements that `send` starts in one write to the socket: a system call each costs more than the statements' own work. */
export function inOneWrite<T>(client: ClientBase, send: () => T): T {
  const { stream } = (client as unknown as Inside).connection;
  stream.cork();
  try {
    return send();
  } finally {
    stream.uncork();
  }
}
