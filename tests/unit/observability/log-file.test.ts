import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError } from '../../../src/config/config-error';
import { LogFile } from '../../../src/observability/log-file';

let folder: string;
let file: string;
const told: unknown[] = [];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'log-file-'));
  file = path.join(folder, 'app.log');
  told.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

const opened = (name = file, mostBytes?: number): LogFile => new LogFile(name, (error) => told.push(error), mostBytes);
/** Each in a write of its own. */
async function write(log: LogFile, ...lines: readonly string[]): Promise<void> {
  for (const line of lines) await new Promise((resolve) => log.write(`${line}\n`, resolve));
}
const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8').trim();

test('lines are appended to what is there, and the folder is made', async () => {
  const below = path.join(folder, 'logs/today/app.log');
  for (const line of ['one', 'two']) {
    const log = opened(below);
    await write(log, line);
    log.end();
  }
  expect(readFileSync(below, 'utf8')).toBe('one\ntwo\n');
});

test('lines that come at once are all there, in their order', async () => {
  const log = opened();
  const lines = Array.from({ length: 1_000 }, (_, line) => `line ${line}`);
  await Promise.all(lines.map((line) => write(log, line)));
  expect(read('app.log').split('\n')).toEqual(lines);
});

test('a full one is put aside, ten are kept, and a start goes on counting', async () => {
  for (let line = 1; line <= 12; line++) await write(opened(file, 4), `line ${line}`);
  expect(read('app.log')).toBe('line 12');
  expect(read('app1.log')).toBe('line 11');
  expect(read('app9.log')).toBe('line 3');
  expect(existsSync(path.join(folder, 'app10.log'))).toBe(false);
  expect(told).toEqual([]);
});

test('one that can not be put aside grows on, which is told', async () => {
  writeFileSync(path.join(folder, 'app8.log'), '');
  mkdirSync(path.join(folder, 'app9.log'));
  const log = opened(file, 12);
  await write(log, 'one', 'two', 'three', 'four', 'five');
  expect(read('app.log').split('\n')).toEqual(['one', 'two', 'three', 'four', 'five']);
  expect(told).toEqual([expect.objectContaining({ syscall: 'rename' })]);
});

const itWithDevices = existsSync('/dev/full') ? test : test.skip;
itWithDevices('a full disk is told once, and holds nobody back', async () => {
  const log = opened('/dev/full', 4);
  await write(log, 'one', 'two', 'three');
  await sleep(10);
  expect(told).toEqual([expect.objectContaining({ code: 'ENOSPC' })]);
  expect(existsSync('/dev/full')).toBe(true);
});

test.each([
  ['a folder', () => folder, 'LOG_FILE is a folder; name a file in it'],
  ['below a file', () => path.join(file, 'x.log'), 'LOG_FILE: a file is in the way where a folder is needed'],
  ['far below a file', () => path.join(file, 'x/y.log'), 'LOG_FILE: a file is in the way where a folder is needed'],
])('%s is refused before anything is written', (_what, name, problem) => {
  writeFileSync(file, '');
  expect(() => opened(name())).toThrow(new ConfigError([problem]));
});
