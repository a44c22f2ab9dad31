/* The flood, in a process of its own. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '../../bench/connection';
import { answerOrders } from '../../bench/generator';
import { requestMaker } from '../../bench/requests';
import { latencyOf, type Flood, type FloodResult } from './flood';

/**
 * Kept-alive connections of a flood, opened before it begins, as a balancer holds them: Node accepts one connection each turn of its event
 * loop, and turns get long under load.
 */
const CONNECTIONS = 600;

class Sender {
  sent = 0;
  broken = 0;
  withoutRetryAfter = 0;
  readonly statuses: Record<string, number> = {};
  readonly successes: number[] = [];
  readonly refusals: number[] = [];
  private readonly free: Connection[] = [];
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    private readonly port: number,
    private readonly next: () => string,
  ) {}

  async open(connections: number): Promise<void> {
    while (this.free.length < connections) this.free.push(await Connection.open(this.port));
  }

  /** One request on a connection of its own; counted from when it should have been sent. */
  send(dueAt: number): Promise<void> {
    this.sent++;
    const done = this.exchange(dueAt).catch(() => {
      this.broken++;
    });
    this.underWay.add(done);
    return done.finally(() => this.underWay.delete(done));
  }

  async settle(): Promise<void> {
    await Promise.all(this.underWay);
    for (const connection of this.free) connection.close();
  }

  private async exchange(dueAt: number): Promise<void> {
    const connection = this.free.pop();
    if (connection === undefined) throw new Error('every connection waits for an answer');
    const { status, head } = await connection.request(this.next());
    this.free.push(connection);
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
    const took = performance.now() - dueAt;
    if (status < 300) this.successes.push(took);
    else {
      this.refusals.push(took);
      if (!/\r\nretry-after: \d+/i.test(head)) this.withoutRetryAfter++;
    }
  }
}

async function run({ port, requests, seconds, pace }: Flood): Promise<FloodResult> {
  const sender = new Sender(port, requestMaker(requests));
  await sender.open('clients' in pace ? pace.clients : CONNECTIONS);
  const startedAt = performance.now();
  const end = startedAt + seconds * 1_000;
  if ('clients' in pace) {
    const client = async (): Promise<void> => {
      while (performance.now() < end) await sender.send(performance.now());
    };
    await Promise.all(Array.from({ length: pace.clients }, client));
  } else {
    const interval = 1_000 / pace.perSecond;
    for (let due = startedAt; due < end; await sleep(1)) {
      for (const now = performance.now(); due < now && due < end; due += interval) void sender.send(due);
    }
  }
  const elapsed = (performance.now() - startedAt) / 1_000;
  await sender.settle();
  const { sent, statuses, successes, refusals, withoutRetryAfter, broken } = sender;
  return {
    sent,
    statuses,
    goodput: Math.round(successes.length / elapsed),
    successes: latencyOf(successes),
    refusals: latencyOf(refusals),
    withoutRetryAfter,
    broken,
  };
}

answerOrders(run);
