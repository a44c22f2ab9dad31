import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

export interface Violation {
  readonly rule: string;
  /** Path relative to the folder that holds src/. */
  readonly from: string;
  readonly to: string;
}

export interface Cruise {
  readonly modules: number;
  readonly violations: readonly Violation[];
}

const ROOT = path.resolve(__dirname, '../..');

/** Runs dependency-cruiser, an ES module and so no guest of jest's, over `<folder>/src` with the rules of layers.js. */
export async function cruise(folder: string): Promise<Cruise> {
  const program = path.join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [program, 'src', '--config', path.join(__dirname, 'layers.js'), '--output-type', 'json'];
  // Violations don't change the exit code of this output type: anything but 0 is trouble.
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder, maxBuffer: 256 * 1024 * 1024 });
  const { modules, summary } = JSON.parse(stdout) as {
    modules: unknown[];
    summary: { violations: Array<{ from: string; to: string; rule: { name: string } }> };
  };
  return { modules: modules.length, violations: summary.violations.map(({ from, to, rule }) => ({ rule: rule.name, from, to })) };
}
