import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';

/** The operating-system account the database server runs under when the process itself is root. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

/**
 * PostgreSQL refuses to run as root, so root lends itself an account: the owner of an existing data directory, else one that every
 * system has. No account is created. Undefined when the process is not root (or on Windows): the server then simply runs as it.
 */
export async function serverAccount(directory: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(directory).catch(() => undefined);
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid, home: '/' };
  const rows = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  for (const name of ['postgres', 'node', 'nobody']) {
    const row = rows.find(([login]) => login === name);
    if (row !== undefined) return { uid: Number(row[2]), gid: Number(row[3]), home: row[5] ?? '/' };
  }
  throw new Error('PostgreSQL does not run as root, and there is no postgres, node or nobody account to run it under. Set DATABASE_URL.');
}

/** Whether the account may pass through every folder above the file. */
export async function canReach(account: Account, file: string): Promise<boolean> {
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
