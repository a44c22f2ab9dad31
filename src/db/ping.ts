import { Pool } from 'pg';

/** Milliseconds the database may take before it counts as gone. */
const LIMIT = 500;
/** Milliseconds for which an answer still counts. */
const RECENT = 200;

/** Asks whether the database answers, on a connection of its own: in the application's pool the question would wait behind everybody's work. */
export class DatabasePing {
  private readonly pool: Pool;
  private underWay: Promise<void> | undefined;
  private last: { readonly outcome: Promise<void>; readonly at: number } | undefined;

  constructor(runtimeUrl: string) {
    this.pool = new Pool({
      connectionString: runtimeUrl,
      max: 1,
      application_name: 'quartermaster-health',
      connectionTimeoutMillis: LIMIT,
      query_timeout: LIMIT,
    });
    this.pool.on('error', () => undefined); // told by the next question
  }

  /**
   * Resolves when it does. Everybody who asks has the question put, unless it is under way; who has a recent answer need not wait for it.
   * Under load the question queues for a processor like all the work, and a probe that waits for it looks like a server in trouble.
   */
  ask(): Promise<void> {
    const asked = (this.underWay ??= this.question());
    if (this.last === undefined || performance.now() - this.last.at > RECENT) return asked;
    asked.catch(() => undefined); // told to who asks next
    return this.last.outcome;
  }

  close(): Promise<void> {
    return this.pool.end();
  }

  private async question(): Promise<void> {
    const outcome = this.pool.query('SELECT 1').then(() => undefined);
    try {
      await outcome;
    } finally {
      this.last = { outcome, at: performance.now() };
      this.underWay = undefined;
    }
  }
}
