export interface Contestant {
  readonly name: string;
  /** Times per second, measured for so many seconds. */
  readonly measure: (seconds: number) => Promise<number>;
}

export interface Outcome {
  readonly title: string;
  /** Per second, one per round. */
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
  readonly opponent: string;
  /** The median of ours over the median of theirs. */
  readonly ratio: number;
  readonly goal: number;
}

export interface Contest {
  readonly title: string;
  readonly ours: Contestant;
  readonly theirs: Contestant;
  /** The least ratio we want. */
  readonly goal: number;
}

/** Both in turn, the first changing with every round, so that what else the machine does strikes both alike. */
export async function compete(
  { title, ours, theirs, goal }: Contest,
  { rounds, seconds, warmed }: { readonly rounds: number; readonly seconds: number; readonly warmed: () => Promise<void> },
): Promise<Outcome> {
  const results = new Map<Contestant, number[]>([
    [ours, []],
    [theirs, []],
  ]);
  for (const contestant of [ours, theirs]) await contestant.measure(Math.min(seconds, 3));
  await warmed();
  for (let round = 1; round <= rounds; round++) {
    for (const contestant of round % 2 === 1 ? [theirs, ours] : [ours, theirs]) {
      const perSecond = await contestant.measure(seconds);
      results.get(contestant)!.push(perSecond);
      process.stderr.write(`  round ${round}: ${contestant.name.padEnd(40)} ${perSecond.toFixed(0).padStart(7)}/s\n`);
    }
  }
  const [mine, others] = [results.get(ours)!, results.get(theirs)!];
  return { title, ours: mine, theirs: others, opponent: theirs.name, ratio: median(mine) / median(others), goal };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
