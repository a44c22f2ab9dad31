/*
 * Builds dist/: the Prisma client (src/generated/prisma) and the script of /api/redoc (src/generated/redoc), then the TypeScript.
 *   node scripts/build.js              always
 *   node scripts/build.js --if-stale   only when a source changed since the last build
 * Quiet on success. Needs nothing but Node and the installed packages. Two at once wait for each other.
 */
'use strict';
const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..');
const at = (...parts) => path.join(root, ...parts);
const dist = at('dist');
const generated = at('src', 'generated');
const client = path.join(generated, 'prisma', 'client.ts');
const redoc = path.join(generated, 'redoc', 'redoc.standalone.js');
const stampFile = path.join(dist, '.build-stamp');
const lockFile = path.join(dist, '.build-lock');

/** Files below a folder, without the generated ones of src/. */
function filesBelow(folder) {
  if (!fs.existsSync(folder)) return [];
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return file === generated ? [] : filesBelow(file);
    return entry.isFile() ? [file] : [];
  });
}

/** A digest of names, sizes and times: reading every file would take longer than the whole check may. */
function digest(files) {
  const hash = createHash('sha1');
  for (const file of files.sort()) {
    const { size, mtimeMs } = fs.statSync(file);
    hash.update(`${path.relative(root, file)}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function currentStamp() {
  const schema = [...filesBelow(at('prisma', 'schema')), at('package-lock.json'), at('prisma.config.ts')].filter((file) =>
    fs.existsSync(file),
  );
  const sources = [...filesBelow(at('src')), at('tsconfig.json'), at('tsconfig.build.json'), __filename];
  return { schema: digest(schema), sources: digest(sources) };
}

function storedStamp() {
  try {
    return JSON.parse(fs.readFileSync(stampFile, 'utf8'));
  } catch {
    return {};
  }
}

const hasGenerated = () => fs.existsSync(client) && fs.existsSync(redoc);
const isFresh = (now, then) => now.schema === then.schema && now.sources === then.sources && hasGenerated();

function run(script, args) {
  // CHECKPOINT_DISABLE: Prisma would otherwise ask its maker for news, which takes seconds without a network.
  const env = { ...process.env, CHECKPOINT_DISABLE: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1' };
  const { status, error, stdout, stderr } = spawnSync(process.execPath, [at('node_modules', script), ...args], {
    cwd: root,
    env,
    encoding: 'utf8',
  });
  if (status === 0) return;
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}${error === undefined ? '' : `${error.message}\n`}`);
  const failure = new Error(`${path.basename(script)} failed`);
  failure.reported = true;
  throw failure;
}

/**
 * Redoc as one file, of a package that is needed for building only: running it takes none of its many dependencies. Its one picture from
 * the maker's server is taken out, so that the page asks no other host for anything.
 */
function bringRedoc() {
  const bundles = at('node_modules', 'redoc', 'bundles');
  const script = fs.readFileSync(path.join(bundles, 'redoc.standalone.js'), 'utf8');
  fs.mkdirSync(path.dirname(redoc), { recursive: true });
  fs.copyFileSync(path.join(bundles, '..', 'LICENSE'), path.join(path.dirname(redoc), 'LICENSE'));
  fs.copyFileSync(path.join(bundles, 'redoc.standalone.js.LICENSE.txt'), `${redoc}.LICENSE.txt`);
  fs.writeFileSync(redoc, script.replace('https://cdn.redoc.ly/redoc/logo-mini.svg', 'data:,'));
}

/** Removes what no source makes any more, and brings the files that are not TypeScript (tsc copies only imported JSON). */
function alignOutputs() {
  const expected = new Set();
  const sources = [...filesBelow(at('src')), ...filesBelow(generated)];
  for (const source of sources) {
    const target = path.join(dist, path.relative(at('src'), source));
    if (source.endsWith('.d.ts')) continue;
    if (source.endsWith('.ts')) {
      const script = target.replace(/\.ts$/, '.js');
      expected.add(script).add(`${script}.map`);
    } else {
      expected.add(target);
      fs.mkdirSync(path.dirname(target), { recursive: true });
      fs.copyFileSync(source, target);
    }
  }
  for (const file of filesBelow(dist)) {
    if (!expected.has(file) && !path.relative(dist, file).startsWith('.')) fs.rmSync(file, { force: true });
  }
}

function build(now, then) {
  fs.rmSync(stampFile, { force: true });
  if (now.schema !== then.schema || !hasGenerated()) {
    run('prisma/build/index.js', ['generate']);
    bringRedoc();
  }
  fs.writeFileSync(stampFile, JSON.stringify({ schema: now.schema })); // a failing tsc doesn't spoil the client
  // After an unfinished build the outputs are of unknown origin: tsc must not rely on its notes about them.
  if (then.sources === undefined) fs.rmSync(path.join(dist, '.tsbuildinfo'), { force: true });
  run('typescript/bin/tsc', ['-p', 'tsconfig.build.json']);
  alignOutputs();
  fs.writeFileSync(stampFile, JSON.stringify(now));
}

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code !== 'ESRCH';
  }
};

