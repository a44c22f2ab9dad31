import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from '@swc/core';
import { ROOT } from './markdown';

/** A text as the program puts it together: `…` stands for what is filled in. */
export interface Message {
  /** Below src. */
  readonly file: string;
  readonly text: string;
}

/** Whatever these say is for the person who starts the program: its problems, and what the system and the database refuse. */
const ALL_SAID = /^(?:config\/|process\/explain\.|process\/boot-checks\.|db\/unusable\.)/;

/**
 * What a person is told who sets the program up and runs it: the errors that explain() shows without a stack, and the warnings and errors of
 * the log. Not the refusals of the API, which its description tells.
 */
export async function messages(): Promise<Message[]> {
  const plain = await plainErrors();
  const names = await readdir(path.join(ROOT, 'src'), { recursive: true });
  const files = names
    .map((name) => name.split(path.sep).join('/'))
    .filter((name) => name.endsWith('.ts') && !name.startsWith('generated/'));
  const all = await Promise.all(
    files.map(async (file) => {
      const tree = { ...(await parse(await readFile(path.join(ROOT, 'src', file), 'utf8'), { syntax: 'typescript' })) };
      return (ALL_SAID.test(file) ? textsIn(tree) : textsSaidIn(tree, plain)).filter(isSentence).map((text) => ({ file, text }));
    }),
  );
  return all.flat();
}

/** Names of the errors whose messages are shown as they are. */
async function plainErrors(): Promise<Set<string>> {
  const [, names] = /const PLAIN = \[([^\]]+)\]/.exec(await readFile(path.join(ROOT, 'src/process/explain.ts'), 'utf8'))!;
  return new Set(names!.split(',').map((name) => name.trim()));
}

/** Three words at least; the others are names, and parts of what stands beside them. */
const isSentence = (text: string): boolean =>
  !text.startsWith('SELECT ') && text.split(' ').filter((word) => /[a-z]{2}/i.test(word)).length > 2;

type Tree = Readonly<Record<string, unknown>>;
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;

const partsOf = (tree: Tree): Tree[] => Object.values(tree).filter(isTree);

/** The texts that are handed to a plain error or to the log, and those that a plain error puts together itself. */
function textsSaidIn(tree: Tree, plain: ReadonlySet<string>): string[] {
  const isSaid =
    (tree['type'] === 'NewExpression' && plain.has(nameOf(tree['callee']))) ||
    (tree['type'] === 'ClassDeclaration' && plain.has(nameOf(tree['identifier']))) ||
    (tree['type'] === 'CallExpression' && /\.(?:warn|error)$/.test(nameOf(tree['callee'])));
  return isSaid ? textsIn(tree) : partsOf(tree).flatMap((part) => textsSaidIn(part, plain));
}

/** `this.logger.warn` of what is called so; empty for anything else. */
function nameOf(tree: unknown): string {
  if (!isTree(tree)) return '';
  if (tree['type'] === 'ThisExpression') return 'this';
  if (tree['type'] === 'MemberExpression') return `${nameOf(tree['object'])}.${nameOf(tree['property'])}`;
  return tree['type'] === 'Identifier' ? String(tree['value']) : '';
}

/** Every text, the choices inside of a longer one as well. */
function textsIn(tree: Tree): string[] {
  const text = textOf(tree);
  const parts = partsOf(tree).flatMap(textsIn);
  return text === undefined ? parts : [text, ...(tree['type'] === 'TemplateLiteral' ? parts : [])];
}

function textOf(tree: Tree): string | undefined {
  switch (tree['type']) {
    case 'StringLiteral':
      return tree['value'] as string;
    case 'TemplateLiteral':
      return (tree['quasis'] as { cooked: string }[]).map(({ cooked }) => cooked).join('…');
    case 'BinaryExpression': {
      const [left, right] = [textOf(tree['left'] as Tree), textOf(tree['right'] as Tree)];
      const isJoined = tree['operator'] === '+' && (left ?? right) !== undefined;
      return isJoined ? `${left ?? '…'}${right ?? '…'}` : undefined;
    }
    default:
      return undefined;
  }
}
