import { execFileSync, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

const COUNT = availableParallelism();
/** For who measures; the rest is for what is measured. */
const LAST = `${COUNT - 1}`;
const OTHERS = COUNT === 2 ? '0' : `0-${COUNT - 2}`;

/** Linux has the command; with one processor there is nothing to share out. */
export const canShareOut = COUNT > 1 && spawnSync('taskset', ['--version']).status === 0;
/** How many are left for what is measured. */
export const measuredProcessors = canShareOut ? COUNT - 1 : COUNT;

/**
 * A load generator takes from the server on its machine what it demands of it. So each side gets processors of its own, where that is
 * possible; children inherit them. Answers what undoes it for this process.
 */
export function shareOut({ measured }: { readonly measured: readonly number[] }): () => void {
  if (!canShareOut) return () => undefined;
  for (const pid of measured) keepTo(OTHERS, pid);
  keepTo(LAST, process.pid);
  return () => keepTo(`0-${LAST}`, process.pid);
}

/** With all threads it has. */
function keepTo(processors: string, pid: number): void {
  execFileSync('taskset', ['--all-tasks', '--pid', '--cpu-list', processors, String(pid)], { stdio: 'ignore' });
}
