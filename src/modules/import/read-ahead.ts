/** Prepares the next value while the caller is at work on the last one: reading a file and waiting for the database go on side by side. */
export async function* readAhead<T>(source: AsyncGenerator<T, void>): AsyncGenerator<T, void> {
  const next = (): Promise<IteratorResult<T, void>> => {
    const step = source.next();
    step.catch(() => undefined); // told below; until then nobody waits for it
    return step;
  };
  let step = next();
  try {
    for (let current = await step; current.done !== true; current = await step) {
      step = next();
      yield current.value;
    }
  } finally {
    await step.catch(() => undefined);
    await source.return(undefined);
  }
}
