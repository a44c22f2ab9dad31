import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');
/** Commands, and words of npm, tsc and PostgreSQL. */
const OF_OTHERS = /^(npm |npx |rm |docker |build: tsc|pg_dump: |psql: |permission denied |Cannot find module)/;

const below = (folder: string, suffix: string): string[] =>
  readdirSync(path.join(ROOT, folder), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(suffix) && !name.startsWith('generated'))
    .map((name) => readFileSync(path.join(ROOT, folder, name), 'utf8'));

/** The sources with every text in one piece: joined over lines, with an ellipsis where something is filled in. */
const TEXTS = [...below('src', '.ts'), ...below('scripts', '.js')]
  .join('\n')
  .replaceAll(/['`]\s*\+\s*['`]/g, '')
  .replaceAll(/\$\{[^}]*\}/g, '…')
  .replaceAll(String.raw`\'`, "'");

/** Messages quoted in bold: the parts between what is left out. */
const quoted = [...readFileSync(path.join(ROOT, 'docs/TROUBLESHOOTING.md'), 'utf8').matchAll(/^\*\*.*$/gm)]
  .flatMap(([line]) => [...line.matchAll(/`([^`]+)`/g)].map(([, text]) => text!))
  .filter((text) => / /.test(text) && !OF_OTHERS.test(text));

const isSaid = (message: string): boolean =>
  message
    .replace(/^build: /, '')
    .split('…')
    .map((part) => part.trim())
    .every((part) => TEXTS.includes(part.replaceAll(/\b(3000|80)\b/g, '…')) || TEXTS.includes(part));

test.each(quoted)('docs/TROUBLESHOOTING.md: “%s” is what the program says', (message) => {
  expect(isSaid(message)).toBe(true);
});

test('the page quotes many, and one that nobody says would be noticed', () => {
  expect(quoted.length).toBeGreaterThan(25);
  expect(isSaid('Port 3000 is used by another program. …')).toBe(false);
});
