/* Whoever reads the output may go, and the disk behind it may be full: that is no reason to stop. */
import { spawn, spawnSync, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { freePort } from '../../src/db/embedded/server';
import { freshDatabase, type TestDatabase } from '../support/database';
import { ROOT } from './attempt';

let database: TestDatabase;
let dataDir: string;
beforeAll(async () => {
  database = await freshDatabase();
  dataDir = mkdtempSync(path.join(os.tmpdir(), 'quartermaster-output-'));
});
afterAll(async () => {
  await database.drop();
  rmSync(dataDir, { recursive: true });
});

const optionsWith = (env: Readonly<Record<string, string>>) => ({
  cwd: dataDir,
  env: { PATH: process.env['PATH'], DATA_DIR: dataDir, ...env },
});
const started = (entry: string[], env: Readonly<Record<string, string>> = {}): ChildProcessByStdio<null, Readable, Readable> =>
  spawn(process.execPath, [path.join(ROOT, entry[0]!), ...entry.slice(1)], { ...optionsWith(env), stdio: ['ignore', 'pipe', 'pipe'] });
const textOf = async (stream: Readable): Promise<string> => Buffer.concat((await stream.toArray()) as Buffer[]).toString();

const itWithDevices = existsSync('/dev/full') ? it : it.skip;

describe('a server', () => {
  it('answers without anybody who reads its log, and stops as it should', async () => {
    const port = await freePort();
    const { runtimeUrl, ownerUrl } = database;
    const env = { HOST: '127.0.0.1', PORT: String(port), SEED_DEMO: 'false', DATABASE_URL: runtimeUrl, MIGRATION_DATABASE_URL: ownerUrl };
    const server = started(['dist/main.js'], env);
    for await (const chunk of server.stdout) if (String(chunk).includes('listening')) break; // closes it
    server.stderr.destroy();
    for (let request = 1; request <= 5; request++) expect((await fetch(`http://127.0.0.1:${port}/api/v1/orders`)).status).toBe(401);
    server.kill('SIGTERM');
    expect(await once(server, 'exit')).toEqual([0, null]);
  });
});

describe('a command', () => {
  it('whose reader has read enough says nothing about it', async () => {
    const child = started(['dist/cli/main.js', 'reference']);
    child.stdout.destroy();
    const [said, [code]] = await Promise.all([textOf(child.stderr), once(child, 'exit')]);
    expect([code, said]).toEqual([0, '']);
  });

  itWithDevices('that finds a full disk fails, and says so', () => {
    const full = openSync('/dev/full', 'w');
    const program = [path.join(ROOT, 'dist/cli/main.js'), 'reference'];
    const { status, stderr } = spawnSync(process.execPath, program, {
      ...optionsWith({}),
      encoding: 'utf8',
      stdio: ['ignore', full, 'pipe'],
    });
    closeSync(full);
    expect([status, stderr]).toEqual([1, 'The disk is full.\n']);
  });
});
