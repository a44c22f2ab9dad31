import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

export const ROOT = path.resolve(__dirname, '../..');

export interface Document {
  /** Relative to the root, with '/'. */
  readonly file: string;
  readonly text: string;
  /** Without fenced blocks. */
  readonly prose: string;
}

export interface Block {
  readonly language: string;
  readonly code: string;
}

const FENCE = /^```(\w*)[^\n]*\n([\s\S]*?)^```$/gm;

export const blocksOf = ({ text }: Pick<Document, 'text'>): Block[] =>
  [...text.matchAll(FENCE)].map(([, language, code]) => ({ language: language!, code: code! }));

/** The text below a heading, up to the next of the same or a higher level. */
export function sectionOf({ text }: Document, heading: string): Pick<Document, 'text'> {
  // Of the same length, so that places are the same: a comment in a block looks like a heading.
  const plain = text.replaceAll(FENCE, (block) => '.'.repeat(block.length));
  const start = plain.search(new RegExp(`^#+ ${heading}$`, 'm'));
  if (start < 0) throw new Error(`no heading ${heading}`);
  const level = plain.slice(start).indexOf(' ');
  const length = plain.slice(start + level).search(new RegExp(`^#{1,${level}} `, 'm'));
  return { text: text.slice(start, length < 0 ? undefined : start + level + length) };
}

export const headingsOf = ({ prose }: Document): string[] => [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading!);

/** As GitHub makes them: a heading that comes again gets a number. */
export function anchorsOf(document: Document): Set<string> {
  const seen = new Map<string, number>();
  return new Set(
    headingsOf(document).map((heading) => {
      const anchor = heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
        .replaceAll(' ', '-');
      const count = seen.get(anchor) ?? 0;
      seen.set(anchor, count + 1);
      return count === 0 ? anchor : `${anchor}-${count}`;
    }),
  );
}

/** Every document of the project. */
export async function documents(): Promise<Document[]> {
  const inDocs = await readdir(path.join(ROOT, 'docs'), { recursive: true });
  const files = ['README.md', 'CONTRIBUTING.md', ...inDocs.map((name) => `docs/${name.split(path.sep).join('/')}`)];
  return Promise.all(files.filter((file) => file.endsWith('.md')).map(document));
}

export async function document(file: string): Promise<Document> {
  const text = await readFile(path.join(ROOT, file), 'utf8');
  return { file, text, prose: text.replaceAll(FENCE, '') };
}

/** By name, of the package in the folder. */
export const packageScripts = async (folder: string): Promise<Record<string, string>> =>
  (JSON.parse(await readFile(path.join(ROOT, folder, 'package.json'), 'utf8')) as { scripts: Record<string, string> }).scripts;
