import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { accessibleDirectory } from '../../src/db/embedded/account';
import { freePort } from '../../src/db/embedded/server';

/** The oldest PostgreSQL that the application runs on. */
const OLDEST = 15;
const NEEDED = ['initdb', 'pg_ctl', 'psql', 'pg_dump', 'pg_restore'] as const;
type Program = (typeof NEEDED)[number];

/** The folder with the programs of a PostgreSQL that this machine has installed; or why there is none. */
export function systemPostgres(): { readonly folder: string } | { readonly missing: string } {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => path.join(debian, version, 'bin')), ...(process.env['PATH'] ?? '').split(path.delimiter)];
  const folder = folders.find((candidate) => NEEDED.every((name) => existsSync(path.join(candidate, name))));
  if (folder === undefined) return { missing: `no folder of this machine has ${NEEDED.join(', ')}` };
  const told = execFileSync(path.join(folder, 'pg_dump'), ['--version'], { encoding: 'utf8' }).trim();
  return Number(/(\d+)/.exec(told)?.[1]) < OLDEST ? { missing: `${told} is older than the oldest server, ${OLDEST}` } : { folder };
}

export interface SystemServer {
  readonly port: number;
  /** A program with its connection to this server; answers what it prints. */
  run(program: Program, args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<string>;
  stop(): Promise<void>;
}

/** A server of that PostgreSQL in the temporary folder. Its superuser needs no password. */
export async function startSystemServer(folder: string): Promise<SystemServer> {
  const place = await mkdtemp(path.join(os.tmpdir(), 'quartermaster-system-'));
  await chmod(place, 0o711);
  const data = path.join(place, 'data');
  await mkdir(data);
  const { account } = await accessibleDirectory(data);
  const identity = account === undefined ? {} : { uid: account.uid, gid: account.gid };
  if (account !== undefined) await chown(data, account.uid, account.gid);
  const port = await freePort();
  const run = async (program: Program, args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<string> => {
    const env = { PATH: process.env['PATH'], LC_ALL: 'C', PGHOST: '127.0.0.1', PGPORT: String(port), PGUSER: 'postgres', ...environment };
    // Only the server's own programs refuse to run as root.
    const as = program === 'initdb' || program === 'pg_ctl' ? { ...identity, cwd: data } : {};
    const { stdout } = await promisify(execFile)(path.join(folder, program), args, { ...as, env });
    return stdout;
  };
  await run('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync', '--encoding=UTF8', '--locale=C']);
  const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off`;
  await run('pg_ctl', ['start', '-D', data, '-w', '-l', path.join(data, 'log'), '-o', settings]);
  return {
    port,
    run,
    stop: async () => {
      await run('pg_ctl', ['stop', '-D', data, '-m', 'immediate']);
      await rm(place, { recursive: true, force: true });
    },
  };
}
