import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { BREACHES, TEXT_BREACHES, type Breach } from './breaches';
import { cruise, type Violation } from './cruise';
import layers from './layers';
import { breachesIn, sources, TEXT_RULES } from './text-rules';

const ROOT = path.resolve(__dirname, '../..');
const RULES = layers.forbidden.map(({ name }) => name);
const PACKAGES = ['pg', 'luxon', 'express'];

describe('the layers', () => {
  it('hold: nobody imports what a rule forbids', async () => {
    const { modules, violations } = await cruise(ROOT);
    expect(violations.map(({ rule, from, to }) => `${rule}: ${from} → ${to}`)).toEqual([]);
    expect(modules).toBeGreaterThan(150); // it has looked
  }, 60_000);

  it('hold in the text of every source', async () => {
    const found = await sources(ROOT);
    expect(found.flatMap(breachesIn)).toEqual([]);
    expect(found.length).toBeGreaterThan(100);
  });
});

describe('each rule can fail', () => {
  let violations: readonly Violation[];
  let tree: string;

  beforeAll(async () => {
    tree = await plant(Object.values(BREACHES).flat());
    ({ violations } = await cruise(tree));
  }, 60_000);
  afterAll(() => rm(tree, { recursive: true, force: true }));

  it.each(RULES)('%s', (rule) => {
    const breaches = BREACHES[rule] ?? [];
    expect(breaches).not.toEqual([]);
    for (const { file, target, imports } of breaches) expect(violations).toContainEqual({ rule, from: file, to: target ?? imports });
  });

  it.each(TEXT_RULES.map(({ name }) => name))('%s', (rule) => {
    const [file, line] = TEXT_BREACHES[rule]!;
    expect(breachesIn({ file, text: `/* a comment\n   of two lines */\n${line} // and one\n` })).toEqual([`${rule}: ${file}:3`]);
    expect(breachesIn({ file, text: `// ${line}\n` })).toEqual([]);
  });
});

/** Writes a tree of sources, with the files they import, and packages to import from. */
async function plant(breaches: readonly Breach[]): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'quartermaster-layers-'));
  const write = async (file: string, text: string): Promise<void> => {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), text, { flag: 'a' });
  };
  for (const { target, source = 'export const target = 1;' } of breaches)
    if (target?.startsWith('src/') === true) await write(target, `${source}\n`);
  for (const name of PACKAGES) await write(`node_modules/${name}/index.js`, 'module.exports = {};\n');
  for (const { file, imports } of breaches) await write(file, `import * as wrong from '${imports}';\nexport const right = wrong;\n`);
  return folder;
}
