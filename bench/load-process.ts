/* The load generator, in a process of its own. */
import { Connection } from './connection';
import { answerOrders } from './generator';
import type { Load, LoadResult } from './load';
import { requestMaker } from './requests';

async function run({ port, clients, requests, seconds }: Load): Promise<LoadResult> {
  const next = requestMaker(requests);
  const connections = await Promise.all(Array.from({ length: clients }, () => Connection.open(port)));
  const statuses: Record<string, number> = {};
  const latencies: number[] = [];
  let refusal: string | undefined;
  const startedAt = performance.now();
  const end = seconds === 'once' ? 0 : startedAt + seconds * 1_000;
  await Promise.all(
    connections.map(async (connection) => {
      do {
        const sentAt = performance.now();
        const { status, body } = await connection.request(next());
        latencies.push(performance.now() - sentAt);
        statuses[status] = (statuses[status] ?? 0) + 1;
        if (status >= 400) refusal ??= body.toString('utf8').slice(0, 500);
      } while (performance.now() < end);
    }),
  );
  const elapsed = (performance.now() - startedAt) / 1_000;
  for (const connection of connections) connection.close();
  latencies.sort((a, b) => a - b);
  const percentile = (share: number): number => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  return { statuses, seconds: elapsed, perSecond: latencies.length / elapsed, p50: percentile(0.5), p99: percentile(0.99), refusal };
}

answerOrders(run);
