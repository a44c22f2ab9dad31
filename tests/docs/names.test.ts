import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from '../../src/cli/command';
import { commands } from '../../src/cli/commands';
import { anchorsOf, document, documents, packageScripts, ROOT, type Document } from './markdown';

/** What documents name is there: files, links, scripts, commands, options, variables. */
let all: Document[];
let scripts: Record<string, string>;

beforeAll(async () => {
  all = await documents();
  scripts = await packageScripts('.');
});

/** `file: what` of everything that is named and not there. */
const missing = (
  pattern: RegExp,
  isThere: (match: RegExpExecArray, from: Document) => boolean,
  where: 'text' | 'prose' = 'text',
): string[] =>
  all.flatMap((from) =>
    [...from[where].matchAll(pattern)].filter((match) => !isThere(match, from)).map((match) => `${from.file}: ${match[0].trim()}`),
  );

test('links lead somewhere', () => {
  const anchors = new Map(all.map((document) => [document.file, anchorsOf(document)]));
  const isThere = ([, target]: RegExpExecArray, from: Document): boolean => {
    if (/^(?:https?|mailto):/.test(target!)) return true;
    const [name, anchor] = target!.split('#');
    const file = name === '' ? from.file : path.posix.join(path.posix.dirname(from.file), name!);
    return existsSync(path.join(ROOT, file)) && (anchor === undefined || anchors.get(file)?.has(anchor) === true);
  };
  expect(missing(/\]\(([^)\s]+)\)/g, isThere, 'prose')).toEqual([]);
});

test('files and folders in the text exist', () => {
  const known = /`((?:src|tests|docs|prisma|scripts|bench|tools|docker|\.ci|\.github)\/[^\s`]*)`/g;
  // Patterns and placeholders name no single file; what the build or a command makes is not there yet.
  const isThere = ([, name]: RegExpExecArray): boolean =>
    /[<>*{}…]|^src\/generated|^bench\/results/.test(name!) || existsSync(path.join(ROOT, name!.replace(/[.,:;]$/, '')));
  expect(missing(known, isThere)).toEqual([]);
});

test('scripts exist', async () => {
  const tools = await packageScripts('tools');
  const isThere = ([, prefix, name]: RegExpExecArray): boolean => (prefix === undefined ? scripts : tools)[name!] !== undefined;
  expect(missing(/\bnpm (--prefix tools )?run (?:--silent )?([a-z][a-z:]*)/g, isThere)).toEqual([]);
});

test('commands and options of the command line are the ones it has', () => {
  const help = new Map(Object.entries<Command>(commands).map(([name, command]) => [name, command.help(name)]));
  const isThere = ([, name, rest]: RegExpExecArray): boolean => {
    const text = help.get(name!);
    return text !== undefined && [...rest!.matchAll(/--[a-z][a-z-]*/g)].every(([option]) => text.includes(option));
  };
  expect(missing(/npm run (?:--silent )?cli -- ([a-z][a-z-]*)([^\n`|]*)/g, isThere)).toEqual([]);
});

test('variables are the ones .env.example explains', async () => {
  const known = new Set([...(await readFile(path.join(ROOT, '.env.example'), 'utf8')).matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name));
  const readme = await document('README.md');
  const named = [...readme.text.matchAll(/^\| (`[A-Z_]+`(?:, `[A-Z_]+`)*) \|/gm)].flatMap(([, cell]) =>
    cell!.replaceAll('`', '').split(', '),
  );
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((name) => !known.has(name))).toEqual([]);
});

test('rules that code and tests name are told in docs/RULES.md', async () => {
  const code = /\b(?:MON|QTY|STK|VAL|ORD|PAY|IVC|NUM|CAT|INV|[ACDIO])-\d{1,2}\b/g;
  const told = new Set((await document('docs/RULES.md')).text.match(code));
  const named = new Map<string, string>();
  for (const folder of ['src', 'tests', 'prisma/migrations', 'docs/adr'])
    for (const entry of await readdir(path.join(ROOT, folder), { recursive: true, withFileTypes: true })) {
      if (!/\.(?:ts|sql|md)$/.test(entry.name) || entry.parentPath.includes('generated')) continue;
      const file = path.join(entry.parentPath, entry.name);
      for (const rule of (await readFile(file, 'utf8')).match(code) ?? []) named.set(rule, path.relative(ROOT, file));
    }
  expect(named.size).toBeGreaterThan(50);
  expect([...named].filter(([rule]) => !told.has(rule))).toEqual([]);
});
