/* `npm start` puts npm and perhaps a shell between a supervisor and the server: when they end, the server ends too, whatever they passed on. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, isAlive } from '../../src/db/embedded/server';
import { freshDatabase, type TestDatabase } from '../support/database';
import { ROOT } from './attempt';

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await freshDatabase();
  folder = mkdtempSync(path.join(os.tmpdir(), 'quartermaster-npm-'));
});
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true });
});

const until = async (what: string, holds: () => boolean): Promise<void> => {
  for (const deadline = Date.now() + 30_000; !holds(); await sleep(50)) if (Date.now() > deadline) throw new Error(`Not in time: ${what}`);
};

/** What npm tells of `npm start`. */
const BY_NPM = { npm_lifecycle_event: 'start', npm_package_name: 'quartermaster', npm_lifecycle_script: 'node dist/main.js' };

it.each(['SIGTERM', 'SIGKILL'] as const)('%s to the shell of npm start stops the server gracefully', async (signal) => {
  const { parent, log, server } = await startBelow(BY_NPM);
  parent.kill(signal);
  await until('the server is gone', () => !isAlive(server()));
  expect(log()).toContain('stopping reason=npm is gone');
});

it.each([
  ['that npm did not start', {}, ''],
  ['below another script of this package', { ...BY_NPM, npm_lifecycle_event: 'deploy', npm_lifecycle_script: 'scripts/start.sh' }, ''],
  ['below npm start of another package', { ...BY_NPM, npm_package_name: 'shop', npm_lifecycle_script: 'pm2 start' }, ''],
  [
    'whose .env says so',
    {},
    Object.entries(BY_NPM)
      .map((pair) => pair.join('='))
      .join('\n'),
  ],
] as const)('a server %s outlives its parent', async (_which, env, envFile) => {
  writeFileSync(path.join(folder, '.env'), envFile);
  const { parent, log, server } = await startBelow(env);
  parent.kill('SIGKILL');
  await sleep(1_500);
  expect(isAlive(server())).toBe(true);
  process.kill(server(), 'SIGTERM');
  await until('the server is gone', () => !isAlive(server()));
  expect(log()).toContain('stopping signal=SIGTERM');
});

async function startBelow(env: Readonly<Record<string, string>>) {
  const port = await freePort();
  const logFile = path.join(folder, `${port}.log`);
  const pidFile = path.join(folder, `${port}.pid`);
  // A shell that stays, as the one between npm and the server may.
  const parent = spawn('sh', ['-c', `"${process.execPath}" "${path.join(ROOT, 'dist/main.js')}" & echo $! > "${pidFile}"; wait`], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      DATA_DIR: folder,
      SEED_DEMO: 'false',
      PORT: String(port),
      LOG_FILE: logFile,
      DATABASE_URL: database.runtimeUrl,
      MIGRATION_DATABASE_URL: database.ownerUrl,
      ...env,
    },
    stdio: 'ignore',
  });
  const read = (file: string): string => {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      return '';
    }
  };
  await until('the server listens', () => read(logFile).includes('listening'));
  return { parent, log: () => read(logFile), server: () => Number(read(pidFile)) };
}
