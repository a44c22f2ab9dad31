/*
 * npm run bench -- [--rounds 3] [--seconds 6]
 * Ratios of one run, on a throw-away PostgreSQL with its durability on: orders through the API against pgbench doing an order in SQL, reads
 * against bare Express and pg, memory, and a hundred buyers of the last twenty.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startServerProcess, type ServerProcess } from '../tests/support/server-process';
import { Api } from './api';
import { fillCatalogue, type Catalogue } from './catalogue';
import { compete, type Contest, type Outcome } from './contest';
import { startDatabases, withClient, type Databases } from './databases';
import { environment } from './environment';
import { send, sendAll, type LoadResult } from './load';
import { findPgbench, HOW_TO_GET_PGBENCH, pgbench } from './pgbench';
import { describe, machine, RUSH, rushIsExact, save, type Report } from './report';
import type { Requests } from './requests';

const BUYERS = 32;
const READERS = 16;
/** Pages of the list that are asked for in turn. */
const PAGES = 50;

const say = (text: string): void => void process.stderr.write(`${text}\n`);

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '3' }, seconds: { type: 'string', default: '6' } } });
  const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)];
  const startedAt = new Date().toISOString();
  const folder = await mkdtemp(path.join(tmpdir(), 'quartermaster-bench-'));
  say('starting PostgreSQL');
  const databases = await startDatabases();
  const running: ServerProcess[] = [];
  try {
    const env = environment(databases);
    const start = async (): Promise<ServerProcess> => {
      const server = await startServerProcess({ env, logFile: path.join(folder, 'server.log') });
      running.push(server);
      return server;
    };
    const first = await start();
    const admin = await new Api(first.port).register();
    say('filling the catalogue');
    const catalogue = await withClient(databases.superuserUrl, (client) => fillCatalogue(client, admin.organizationId));
    await first.end('SIGTERM');

    const server = await start();
    await sleep(3_000);
    const idle = server.residentBytes();
    const api = new Api(server.port, admin.token);
    const { contests, missing } = await compare({ server, api, catalogue, databases, rounds, seconds });
    const loaded = server.residentBytes();
    say(`${RUSH.buyers} buyers, ${RUSH.units} units`);
    const rush = await sellOut(server, api);
    say('checking the invariants');
    const sound = await api.isSound();

    const memoryMiB = { idle: idle / 2 ** 20, loaded: loaded / 2 ** 20 };
    const report: Report = {
      startedAt,
      machine: machine(),
      rounds,
      secondsPerRound: seconds,
      startMs: server.readyAfter,
      contests,
      missing,
      memoryMiB,
      rush,
      sound,
    };
    process.stdout.write(`\n${describe(report)}\nall figures: ${path.relative(process.cwd(), await save(report))}\n`);
    // Ratios are a matter of the machine and the hour; these two are not.
    if (!sound || !rushIsExact(rush)) process.exitCode = 1;
  } finally {
    for (const server of running) await server.end('SIGTERM');
    await databases.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Field {
  readonly server: ServerProcess;
  readonly api: Api;
  readonly catalogue: Catalogue;
  readonly databases: Databases;
  readonly rounds: number;
  readonly seconds: number;
}

async function compare({ server, api, catalogue, databases, rounds, seconds }: Field): Promise<{ contests: Outcome[]; missing: string[] }> {
  const bare = fork(path.join(__dirname, 'bare-server.ts'), {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, NODE_ENV: 'production', DATABASE_URL: databases.limitsUrl },
  });
  const [barePort] = (await once(bare, 'message')) as [number];
  const contests: Outcome[] = [];
  const missing: string[] = [];
  const hold = async (contest: Contest): Promise<void> => {
    say(contest.title);
    contests.push(await compete(contest, { rounds, seconds, warmed: () => databases.analyze() }));
  };
  const load = (port: number, clients: number, status: number, requests: Requests) => async (duration: number) =>
    (await sendAll(status, { port, clients, requests, seconds: duration })).perSecond;
  const { productIds, customerIds } = catalogue;
  const { token } = api;
  try {
    const program = findPgbench();
    if (program === undefined) missing.push(`The orders were left out: ${HOW_TO_GET_PGBENCH}.`);
    else {
      const script = path.join(__dirname, 'sql/order-steps.pgbench.sql');
      await hold({
        title: `place an order of 3 lines, ${BUYERS} clients`,
        ours: {
          name: 'POST /api/v1/orders',
          measure: load(server.port, BUYERS, 201, { kind: 'orders', token, productIds, customerIds, lines: 3, most: 3 }),
        },
        theirs: {
          name: 'pgbench -M prepared',
          measure: (duration) => pgbench(program, { url: databases.limitsUrl, script, clients: BUYERS, seconds: duration }),
        },
        goal: 0.45,
      });
    }
    await hold({
      title: `read a product, ${READERS} clients`,
      ours: {
        name: 'GET /api/v1/products/:id',
        measure: load(server.port, READERS, 200, { kind: 'gets', token, paths: productIds.map((id) => `/api/v1/products/${id}`) }),
      },
      theirs: {
        name: 'bare Express + pg',
        measure: load(barePort, READERS, 200, { kind: 'gets', paths: productIds.map((_, index) => `/products/${index + 1}`) }),
      },
      goal: 0.6,
    });
    await hold({
      title: `list 20 products with category, ${READERS} clients`,
      ours: {
        name: 'GET /api/v1/products?pageSize=20',
        measure: load(server.port, READERS, 200, { kind: 'gets', token, paths: await api.pages('/api/v1/products?pageSize=20', PAGES) }),
      },
      theirs: {
        name: 'bare Express + pg',
        measure: load(barePort, READERS, 200, {
          kind: 'gets',
          paths: Array.from({ length: PAGES }, (_, page) => `/products?pageSize=20&after=${page * 20}`),
        }),
      },
      goal: 0.6,
    });
  } finally {
    bare.disconnect();
  }
  return { contests, missing };
}

/** A hundred buyers at the same moment, for a product of which there are twenty. */
async function sellOut({ port }: ServerProcess, api: Api): Promise<LoadResult> {
  const productId = await api.createProduct(RUSH.units);
  const requests: Requests = { kind: 'orders', token: api.token, productIds: [productId], customerIds: [], lines: 1, most: 1 };
  return send({ port, clients: RUSH.buyers, requests, seconds: 'once' });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
