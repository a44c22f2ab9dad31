import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, mkdir, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase, type DatabaseHandle } from '../../src/db/database';
import { EmbeddedPostgres } from '../../src/db/embedded';
import { inspectRuntimeRole } from '../../src/db/roles';
import { queryOnce } from '../support/database';

/** Another process that uses the same database. */
class OtherProcess {
  private readonly child: ChildProcess;
  readonly url: Promise<string>;

  constructor(dataDir: string) {
    const script = path.join(__dirname, '..', 'support', 'embedded-child.ts');
    this.child = spawn(process.execPath, ['--import', 'tsx', script, dataDir], { stdio: ['pipe', 'pipe', 'pipe'] });
    let complaint = '';
    this.child.stderr!.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    const lines = createInterface({ input: this.child.stdout! });
    this.url = new Promise((resolve, reject) => {
      lines.once('line', resolve);
      this.child.once('exit', (code) => {
        reject(new Error(`exit ${code ?? 'by signal'}: ${complaint}`));
      });
    });
  }

  async kill(): Promise<void> {
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }

  async close(): Promise<void> {
    const gone = once(this.child, 'exit');
    this.child.stdin!.write('\n');
    expect(await gone).toEqual([0, null]);
  }
}

async function serverPid(dataDir: string): Promise<number | undefined> {
  const text = await readFile(path.join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : Number(text.split('\n')[0]);
}

/** Tries for ten seconds, for what a restarting server answers a little later. */
async function eventually<T>(work: () => Promise<T>): Promise<T> {
  for (const deadline = Date.now() + 10_000; ;) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(100);
    }
  }
}

