/**
 * A table of allowed moves, checked when the program starts: every target is a state of the table, and every state can be reached from
 * the first one, which is where things begin. State the type (`stateMachine<Status>({ … })`), so that a forgotten state doesn't compile.
 * @throws Error when the table is wrong
 */
export function stateMachine<S extends string>(table: Readonly<Record<S, readonly S[]>>) {
  const states: readonly S[] = Object.keys(table) as S[];
  assertSound(states, table);
  return {
    states,
    /** Where one can go from here; empty for a final state. */
    allowed: (from: S): readonly S[] => table[from],
    can: (from: S, to: S): boolean => table[from].includes(to),
  };
}

function assertSound<S extends string>(states: readonly S[], table: Readonly<Record<S, readonly S[]>>): void {
  const [initial] = states;
  if (initial === undefined) throw new Error('A state machine needs a state');
  const reached = new Set<S>([initial]);
  // A set is walked in the order of insertion, including what is added on the way.
  for (const from of reached) {
    for (const to of table[from]) {
      if (!states.includes(to)) throw new Error(`The move from ${from} to ${to} leads to an unknown state`);
      if (to === from) throw new Error(`${from} to itself is no move`);
      reached.add(to);
    }
  }
  const unreachable = states.filter((state) => !reached.has(state));
  if (unreachable.length > 0) throw new Error(`No way leads from ${initial} to ${unreachable.join(', ')}`);
}
