import { chmod, mkdir, mkdtemp, readFile, readlink, rm, stat, symlink } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseUnusable } from '../unusable';

/** The operating-system account the database server runs under when the process itself is root. */
export interface SystemAccount {
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

/**
 * PostgreSQL refuses to run as root, so root lends itself an account: the owner of an existing data directory, else one that every
 * system has. No account is created. Undefined when the process is not root (or on Windows): the server then simply runs as it.
 */
async function serverAccount(directory: string): Promise<SystemAccount | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(directory).catch(() => undefined);
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid, home: '/' };
  const rows = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  for (const name of ['postgres', 'node', 'nobody']) {
    const row = rows.find(([login]) => login === name);
    if (row !== undefined) return { uid: Number(row[2]), gid: Number(row[3]), home: row[5] ?? '/' };
  }
  throw new DatabaseUnusable(
    'PostgreSQL does not run as root, and there is no postgres, node or nobody account to run it under. Set DATABASE_URL.',
  );
}

/** Where the data of a checkout goes that only root can enter. */
const SYSTEM_FOLDER = '/var/lib/quartermaster';

/**
 * The data directory in a place the server's account can reach, and that account. Below a folder that only root may enter (a checkout
 * in /root) the directory becomes a symbolic link to one in /var/lib/quartermaster.
 * @throws Error that says what to do when there is no such place
 */
export async function accessibleDirectory(directory: string): Promise<{ directory: string; account: SystemAccount | undefined }> {
  const linked = await readLink(directory);
  const account = await serverAccount(linked ?? directory);
  if (linked !== undefined || account === undefined || (await canReach(account, directory)))
    return { directory: linked ?? directory, account };

  const unreachable = new DatabaseUnusable(
    `The account PostgreSQL runs under (uid ${account.uid}) can't reach ${directory}. Set DATA_DIR to a folder it can, or set DATABASE_URL.`,
  );
  if ((await stat(directory).catch(() => undefined)) !== undefined) throw unreachable; // it has data already: moving it is not ours to do
  await mkdir(SYSTEM_FOLDER, { recursive: true, mode: 0o711 });
  const place = await mkdtemp(path.join(SYSTEM_FOLDER, 'data-'));
  try {
    await chmod(place, 0o711);
    if (!(await canReach(account, path.join(place, 'postgres')))) throw unreachable;
    await symlink(path.join(place, 'postgres'), directory);
    return { directory: path.join(place, 'postgres'), account };
  } catch (error) {
    await rm(place, { recursive: true });
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return accessibleDirectory(directory); // another process was faster
    throw error;
  }
}

async function readLink(file: string): Promise<string | undefined> {
  const target = await readlink(file).catch(() => undefined);
  return target === undefined ? undefined : path.resolve(path.dirname(file), target);
}

/** Whether the account may pass through every folder above the file. */
export async function canReach(account: SystemAccount, file: string): Promise<boolean> {
  let folder = path.dirname(path.resolve(file));
  for (;;) {
    const { uid, gid, mode } = await stat(folder);
    const executeBit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & executeBit) === 0) return false;
    const parent = path.dirname(folder);
    if (parent === folder) return true;
    folder = parent;
  }
}
