/** How often each answer came, refusals with their code: `{ '201': 50, '409 INSUFFICIENT_STOCK': 150 }`. */
export function tally(answers: ReadonlyArray<{ readonly status: number; readonly body: unknown }>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, body } of answers) {
    const code = (body as { error?: { code: string } } | undefined)?.error?.code;
    const outcome = code === undefined ? String(status) : `${status} ${code}`;
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}
