import { execFile, spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { startServerProcess, type ServerProcess } from '../support/server-process';
import { blocksOf, document, ROOT, sectionOf } from './markdown';

/**
 * Commands of the documents, run as written: the requests of the README and of IMPORT.md against a server with the demo company, the
 * commands of SCRIPTS.md on its database. Only the port is another one.
 */
const hasCurl = spawnSync('curl', ['--version']).status === 0;
const withCurl = hasCurl ? test : test.skip;

/**
 * They don't end, take long, change the sources and what is built from them under other tests, are another name of one that is run, or need
 * somebody with a second factor. `.ci/run` runs the most of them.
 */
const LEFT_OUT =
  /^(?:scripts\/|\.ci\/run|npm (?:start|test)|npm run (?:test|bench|build|generate|lint|format|typecheck|docs|seed:demo|db -- check)|npm run --silent cli -- (?:secrets|openapi|reference)|npm --prefix|PORT=\d+ npm run worker|npm run cli -- two-factor-off)/;

let folder: string;
let server: ServerProcess;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'quartermaster-docs-'));
  await chmod(folder, 0o755); // PostgreSQL may run under another account, which must get through
  // The project's folder, but what a command writes lands here.
  for (const name of await readdir(ROOT)) {
    if (!/^\.(?:data|env|git|test-server)$/.test(name)) await symlink(path.join(ROOT, name), path.join(folder, name));
  }
  // Empty: whatever the .env file of this machine says.
  const settings = {
    NODE_ENV: 'development',
    DATA_DIR: path.join(folder, 'data'),
    DATABASE_URL: '',
    MIGRATION_DATABASE_URL: '',
    SEED_DEMO: 'true',
  };
  env = { ...process.env, ...settings };
  // The company first, by a command: a server that makes it listens late, and its port may be another's by then.
  await promisify(execFile)('npm', ['run', 'seed'], { cwd: folder, env });
  server = await startServerProcess({ env: settings, logFile: path.join(folder, 'server.log') });
}, 180_000);
afterAll(async () => {
  await server.end('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

/** A failed request or command ends the script, which then fails the test. */
const PRELUDE = `set -euo pipefail
curl() { command curl --fail-with-body --show-error "$@"; }
`;

async function run(script: string): Promise<string> {
  const asked = script.replaceAll('localhost:3000', `localhost:${server.port}`);
  const { stdout } = await promisify(execFile)('bash', ['-c', PRELUDE + asked], { cwd: folder, env, maxBuffer: 2 ** 26 });
  return stdout;
}

const firstRequests = async (): Promise<string> => {
  const [block] = blocksOf(sectionOf(await document('README.md'), 'First requests'));
  return block!.code;
};

withCurl('the first requests of the README', async () => {
  const answers = (await run(await firstRequests())).trim();
  expect(answers).toContain('"number":"');
  expect(answers).toContain('"status":"pending"');
  expect(answers).toMatch(/"totalRevenue":"?\d/);
});

const SAMPLE = /`(\{"documentNumber":.*\})`/;

withCurl('the import over HTTP of IMPORT.md', async () => {
  const { text } = await document('docs/IMPORT.md');
  const request = blocksOf({ text }).find(({ code }) => code.startsWith('curl'))!;
  await writeFile(path.join(folder, 'lines.ndjson'), `${SAMPLE.exec(text)![1]}\n`);
  const signIn = (await firstRequests()).split('\n\n')[0]!;
  const lines = (await run(`${signIn}\n${request.code}`)).trim().split('\n');
  expect(JSON.parse(lines[0]!)).toMatchObject({ verdict: 'imported' });
});

test('the commands of SCRIPTS.md', async () => {
  await writeFile(path.join(folder, 'lines.ndjson'), `${SAMPLE.exec((await document('docs/IMPORT.md')).text)![1]}\n`);
  const commands = blocksOf(await document('docs/SCRIPTS.md')).flatMap(({ code }) => code.trim().split('\n'));
  const wanted = commands.filter((command) => !LEFT_OUT.test(command));
  expect(wanted.length).toBeGreaterThan(8);
  for (const command of wanted) await expect(run(command)).resolves.toEqual(expect.any(String));
}, 180_000);
