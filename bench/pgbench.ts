import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const HOW_TO_GET_PGBENCH =
  'pgbench is not here: on Debian and Ubuntu it comes with `apt-get install --no-install-recommends postgresql-15` (any version will do)';

/** The newest pgbench of Debian's packages, or the one in PATH; undefined when there is none. */
export function findPgbench(): string | undefined {
  const packages = '/usr/lib/postgresql';
  const versions = existsSync(packages) ? readdirSync(packages).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => path.join(packages, version, 'bin')), ...(process.env['PATH'] ?? '').split(path.delimiter)];
  return folders.map((folder) => path.join(folder, 'pgbench')).find((file) => existsSync(file));
}

/** Transactions per second of a script with prepared statements, without the time to connect. */
export async function pgbench(
  program: string,
  { url, script, clients, seconds }: { readonly url: string; readonly script: string; readonly clients: number; readonly seconds: number },
): Promise<number> {
  const { hostname, port, username, password, pathname } = new URL(url);
  const args = ['-n', '-M', 'prepared', '-c', String(clients), '-j', '2', '-T', String(seconds), '-f', script];
  const connection = ['-h', hostname, '-p', port, '-U', username, pathname.slice(1)];
  const { stdout } = await run(program, [...args, ...connection], { env: { ...process.env, PGPASSWORD: decodeURIComponent(password) } });
  const [, perSecond] = /^tps = ([\d.]+)/m.exec(stdout) ?? [];
  const [, failed] = /^number of failed transactions: (\d+)/m.exec(stdout) ?? [];
  if (perSecond === undefined || Number(failed ?? 0) > 0) throw new Error(`pgbench did not work:\n${stdout}`);
  return Number(perSecond);
}
