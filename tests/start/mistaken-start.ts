import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freshDatabase, type TestDatabase } from '../support/database';
import { attemptStart } from './attempt';

type Variables = Readonly<Record<string, string>>;

let database: TestDatabase;
let dataDir: string;

/** A database and a folder, there for the tests of the file that calls it. */
export function prepareStart(): void {
  beforeAll(async () => {
    database = await freshDatabase();
    dataDir = mkdtempSync(path.join(os.tmpdir(), 'quartermaster-mistakes-'));
  });
  afterAll(async () => {
    await database.drop();
    rmSync(dataDir, { recursive: true });
  });
}

export const site = { database: (): TestDatabase => database, dataDir: (): string => dataDir };

/** Both logins of the database. */
export const owner = (): Variables => ({ DATABASE_URL: database.runtimeUrl, MIGRATION_DATABASE_URL: database.ownerUrl });

/** What a server says that does not come up. */
export async function refusedWith(env: Variables): Promise<string> {
  const { code, listened, output } = await attemptStart({ DATA_DIR: dataDir, SEED_DEMO: 'false', ...env });
  expect({ code, listened }).toEqual({ code: 1, listened: false });
  return output.trimEnd();
}
