import { connect, type DatabaseClient } from '../../src/db/client';
import { HotLane } from '../../src/db/hot-lane';
import { MOST_PREPARED } from '../../src/db/tenant-pool';
import { UnitOfWork } from '../../src/db/unit-of-work';
import { Prisma } from '../../src/generated/prisma/client';
import { asOrganization } from '../../src/kernel/context';
import { newId } from '../../src/kernel/ids';
import { freshDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
let client: DatabaseClient;
let lane: HotLane;

beforeAll(async () => {
  database = await freshDatabase();
  client = connect(database.runtimeUrl, 1); // what a connection keeps only that connection can tell
  const unitOfWork = new UnitOfWork(client.prisma, () => undefined);
  lane = new HotLane(client.pool, unitOfWork, () => undefined);
});
afterAll(async () => {
  await client.close();
  await database.drop();
});

interface Prepared {
  readonly statement: string;
  readonly generic_plans: string;
  readonly custom_plans: string;
}
const prepared = async (): Promise<Prepared[]> =>
  (await client.pool.query('SELECT statement, generic_plans, custom_plans FROM pg_prepared_statements')).rows as Prepared[];

/** A text of its own for every number, as lists have one for every combination of filters. */
const numbered = (n: number): Prisma.Sql => Prisma.sql`SELECT ${`value ${n}`}::text || ${Prisma.raw(`'${n}'`)}`;

test('statements of a hot command are planned once, whatever their arrays hold', async () => {
  const ids = Array.from({ length: 8 }, () => newId());
  await asOrganization(newId(), async () => {
    for (let n = 1; n <= ids.length; n++)
      await lane.run((open) => open.rows(Prisma.sql`SELECT id AS planned_once FROM stores WHERE id = ANY (${ids.slice(0, n)}::uuid[])`));
  });
  const statement = (await prepared()).find(({ statement: text }) => text.includes('planned_once'));
  expect(statement).toMatchObject({ generic_plans: String(ids.length), custom_plans: '0' });
});

test('a connection keeps a bounded number of statements prepared, and goes on with those it dropped', async () => {
  for (let n = 0; n < 3 * MOST_PREPARED; n++) expect(await lane.text(numbered(n))).toBe(`value ${n}${n}`);
  expect((await prepared()).length).toBeLessThanOrEqual(MOST_PREPARED + 1);
  for (const n of [0, 1, 3 * MOST_PREPARED - 1]) expect(await lane.text(numbered(n))).toBe(`value ${n}${n}`);
});
