/* Two sides of a load generator: the process that orders a load, and the fresh one that sends it. */
import { fork } from 'node:child_process';
import { once } from 'node:events';

/** Has the script send from a fresh process, so that what it spends is seen apart from what is measured. */
export async function generate<Result>(script: string, order: object): Promise<Result> {
  const child = fork(script, { execArgv: ['--import', 'tsx'], serialization: 'advanced' });
  const died = once(child, 'exit').then(() => Promise.reject(new Error('the load generator died')));
  died.catch(() => undefined);
  await Promise.race([once(child, 'message'), died]); // it is ready
  child.send(order);
  const [result] = (await Promise.race([once(child, 'message'), died])) as [Result];
  child.disconnect();
  return result;
}

/** The script's part: told what to send by a message, it answers with what came back. */
export function answerOrders(run: (order: never) => Promise<object>): void {
  process.on('message', (order) => {
    run(order as never).then(
      (result) => process.send!(result),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`);
        process.exit(1);
      },
    );
  });
  process.on('disconnect', () => process.exit(0));
  process.send!('ready');
}
