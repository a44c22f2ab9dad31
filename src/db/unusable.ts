import { Client } from 'pg';
import { loginOf } from '../kernel/connection-address';

/** The versions that the migrations need, as PostgreSQL counts them. */
const OLDEST_SERVER = 150_000;

/** There is no database to work with, and the message says what to do about it. It never holds a password. */
export class DatabaseUnusable extends Error {
  constructor(message: string, options?: { readonly cause: unknown }) {
    super(message, options);
    this.name = 'DatabaseUnusable';
  }
}

/**
 * Connects once, so that the mistakes of the first hour are told in words instead of by whatever meets them first.
 * @param variable what the address was given as
 * @throws DatabaseUnusable
 */
export async function assertUsable(variable: string, url: string): Promise<void> {
  const client = new Client({ connectionString: url, application_name: 'quartermaster-check', connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined); // reported by the query under way
  try {
    await client.connect();
    const { rows } = await client.query<{ number: number; version: string }>(
      `SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS version`,
    );
    const { number, version } = rows[0]!;
    if (number < OLDEST_SERVER) throw new DatabaseUnusable(`${variable}: PostgreSQL 15 or newer is needed, this one is ${version}.`);
  } catch (error) {
    const advice = adviceFor(error, url);
    if (advice === undefined) throw error;
    throw new DatabaseUnusable(`${variable}: ${advice}`, { cause: error });
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** What to do about an error of connecting, or undefined when we don't know. */
function adviceFor(error: unknown, url: string): string | undefined {
  const { hostname, port, pathname } = new URL(url);
  const { code = '', message = '' } = error as { code?: string; message?: string };
  const server = `${hostname}:${port || '5432'}`;
  const database = decodeURIComponent(pathname.slice(1));
  const login = loginOf(url) ?? '(none named)';
  switch (code) {
    case 'ECONNREFUSED':
      return `no PostgreSQL answers at ${server}. Start it or correct the address; in development, with no address at all, one that comes with the packages is used.`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `there is no host ${hostname}.`;
    case '28P01':
      return `PostgreSQL at ${server} refuses the password of ${login}.`;
    case '28000':
      return `PostgreSQL at ${server} has no login ${login}, or its pg_hba.conf doesn't let it in from here: ${message}.`;
    case '3D000':
      return `PostgreSQL at ${server} has no database ${database}. Let somebody who may run: CREATE DATABASE ${database};`;
    case '53300':
      return `PostgreSQL at ${server} has no connection left. Raise its max_connections, or lower DATABASE_POOL_SIZE.`;
    case '57P03':
      return `PostgreSQL at ${server} is starting or stopping. Try again in a moment.`;
  }
  if (/timeout expired/i.test(message) || code === 'ETIMEDOUT' || code === 'EHOSTUNREACH')
    return `nothing answers at ${server} within 10 seconds. Is the address right, and does a firewall let it through?`;
  if (/does not support SSL/i.test(message))
    return `PostgreSQL at ${server} speaks no TLS. Remove sslmode from the address, or turn its ssl on.`;
  if (/certificate/i.test(message))
    return `the certificate of ${server} is not trusted (${message}). Give its authority: sslrootcert=FILE.`;
  return undefined;
}
