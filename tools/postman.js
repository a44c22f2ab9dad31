/*
 * Runs the order flow of the Postman collection, as the server serves it, with newman: `npm --prefix tools run postman` (build first).
 * Starts the built server with the demo company on a free port and a database of its own, and removes both afterwards.
 * With an address (`… run postman -- http://localhost:3000`) it runs against that server instead.
 */
'use strict';
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const newman = require('newman');

const MAIN = path.resolve(__dirname, '../dist/main.js');
const FOLDER = 'Order flow';
const PATIENCE_MS = 60_000;

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

/** A server that was just installed, as far as it can tell. */
async function startServer() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'quartermaster-postman-'));
  fs.chmodSync(folder, 0o755); // PostgreSQL may run under another account, which must get through
  const log = fs.openSync(path.join(folder, 'server.log'), 'w');
  const port = await freePort();
  const env = { ...process.env, NODE_ENV: 'development', PORT: String(port), DATA_DIR: path.join(folder, 'data'), SEED_DEMO: 'true' };
  const child = spawn(process.execPath, [MAIN], { cwd: folder, env, stdio: ['ignore', log, log] });
  const stop = async () => {
    if (child.exitCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    fs.rmSync(folder, { recursive: true, force: true });
  };
  const address = `http://127.0.0.1:${port}`;
  for (const deadline = Date.now() + PATIENCE_MS; !(await isReady(address)); await sleep(100)) {
    if (child.exitCode === null && Date.now() < deadline) continue;
    const output = fs.readFileSync(path.join(folder, 'server.log'), 'utf8');
    await stop();
    throw new Error(`The server does not come up:\n${output}`);
  }
  return { address, stop };
}

const isReady = (address) =>
  fetch(`${address}/health/ready`).then(
    (response) => response.ok,
    () => false,
  );

async function document(address, name) {
  const response = await fetch(`${address}/api/${name}`);
  if (!response.ok) throw new Error(`${response.url} answers ${response.status}`);
  return response.json();
}

/** How many assertions failed. */
async function runFlow(address) {
  const [collection, environment] = await Promise.all([document(address, 'postman.json'), document(address, 'postman-environment.json')]);
  return new Promise((resolve, reject) => {
    newman.run({ collection, environment, folder: FOLDER, reporters: 'cli', timeoutRequest: 15_000 }, (error, summary) => {
      if (error) reject(error);
      else if (summary.run.stats.assertions.total === 0) reject(new Error(`The folder ${FOLDER} tests nothing`));
      else resolve(summary.run.failures.length);
    });
  });
}

async function main() {
  const [given] = process.argv.slice(2);
  const { address, stop } = given === undefined ? await startServer() : { address: given, stop: async () => undefined };
  try {
    process.exitCode = (await runFlow(address)) === 0 ? 0 : 1;
  } finally {
    await stop();
  }
}

main().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
