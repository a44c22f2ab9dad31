import { execFile } from 'node:child_process';
import { link, readFile, readlink, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

/**
 * What `postmaster.pid` in a data directory says.
 * absent: no server (PostgreSQL itself clears the file of a dead one) · running: with its process and port, once it has written them ·
 * misleading: the file names a process that is alive but is not this server, so that PostgreSQL would refuse to start.
 */
export type Postmaster =
  | { readonly state: 'absent' }
  | { readonly state: 'running'; readonly pid: number | undefined; readonly port: number | undefined }
  | { readonly state: 'misleading'; readonly text: string };

const fileIn = (directory: string): string => path.join(directory, 'postmaster.pid');

export async function readPostmaster(directory: string): Promise<Postmaster> {
  const text = await readFile(fileIn(directory), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return { state: 'absent' };
  // Line 1 is the process id, line 4 the port.
  const lines = text.split('\n');
  const pid = Math.abs(Number(lines[0]));
  if (!Number.isInteger(pid) || pid === 0) return { state: 'running', pid: undefined, port: undefined };
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return { state: 'absent' };
  }
  if (!(await isServerOf(directory, pid))) return { state: 'misleading', text };
  const port = Number(lines[3]);
  return { state: 'running', pid, port: Number.isInteger(port) && port > 0 ? port : undefined };
}

/** Process ids are reused, and a killed server that nobody reaps (process 1 of a container often doesn't) still counts as alive. */
async function isServerOf(directory: string, pid: number): Promise<boolean> {
  if (process.platform === 'linux') {
    const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    if (/\) [ZX] /.test(status)) return false;
    const workingDirectory = await readlink(`/proc/${pid}/cwd`).catch(() => ''); // unreadable when it is another account's process
    return workingDirectory === '' || path.resolve(workingDirectory) === path.resolve(directory);
  }
  if (process.platform === 'darwin') {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'comm=', '-p', String(pid)]).catch(() => ({ stdout: 'postgres' }));
    return stdout.includes('postgres');
  }
  return true;
}

/** Removes a misleading file, unless a server has written its own in the meantime. */
export async function removeMisleading(directory: string, text: string): Promise<void> {
  const aside = `${fileIn(directory)}.${process.pid}`;
  try {
    await rename(fileIn(directory), aside);
  } catch {
    return; // another process has removed it
  }
  if ((await readFile(aside, 'utf8')) !== text) await link(aside, fileIn(directory)).catch(() => undefined);
  await rm(aside, { force: true });
}
