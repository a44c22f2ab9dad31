import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const ROOT = path.resolve(__dirname, '../..');

export interface Attempt {
  /** Of a server that came up and was told to stop: 0. */
  readonly code: number | null;
  /** Everything it wrote, to either stream. */
  readonly output: string;
  readonly listened: boolean;
}

/** Starts the built server with nothing but these variables, and stops it once it listens. */
export async function attemptStart(env: Readonly<Record<string, string>>, entry = 'dist/main.js', cwd = tmpdir()): Promise<Attempt> {
  const child = spawn(process.execPath, [path.join(ROOT, entry)], {
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
