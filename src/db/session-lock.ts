import { setTimeout as wait } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import type { TenantPool } from './tenant-pool';

const PAUSE_MS = 100;

/**
 * Locks that outlast a transaction, for work of many transactions that must not run twice at once. The lock lives on a connection of its
 * own and ends with it, so a killed process holds none. It only keeps others out politely: a lost connection frees it unnoticed, so
 * whatever must never overlap needs a lock in its transactions too.
 */
export class SessionLock {
  constructor(private readonly pool: Pick<TenantPool, 'connect'>) {}

  /** Runs `work` under the lock; undefined when somebody else holds it for longer than `patienceMs`. */
  async hold<T>(name: string, work: () => Promise<T>, patienceMs = 0): Promise<{ readonly result: T } | undefined> {
    const deadline = performance.now() + patienceMs;
    const client = await this.pool.connect();
    try {
      for (;;) {
        const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS taken', [name]);
        if (rows[0]!.taken) return { result: await this.thenFree(client, name, work) };
        if (performance.now() >= deadline) return undefined;
        await wait(PAUSE_MS);
      }
    } finally {
      client.release(true); // closes the connection, and the lock goes with it
    }
  }

  /** Whoever asks when this has returned finds the lock free: a connection closes only some time after it is told to. */
  private async thenFree<T>(client: PoolClient, name: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      await client.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [name]).catch(() => undefined); // lost: then it is free
    }
  }
}
