/* What is wrong before anything is asked of it: the text of a variable, and the file that has it. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { generateSecrets } from '../../src/config/development-secrets';
import { attemptStart, ROOT } from './attempt';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'quartermaster-configuration-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const complaint = (problem: string): string => `The configuration can't be used:\n  - ${problem}\n`;
const refusedWith = async (env: Readonly<Record<string, string>>): Promise<string> => {
  const { code, listened, output } = await attemptStart({ DATA_DIR: path.join(folder, 'data'), ...env }, 'dist/main.js', folder);
  expect({ code, listened }).toEqual({ code: 1, listened: false });
  return output;
};

describe('a password that is not written as an address wants it', () => {
  const production = (): Readonly<Record<string, string>> => ({ NODE_ENV: 'production', ...generateSecrets() });
  const inAddress = (form: string): string => `must be like ${form}, with @ : / # % in the password written as %40 %3A %2F %23 %25`;

  it.each(['a%ff', '100%sure', 'one#two', '12/34'])('%s, of the database', async (password) => {
    const sentence = complaint(`DATABASE_URL ${inAddress('postgresql://user:password@host:5432/database')}`);
    const env = { DATABASE_URL: `postgresql://app:${password}@127.0.0.1:1/shop` };
    expect(await refusedWith(env)).toBe(sentence);
    expect(await refusedWith({ ...production(), ...env })).toBe(sentence);
  });

  it('of Redis and of the mail server', async () => {
    expect(await refusedWith({ REDIS_URL: 'redis://:50%@127.0.0.1:1' })).toBe(
      complaint(`REDIS_URL ${inAddress('redis://user:password@host:6379/0')}`),
    );
    expect(await refusedWith({ SMTP_URL: 'smtp://me:50%@127.0.0.1:1' })).toBe(
      complaint(`SMTP_URL ${inAddress('smtp://user:password@host:587')}`),
    );
  });
});

describe('an .env file', () => {
  const UNREADABLE = complaint(".env is there and can't be read (EISDIR): make it a file that this account may read, or move it away");

  it('is read in the folder that a server starts from', async () => {
    writeFileSync(path.join(folder, '.env'), 'LOG_LEVEL=loud\n');
    expect(await refusedWith({})).toBe(complaint('LOG_LEVEL must be one of [error, warn, info, debug]'));
  });

  it("that can't be read is not passed over: nothing starts on another database", async () => {
    mkdirSync(path.join(folder, '.env'));
    expect(await refusedWith({})).toBe(UNREADABLE);
    expect(await refusedWith({ NODE_ENV: 'production' })).toBe(UNREADABLE);
  });

  it('nor by the program that makes migrations', () => {
    mkdirSync(path.join(folder, '.env'));
    const tsx = path.join(ROOT, 'node_modules/.bin/tsx');
    const { status, stderr } = spawnSync(tsx, [path.join(ROOT, 'src/db/migrate/dev.ts'), 'status'], {
      cwd: folder,
      env: { PATH: process.env['PATH'], DATA_DIR: path.join(folder, 'data') },
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([1, UNREADABLE]);
  });
});
