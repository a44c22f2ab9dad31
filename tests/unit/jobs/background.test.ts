import { setTimeout as sleep } from 'node:timers/promises';
import { Background } from '../../../src/jobs/background';
import { currentContext, runInContext } from '../../../src/kernel/context';
import type { Logger } from '../../../src/observability/logger';

const lines: string[] = [];
const record = (level: string) => (message: string) => void lines.push(`${level}: ${message}`);
const logger: Logger = { error: record('error'), warn: record('warn'), info: record('info'), debug: record('debug') };
beforeEach(() => lines.splice(0));

it('does everything, a few things at once, and goes on after a failure', async () => {
  const background = new Background(logger);
  let atOnce = 0;
  let most = 0;
  const done: number[] = [];
  for (let index = 0; index < 20; index++)
    background.run(`thing ${index}`, async () => {
      most = Math.max(most, ++atOnce);
      await sleep(1);
      atOnce -= 1;
      if (index === 3) throw new Error('no');
      done.push(index);
    });
  await background.idle();
  expect(done).toHaveLength(19);
  expect(most).toBe(4);
  expect(lines).toEqual(['error: thing 3 failed']);
  await background.idle();
});

it('waits for no longer than it is told to', async () => {
  const background = new Background(logger);
  let finish: () => void = () => undefined;
  background.run('a long one', () => new Promise((resolve) => (finish = resolve)));
  await background.idle(5);
  finish();
  await background.idle();
  expect(lines).toEqual([]);
});

it('drops what would make the queue too long, and says so; what a job does too is not lost', async () => {
  const background = new Background(logger);
  let finish: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (finish = resolve));
  for (let index = 0; index < 1_010; index++) background.run('a thing', () => gate);
  expect(lines).toEqual(Array.from({ length: 6 }, () => 'error: a thing was dropped: too much is waiting'));
  background.run('a mail', () => gate, 'job');
  expect(lines.at(-1)).toBe('info: a mail waits for the job: too much is waiting');
  finish();
  await background.idle();
});

it('does each thing in the context of whoever asked for it', async () => {
  const background = new Background(logger);
  const seen: Array<string | null> = [];
  const ask = (requestId: string): Promise<void> =>
    runInContext({ actor: { kind: 'system', id: null }, requestId, ip: null }, async () => {
      background.run('note', async () => {
        await sleep(1);
        seen.push(currentContext().requestId);
      });
    });
  for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) await ask(id);
  await background.idle();
  expect(new Set(seen)).toEqual(new Set(['a', 'b', 'c', 'd', 'e', 'f']));
});
