import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from '../../src/cli/command';
import { commands } from '../../src/cli/commands';
import { document, headingsOf, packageScripts, ROOT, sectionOf, type Document } from './markdown';

/** docs/SCRIPTS.md tells every script and command, with everything that can be said to it. */
let page: Document;
beforeAll(async () => {
  page = await document('docs/SCRIPTS.md');
});

const source = (file: string): Promise<string> => readFile(path.join(ROOT, file), 'utf8');
const textOf = (heading: string): string => sectionOf(page, heading.replaceAll('.', String.raw`\.`)).text;
const TOOLS = 'npm --prefix tools run';

test('a section for each, and none for what is not there', async () => {
  const ofPackage = Object.keys(await packageScripts('.'))
    .filter((name) => !/^pre[a-z]/.test(name) && name !== 'cli')
    .map((name) => (['start', 'test'].includes(name) ? `npm ${name}` : `npm run ${name}`));
  const ofShell = (await readdir(path.join(ROOT, 'scripts'))).filter((name) => name.endsWith('.sh')).map((name) => `scripts/${name}`);
  const ofCommandLine = Object.keys(commands).filter((name) => !ofPackage.includes(`npm run ${name}`));
  const chapters = ['Commands', 'Running', 'Command line', 'Changing the code', 'Testing'];
  const wanted = [...chapters, ...ofPackage, ...ofShell, ...ofCommandLine, TOOLS, '.ci/run'];
  expect(headingsOf(page).toSorted()).toEqual(wanted.toSorted());
});

test.each(Object.entries<Command>(commands))('the options of %s are the ones it declares', (name, command) => {
  const section = headingsOf(page).includes(name) ? name : `npm run ${name}`;
  const optionsIn = (text: string): string[] => [...new Set(text.match(/(?<=[\s`[])--[a-z][a-z-]*/g))].toSorted();
  expect(optionsIn(textOf(section).replaceAll('npm run --silent', 'npm run'))).toEqual(optionsIn(command.help(name)));
});

test('every tool of tools/ is told', async () => {
  const told = textOf(TOOLS);
  const silent = Object.keys(await packageScripts('tools')).filter((name) => !told.includes(`\`${name}`));
  expect(silent).toEqual([]);
});

test('scripts/start.sh takes what is told', async () => {
  const usages = [...(await source('scripts/start.sh')).matchAll(/^# {3}(start\.sh .*?) {2,}/gm)].map(([, usage]) => usage!);
  expect(usages.length).toBeGreaterThan(3);
  const told = textOf('scripts/start.sh');
  expect(usages.filter((usage) => !told.includes(`\`scripts/${usage}\``))).toEqual([]);
});

test.each([
  ['db', /^ {2}([a-z]+) .*? {2,}/gm],
  ['bench', /(?<=[{,] )([a-z]+): \{ type: 'string'/g],
])('npm run %s takes what is told', async (name, usage) => {
  // "tsx FILE"
  const file = (await packageScripts('.'))[name]!.split(' ')[1]!;
  const words = [...(await source(file)).matchAll(usage)].map(([, word]) => word!);
  expect(words.length).toBeGreaterThan(1);
  const told = textOf(`npm run ${name}`);
  expect(words.filter((word) => !new RegExp(`\\| [^|]*\`(?:--)?${word}\\b`).test(told))).toEqual([]);
});

test('.ci/run does what is told, in that order', async () => {
  const steps = [...(await source('.ci/run')).matchAll(/^step '([^']+)'/gm)].map(([, step]) => step);
  const told = [...textOf('.ci/run').matchAll(/^\| ([A-Z][^|]*?) \|/gm)].map(([, step]) => step);
  expect(told).toEqual(steps);
});
