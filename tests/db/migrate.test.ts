import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MigrationFiles } from '../../src/db/migrate/files';
import { createMigration, deploy, drift, missingFromMigrations, resolve, status } from '../../src/db/migrate/runner';
import { testCluster } from '../support/cluster';
import { emptyDatabase, queryOnce, type TestDatabase } from '../support/database';

const SCHEMA = `
generator client {
  provider = "prisma-client"
  output   = "../generated"
}

datasource db {
  provider = "postgresql"
}

model Part {
  id   String @id @db.Uuid
  name String

  @@map("parts")
}
`;

describe('the migration runner', () => {
  let folder: string;
  let files: MigrationFiles;
  let database: TestDatabase;
  const write = async (name: string, sql: string): Promise<void> => {
    await mkdir(path.join(files.migrationsDir, name), { recursive: true });
    await writeFile(path.join(files.migrationsDir, name, 'migration.sql'), sql);
  };
  const target = () => ({ url: database.ownerUrl, shadowUrl: testCluster().superuserUrl, files });

  beforeEach(async () => {
    database = await emptyDatabase();
    folder = await mkdtemp(path.join(os.tmpdir(), 'quartermaster-migrate-'));
    files = { schemaDir: path.join(folder, 'schema'), migrationsDir: path.join(folder, 'migrations') };
    await mkdir(files.schemaDir);
    await writeFile(path.join(files.schemaDir, 'schema.prisma'), SCHEMA);
    await write('1_parts', 'CREATE TABLE "parts" ("id" UUID NOT NULL, "name" TEXT NOT NULL, CONSTRAINT "parts_pkey" PRIMARY KEY ("id"));');
    await write(
      '2_guard',
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'a; semicolon'; END $$;
       CREATE TRIGGER keep BEFORE DELETE ON parts FOR EACH ROW EXECUTE FUNCTION refuse();`,
    );
  });
  afterEach(async () => {
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  it('deploys the project on an empty database, then finds nothing to do', async () => {
    const target = { url: database.ownerUrl };
    expect((await status(target)).pending.length).toBeGreaterThan(0);
    expect((await deploy(target)).applied.length).toBeGreaterThan(0);
    expect(await deploy(target)).toEqual({ applied: [], edited: [], unknown: [] });
    expect(await status(target)).toEqual({ pending: [], failed: [], edited: [], unknown: [] });
    expect(await queryOnce(database.runtimeUrl, 'SELECT FROM _prisma_migrations LIMIT 1')).toHaveLength(1);
  });

  it('has migrations for all that the schema has', async () => {
    expect(await missingFromMigrations({ url: testCluster().superuserUrl })).toBe('');
  });

  it('lets one of several apply and the others wait', async () => {
    const results = await Promise.all([1, 2, 3].map(() => deploy(target())));
    expect(results.flatMap(({ applied }) => applied)).toEqual(['1_parts', '2_guard']);
    await queryOnce(database.ownerUrl, `INSERT INTO parts VALUES (gen_random_uuid(), 'bolt')`);
    await expect(queryOnce(database.ownerUrl, 'DELETE FROM parts')).rejects.toThrow('a; semicolon');
  });

  it('waits for one that is being applied, and does not take it for one that failed', async () => {
    await write('3_slow', 'SELECT pg_sleep(1); CREATE TABLE slow ();');
    const first = deploy(target());
    while ((await status(target())).failed[0] !== '3_slow') await sleep(20);
    expect(await deploy(target())).toEqual({ applied: [], edited: [], unknown: [] });
    expect((await first).applied).toEqual(['1_parts', '2_guard', '3_slow']);
  });

  it('reports a migration edited after it was applied, and one it does not know', async () => {
    await deploy(target());
    await write('2_guard', 'SELECT 1;');
    await rm(path.join(files.migrationsDir, '1_parts'), { recursive: true });
    await write('3_more', 'CREATE TABLE more ();');
    expect(await deploy(target())).toEqual({ applied: ['3_more'], edited: ['2_guard'], unknown: ['1_parts'] });
    expect(await deploy(target())).toEqual({ applied: [], edited: ['2_guard'], unknown: ['1_parts'] });
  });

  it('leaves nothing of a failed migration, and goes on once it is settled', async () => {
    await write('3_broken', 'CREATE TABLE half (); SELECT 1 / 0;');
    await expect(deploy(target())).rejects.toThrow('division by zero');
    expect(await queryOnce(database.ownerUrl, `SELECT to_regclass('half')::text AS half`)).toEqual([{ half: null }]);
    expect(await status(target())).toEqual({ pending: [], failed: ['3_broken'], edited: [], unknown: [] });
    await expect(deploy(target())).rejects.toThrow('3_broken');
    await expect(resolve(target(), 'rolled-back', '3_brokem')).rejects.toThrow(
      'No migration 3_brokem waits to be settled. Those that failed: 3_broken.',
    );
    await resolve(target(), 'rolled-back', '3_broken');
    await expect(resolve(target(), 'applied', '1_parts')).rejects.toThrow('Those that failed: none.');
    await write('3_broken', 'CREATE TABLE half ();');
    expect((await deploy(target())).applied).toEqual(['3_broken']);
  });

  it('writes the difference between schema and migrations into a new one, and sees changes made by hand', async () => {
    const now = new Date('2026-03-04T05:06:07Z');
    expect(await createMigration(target(), 'nothing', { empty: false, now })).toBeNull();
    await writeFile(path.join(files.schemaDir, 'schema.prisma'), SCHEMA.replace('name String', 'name String\n  size Int?'));
    expect(await createMigration(target(), 'Size of parts', { empty: false, now })).toBe('20260304050607_size_of_parts');
    expect(await missingFromMigrations(target())).toBe('');
    await deploy(target());
    expect(await drift(target())).toBe('');
    await queryOnce(database.ownerUrl, 'ALTER TABLE parts ADD COLUMN colour TEXT');
    expect(await drift(target())).toContain('"colour"');
  });
});