describe('the embedded PostgreSQL', () => {
  let dataDir: string;
  const open = (): Promise<DatabaseHandle> => openDatabase({ dataDir });
  const rows = (url: string): Promise<object[]> => queryOnce(url, 'SELECT word FROM kept');
  const keep = async (url: string): Promise<void> => {
    await queryOnce(url, `CREATE TABLE kept AS SELECT 'bolt' AS word`);
  };

  beforeEach(async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'quartermaster-embedded-'));
    await chmod(folder, 0o711);
    dataDir = path.join(folder, 'data');
  });
  afterEach(async () => {
    const pid = await serverPid(dataDir);
    if (pid !== undefined) process.kill(pid, 'SIGQUIT');
    await sleep(pid === undefined ? 0 : 200);
    await rm(path.dirname(dataDir), { recursive: true, force: true });
  });

  it('starts on an empty folder, keeps its secret to itself, and has its data after a restart', async () => {
    const first = await open();
    expect((await stat(path.join(dataDir, 'postgres-password'))).mode & 0o777).toBe(0o600);
    expect(await inspectRuntimeRole(first.runtimeUrl)).toEqual({
      superuser: false,
      bypassRls: false,
      ownsTables: false,
      memberOfOwner: false,
      reaches: [],
    });
    await keep(first.ownerUrl);
    await expect(queryOnce(first.runtimeUrl, 'SELECT FROM kept')).rejects.toThrow('permission denied');
    const [locale] = await queryOnce(first.runtimeUrl, `SELECT lower('ÆØÅ') AS lower, current_setting('TimeZone') AS zone`);
    expect(locale).toEqual({ lower: 'æøå', zone: 'UTC' });
    await first.stop();
    expect(await serverPid(dataDir)).toBeUndefined();

    const second = await open();
    expect(await rows(second.ownerUrl)).toEqual([{ word: 'bolt' }]);
    await second.stop();
  });

  it('adopts a server whose parent was killed, and recovers after the server itself was killed', async () => {
    const other = new OtherProcess(dataDir);
    const url = await other.url;
    await other.kill();
    const pid = await serverPid(dataDir);
    const adopted = await EmbeddedPostgres.start(dataDir);
    expect(adopted.adopted).toBe(true);
    expect(new URL(url).port).toBe(String(adopted.port));
    await adopted.stop();
    expect(await serverPid(dataDir)).toBeUndefined();

    const killed = new OtherProcess(dataDir);
    await killed.url;
    const owned = await open();
    await keep(owned.ownerUrl);
    await killed.kill();
    await owned.stop();
    const last = new OtherProcess(dataDir);
    await last.url;
    await last.kill();
    const survivor = await serverPid(dataDir);
    expect(survivor).not.toBe(pid);
    process.kill(survivor!, 'SIGKILL');
    const recovered = await open();
    expect(await rows(recovered.ownerUrl)).toEqual([{ word: 'bolt' }]);
    await recovered.stop();
  });

  it('is brought back on its port when it dies while in use', async () => {
    const database = await open();
    await keep(database.ownerUrl);
    process.kill((await serverPid(dataDir))!, 'SIGKILL');
    expect(await eventually(() => rows(database.ownerUrl))).toEqual([{ word: 'bolt' }]);
    await eventually(async () => expect(await presences(database.ownerUrl)).toBe(1));
    await database.stop();
    expect(await serverPid(dataDir)).toBeUndefined();
  });

  it('takes several processes that start at once on an empty folder, and stops with the last of them', async () => {
    const others = [new OtherProcess(dataDir), new OtherProcess(dataDir)];
    const mine = await open();
    const urls = await Promise.all(others.map((other) => other.url));
    expect(urls).toEqual([mine.runtimeUrl, mine.runtimeUrl]);
    expect((await readdir(dataDir)).sort()).toEqual(['postgres', 'postgres-password']);
    const pid = await serverPid(dataDir);
    await mine.stop();
    await others[0]!.close();
    expect(await serverPid(dataDir)).toBe(pid);
    await queryOnce(urls[1]!, 'SELECT 1');
    await others[1]!.close();
    expect(await serverPid(dataDir)).toBeUndefined();
  });

  it('is not stopped under a foreign client', async () => {
    const database = await open();
    const sleeping = queryOnce(database.ownerUrl, 'SELECT pg_sleep(2)::text');
    await sleep(100);
    await database.stop();
    await sleeping;
    expect(await serverPid(dataDir)).toBeDefined();
  });

  it('survives stopping and starting at the same moment', async () => {
    let current = await open();
    await keep(current.ownerUrl);
    for (let round = 0; round < 4; round++) {
      const [next] = await Promise.all([open(), current.stop()]);
      expect(await rows(next.ownerUrl)).toEqual([{ word: 'bolt' }]);
      current = next;
    }
    await current.stop();
  });

  it('starts although postmaster.pid names a living process that is another one', async () => {
    await (await open()).stop();
    await writeFile(
      path.join(dataDir, 'postgres', 'postmaster.pid'),
      `${process.pid}\n${path.join(dataDir, 'postgres')}\n0\n1\n\n127.0.0.1\n`,
    );
    const database = await open();
    await queryOnce(database.ownerUrl, 'SELECT 1');
    await database.stop();
  });

  it('says what to do when it cannot run', async () => {
    await (await open()).stop();
    await rm(path.join(dataDir, 'postgres-password'));
    await expect(open()).rejects.toThrow(/postgres-password is missing/);
    await writeFile(path.join(dataDir, 'postgres-password'), 'another\n');
    await expect(open()).rejects.toThrow(/does not belong to this data directory/);
    expect(await serverPid(dataDir)).toBeUndefined();

    const occupied = path.join(path.dirname(dataDir), 'occupied');
    await mkdir(path.join(occupied, 'postgres', 'something'), { recursive: true });
    await expect(openDatabase({ dataDir: occupied })).rejects.toThrow(/not a PostgreSQL data directory/);
  });

  // Only root has folders that the account its server runs under can't enter.
  (process.getuid?.() === 0 ? it : it.skip)('keeps the data of a folder that only root can enter where its account can', async () => {
    const closed = path.join(path.dirname(dataDir), 'closed');
    await mkdir(closed, { mode: 0o700 });
    const first = await openDatabase({ dataDir: closed });
    const place = await readlink(path.join(closed, 'postgres'));
    try {
      await keep(first.ownerUrl);
      await first.stop();
      const second = await openDatabase({ dataDir: closed });
      expect(await rows(second.ownerUrl)).toEqual([{ word: 'bolt' }]);
      await second.stop();
    } finally {
      await rm(path.dirname(place), { recursive: true });
    }
  });
});

async function presences(url: string): Promise<number> {
  const found = await queryOnce<{ count: number }>(
    url,
    `SELECT count(*)::int FROM pg_stat_activity WHERE application_name = 'quartermaster-presence'`,
  );
  return found[0]!.count;
}
