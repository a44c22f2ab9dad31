import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type DatabaseClient } from '../../src/db/client';
import { SessionLock } from '../../src/db/session-lock';
import { freshDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
let client: DatabaseClient;
let lock: SessionLock;
beforeAll(async () => {
  database = await freshDatabase();
  client = connect(database.runtimeUrl, 5);
  lock = new SessionLock(client.pool);
});
afterAll(async () => {
  await client.close();
  await database.drop();
});

const answer = (): Promise<string> => Promise.resolve('done');

it('keeps others out while it is held, and lets them in the moment it is not', async () => {
  let enter: () => void;
  const entered = new Promise<void>((resolve) => {
    enter = resolve;
  });
  const held = lock.hold('work', async () => {
    enter();
    await sleep(300);
    return 'first';
  });
  await entered;
  expect(await lock.hold('work', answer)).toBeUndefined();
  expect(await lock.hold('other work', answer)).toEqual({ result: 'done' });
  expect(await lock.hold('work', answer, 5_000)).toEqual({ result: 'done' });
  expect(await held).toEqual({ result: 'first' });
  for (let round = 0; round < 100; round++) expect(await lock.hold('work', answer)).toEqual({ result: 'done' });
});

it('is free after work that failed', async () => {
  await expect(lock.hold('work', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await lock.hold('work', answer)).toEqual({ result: 'done' });
});
