import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './markdown';
import { messages, type Message } from './messages';

/** Commands, and words of npm, tsc, docker, psql and PostgreSQL. */
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
  .replaceAll(/\$\{[^}]*\}|\{#\w+\}/g, '…')
  .replaceAll(String.raw`\'`, "'");

/** What is quoted as seen on the screen: in bold, or as the first cell of a row. */
const quotedIn = (page: string): string[] =>
  [...page.matchAll(/^(?:\*\*.*|\| `.*?(?= \|))/gm)]
    .flatMap(([place]) => [...place.matchAll(/`([^`]+)`/g)].map(([, text]) => text!))
    .filter((text) => / /.test(text) && !OF_OTHERS.test(text));

const quoted = quotedIn(readFileSync(path.join(ROOT, 'docs/TROUBLESHOOTING.md'), 'utf8'));

/** The parts between what is left out; an example of a port is filled in, too. */
const partsOf = (quote: string): string[] =>
  quote
    .replace(/^build: /, '')
    .split('…')
    .map((part) => part.trim());

const isSaid = (quote: string): boolean =>
  partsOf(quote).every((part) => TEXTS.includes(part.replaceAll(/\b(3000|80)\b/g, '…')) || TEXTS.includes(part));

test.each(quoted)('docs/TROUBLESHOOTING.md: “%s” is what the program says', (quote) => {
  expect(isSaid(quote)).toBe(true);
});

test('the page quotes many, and one that nobody says would be noticed', () => {
  expect(quoted.length).toBeGreaterThan(50);
  expect(isSaid('Port 3000 is used by another program. …')).toBe(false);
});

describe('the other way round', () => {
  /** A quote that leaves out too much would be of any message. */
  const FEWEST_WORDS = 2;
  const quotes = quoted
    .map((quote) => quote.replaceAll(/\b(3000|80)\b/g, '…'))
    .filter((quote) => (quote.match(/[A-Za-z_]{2,}/g) ?? []).length >= FEWEST_WORDS)
    .map(partsOf);

  const isTold = ({ text }: Pick<Message, 'text'>): boolean => {
    const said = text.replaceAll(/\{#\w+\}/g, '…');
    return quotes.some((parts) => {
      let from = 0;
      return parts.every((part) => {
        const at = said.indexOf(part, from);
        from = at + part.length;
        return at >= 0;
      });
    });
  };

  test('every message of the configuration, the database, the start and the log is told in docs/TROUBLESHOOTING.md', async () => {
    const all = await messages();
    expect(all.length).toBeGreaterThan(60);
    expect(all.filter((message) => !isTold(message)).map(({ file, text }) => `src/${file}: ${text}`)).toEqual([]);
  });

  test('one that is not there would be noticed', () => {
    expect(isTold({ text: 'Port … is used by another program.' })).toBe(false);
  });
});
