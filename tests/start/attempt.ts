import { spawn, spawnSync, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const ROOT = path.resolve(__dirname, '../..');

/** Root may write everywhere: as nobody it may not. */
export const OUTSIDER: Pick<SpawnOptions, 'uid' | 'gid'> = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
/** Below a folder of root's own, such as /root, nobody can't even start. */
const canStart = spawnSync(process.execPath, ['--version'], { ...OUTSIDER, cwd: ROOT }).status === 0;
export const itAsOutsider = canStart ? it : it.skip;

export interface Attempt {
  /** Of a server that came up and was told to stop: 0. */
  readonly code: number | null;
  /** Everything it wrote, to either stream. */
  readonly output: string;
  readonly listened: boolean;
}

/** Starts the built server with nothing but these variables, and stops it once it listens. */
export async function attemptStart(
  env: Readonly<Record<string, string>>,
  entry = 'dist/main.js',
  cwd = tmpdir(),
  account: Pick<SpawnOptions, 'uid' | 'gid'> = {},
): Promise<Attempt> {
  const child = spawn(process.execPath, [path.join(ROOT, entry)], {
    ...account,
    cwd,
    env: { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let listened = false;
  const read = (chunk: Buffer): void => {
    output += chunk.toString();
    if (listened || !/listening/.test(output)) return;
    listened = true;
    child.kill('SIGTERM');
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output, listened };
}
