import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { freePort } from '../../src/db/embedded/server';

/** A Redis of one's own, which can be made to fail in every way. */
export interface RedisServer {
  readonly url: string;
  /** Another connection to it. */
  command(name: string, ...args: string[]): Promise<unknown>;
  /** SIGSTOP: it holds its connections and answers nobody. */
  freeze(): void;
  thaw(): void;
  /** SIGKILL; it forgets everything. */
  kill(): Promise<void>;
  /** On the same port. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

const installed = spawnSync('redis-server', ['--version']).status === 0;

/** `describe` where redis-server is installed; otherwise the tests are skipped, and their heading says why. */
export const describeWithRedis = (heading: string, tests: () => void): void => {
  if (installed) describe(heading, tests);
  else describe.skip(`${heading} (skipped: there is no redis-server on the PATH; Debian has it in the package redis-server)`, tests);
};

export async function startRedisServer(): Promise<RedisServer> {
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let child: ChildProcess;

  const start = async (): Promise<void> => {
    // Nothing on disk; no folder is written to.
    child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    for await (const chunk of child.stdout!) {
      said += String(chunk);
      if (said.includes('Ready to accept connections')) break;
    }
    if (!said.includes('Ready to accept connections')) throw new Error(`redis-server does not start:\n${said}`);
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGCONT');
    child.kill(signal);
    await gone;
  };

  await start();
  return {
    url,
    command: async (name, ...args) => {
      const redis = new Redis(url, { retryStrategy: () => null });
      try {
        return await redis.call(name, ...args);
      } finally {
        redis.disconnect();
      }
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    kill: () => end('SIGKILL'),
    start,
    stop: () => end('SIGTERM'),
  };
}