const pause = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

/** The lock is a file with its holder's process id, linked into place whole; one whose holder is gone is moved aside. */
function withLock(work) {
  fs.mkdirSync(dist, { recursive: true });
  const own = `${lockFile}.${process.pid}`;
  fs.writeFileSync(own, String(process.pid));
  for (const name of fs.readdirSync(dist)) {
    const [, pid] = /^\.build-lock\.(\d+)/.exec(name) ?? [];
    if (pid !== undefined && !isAlive(Number(pid))) fs.rmSync(path.join(dist, name), { force: true }); // of a killed build
  }
  try {
    for (const deadline = Date.now() + 300_000; ; pause(100)) {
      try {
        fs.linkSync(own, lockFile);
        break;
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
      breakAbandonedLock();
      if (Date.now() > deadline) throw new Error(`another build does not end; if there is none, delete ${lockFile}`);
    }
    try {
      return work();
    } finally {
      fs.rmSync(lockFile, { force: true });
    }
  } finally {
    fs.rmSync(own, { force: true });
  }
}

function breakAbandonedLock() {
  const aside = `${lockFile}.${process.pid}.abandoned`;
  try {
    const holder = fs.readFileSync(lockFile, 'utf8');
    if (isAlive(Number(holder))) return;
    fs.renameSync(lockFile, aside);
    // Between reading and moving, another process may have broken it and taken its own.
    if (fs.readFileSync(aside, 'utf8') !== holder) fs.linkSync(aside, lockFile);
    fs.rmSync(aside, { force: true });
  } catch (error) {
    fs.rmSync(aside, { force: true });
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  }
}

/** The two things that go wrong before anything of ours can say so. */
function assertPrepared() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const refuse = (message) => {
    throw Object.assign(new Error(message), { plain: true });
  };
  if (major < 20 || (major === 20 && minor < 19)) refuse(`Node 20.19 or newer is needed, and this is ${process.versions.node}.`);
  if (!fs.existsSync(at('node_modules', '.package-lock.json'))) refuse('The packages are not installed: run npm ci first.');
}

const STALE = 'The packages are not those of package-lock.json: run npm ci.\n';

/** After a pull that changed the dependencies a build fails in strange ways. */
function packagesAreStale() {
  const packagesOf = (file) => JSON.parse(fs.readFileSync(file, 'utf8')).packages;
  const installed = packagesOf(at('node_modules', '.package-lock.json'));
  return Object.entries(packagesOf(at('package-lock.json'))).some(
    ([name, { version, optional }]) => name !== '' && !optional && installed[name]?.version !== version,
  );
}

function main() {
  assertPrepared();
  const ifStale = process.argv.includes('--if-stale');
  if (ifStale && isFresh(currentStamp(), storedStamp())) return;
  withLock(() => {
    const now = currentStamp();
    const then = storedStamp();
    if (ifStale && isFresh(now, then)) return; // another process has just built it
    build(now, then);
  });
}

try {
  main();
} catch (error) {
  const text = error.plain ? error.message : `build: ${error.reported ? error.message : error.stack}`;
  process.stderr.write(`${text}\n${error.reported && packagesAreStale() ? STALE : ''}`);
  process.exitCode = 1;
}
