import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import path from 'node:path';
import { median, type Outcome } from './contest';
import type { LoadResult } from './load';

export interface Report {
  readonly startedAt: string;
  readonly machine: { readonly processors: number; readonly model: string; readonly memoryMiB: number; readonly node: string };
  readonly rounds: number;
  readonly secondsPerRound: number;
  readonly startMs: number;
  readonly contests: readonly Outcome[];
  /** Why contests were left out. */
  readonly missing: readonly string[];
  readonly memoryMiB: { readonly idle: number; readonly loaded: number };
  readonly rush: LoadResult;
  /** No invariant is violated after all this. */
  readonly sound: boolean;
}

export const machine = (): Report['machine'] => ({
  processors: availableParallelism(),
  model: cpus()[0]?.model.trim() ?? 'unknown',
  memoryMiB: Math.round(totalmem() / 2 ** 20),
  node: process.version,
});

export const RUSH = { buyers: 100, units: 20 };

export const rushIsExact = ({ statuses }: LoadResult): boolean =>
  statuses['201'] === RUSH.units && statuses['409'] === RUSH.buyers - RUSH.units && Object.keys(statuses).length === 2;

/** What a person reads. */
export function describe(report: Report): string {
  const perSecond = (values: readonly number[]): string => median(values).toFixed(0);
  const contests = report.contests.map((contest) => [
    contest.title,
    `${perSecond(contest.ours)}/s`,
    `${perSecond(contest.theirs)}/s (${contest.opponent})`,
    contest.ratio.toFixed(2),
    verdict(contest.ratio >= contest.goal, `≥ ${contest.goal}`),
  ]);
  const { idle, loaded } = report.memoryMiB;
  const { statuses, seconds } = report.rush;
  const counts = Object.entries(statuses).map(([status, count]) => `${count} × ${status}`);
  return [
    table([['', 'ours', 'against', 'ratio', 'goal'], ...contests]),
    ...report.missing,
    '',
    table([
      ['memory idle', `${idle.toFixed(0)} MiB`, verdict(idle <= 200, '≤ 200')],
      ['memory after load', `${loaded.toFixed(0)} MiB`, verdict(loaded <= 300, '≤ 300')],
      ['start with data in place', `${report.startMs.toFixed(0)} ms`, verdict(report.startMs <= 2_000, '≤ 2,000')],
      [
        `${RUSH.buyers} buyers, ${RUSH.units} units`,
        `${counts.join(', ')} in ${seconds.toFixed(2)} s`,
        verdict(rushIsExact(report.rush) && seconds < 3, 'exact, < 3 s'),
      ],
      ['every invariant', report.sound ? 'holds' : 'VIOLATED', ''],
    ]),
    '',
    `${report.machine.processors} processors (${report.machine.model}), Node ${report.machine.node}; medians of ${report.rounds} rounds of ${report.secondsPerRound} s, the generator of the load on the same machine`,
  ].join('\n');
}

const verdict = (reached: boolean, goal: string): string => `${reached ? 'reached' : 'MISSED'}: ${goal}`;

function table(rows: ReadonlyArray<readonly string[]>): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** @returns the file, in the folder results (not in git) */
export async function save(report: Report): Promise<string> {
  const folder = path.join(__dirname, 'results');
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, `${report.startedAt.replaceAll(':', '-').slice(0, 19)}.json`);
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
  return file;
}
