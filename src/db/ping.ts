import { Pool } from 'pg';

/** Milliseconds the database may take before it counts as gone. */
const LIMIT = 500;

/** Asks whether the database answers, on a connection of its own: in the application's pool the question would wait behind everybody's work. */
export class DatabasePing {
  private readonly pool: Pool;
  private underWay: Promise<void> | undefined;

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

  /** Resolves when it does. Who asks meanwhile gets the same answer. */
  ask(): Promise<void> {
    return (this.underWay ??= this.question().finally(() => {
      this.underWay = undefined;
    }));
  }

  close(): Promise<void> {
    return this.pool.end();
  }

  private async question(): Promise<void> {
    await this.pool.query('SELECT 1');
  }
}
