import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../src/db/embedded/server';

const ROOT = path.resolve(__dirname, '../..');
const PATIENCE_MS = 60_000;

/** The built application in a process of its own. */
export interface ServerProcess {
  readonly port: number;
  readonly pid: number;
  /** Milliseconds from spawn to /health/ready. */
  readonly readyAfter: number;
  /** Bytes of memory that are resident now (Linux; 0 elsewhere). */
  residentBytes(): number;
  /** Everything it has written to its log file. */
  log(): string;
  /** Ends it, waits until it is gone, and answers its exit code: null when the signal ended it. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

export interface ServerProcessOptions {
  readonly env: Readonly<Record<string, string>>;
  /** Where its output goes: the access log, among other things. */
  readonly logFile: string;
  /** A free one when left out. */
  readonly port?: number;
  /** What has to answer before it counts as started; /health/ready when left out. */
  readonly until?: '/health/ready' | '/health/live';
  /** The API when left out. */
  readonly program?: 'main' | 'worker';
}

/** Spawns `node dist/main.js` or `dist/worker.js` (build first) and waits until it is ready. */
export async function startServerProcess({
  env,
  logFile,
  port: wanted,
  until = '/health/ready',
  program = 'main',
}: ServerProcessOptions): Promise<ServerProcess> {
  const port = wanted ?? (await freePort());
  const startedAt = performance.now();
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, [path.join(ROOT, `dist/${program}.js`)], {
    // Not the project's folder: an .env file there is somebody's own.
    cwd: path.dirname(logFile),
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TZ: 'UTC', HOST: '127.0.0.1', PORT: String(port), ...env },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  try {
    await untilAnswered(child, port, logFile, until);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  const pid = child.pid!;
  return {
    port,
    pid,
    readyAfter: performance.now() - startedAt,
    residentBytes: () => residentBytes(pid),
    log: () => readFileSync(logFile, 'utf8'),
    end: async (signal) => {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = once(child, 'exit');
        child.kill(signal);
        await gone;
      }
      return child.exitCode;
    },
  };
}

async function untilAnswered(child: ChildProcess, port: number, logFile: string, target: string): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; ; await sleep(20)) {
    if (child.exitCode !== null || Date.now() > deadline)
      throw new Error(`The server does not come up:\n${readFileSync(logFile, 'utf8').slice(-3_000)}`);
    const ready = await fetch(`http://127.0.0.1:${port}${target}`, { signal: AbortSignal.timeout(2_000) }).then(
      async (response) => (await response.arrayBuffer(), response.ok),
      () => false,
    );
    if (ready) return;
  }
}

function residentBytes(pid: number): number {
  try {
    const [, kibibytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kibibytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}
