import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { IDENTITY_PLANE } from '../../src/modules/integrity/invariants/database';
import { freshDatabase, queryOnce, type TestDatabase } from '../support/database';

/** Citus makes reference tables of the identity plane, and they can't refer to distributed ones. */
let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

it('of the identity plane nothing refers to the tenant plane, but for what docs/DEPLOYMENT.md names and tells how to do without', async () => {
  const rows = await queryOnce<{ name: string }>(
    database.superuserUrl,
    `SELECT conname AS name FROM pg_constraint
     WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND conrelid::regclass::text = ANY ($1) AND NOT confrelid::regclass::text = ANY ($1)`,
    [IDENTITY_PLANE],
  );
  expect(rows).toEqual([{ name: 'memberships_organization_id_customer_id_fkey' }]);
  const deployment = await readFile(path.resolve(__dirname, '../../docs/DEPLOYMENT.md'), 'utf8');
  for (const { name } of rows) expect(deployment).toContain(name);
});
