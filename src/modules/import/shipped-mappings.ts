import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { positionOf, syntaxErrorOffset } from '../../http/body/json-syntax';
import { InvalidMapping } from './import.errors';
import { parseMapping, type ImportMapping } from './mapping';

export const SHIPPED_MAPPINGS = ['online-retail', 'order-lines'] as const;
const FOLDER = join(__dirname, 'mappings');
const NAMES = SHIPPED_MAPPINGS.join(' and ');

const isShipped = (text: string): boolean => (SHIPPED_MAPPINGS as readonly string[]).includes(text);

/** A mapping by the name of a shipped one, or the path of a file. @throws InvalidMapping */
export async function mappingFrom(nameOrPath: string): Promise<ImportMapping> {
  if (isShipped(nameOrPath)) return shippedMapping(nameOrPath);
  const text = await readFile(nameOrPath, 'utf8').catch(({ code }: NodeJS.ErrnoException) => {
    throw new InvalidMapping(
      code === 'ENOENT'
        ? `there is no mapping ${nameOrPath}; there are ${NAMES}, or name a file of your own`
        : `the mapping ${nameOrPath} can't be read: it has to be a file that this account may read`,
    );
  });
  return parseMapping(fromJson(text, `the mapping ${nameOrPath}`));
}

/** A mapping by the name of a shipped one, or as JSON. Never a path: for those who are not at this machine. @throws InvalidMapping */
export async function mappingFromText(text: string): Promise<ImportMapping> {
  if (isShipped(text)) return shippedMapping(text);
  if (!text.startsWith('{')) throw new InvalidMapping(`there is no mapping ${text}; there are ${NAMES}, or send one as JSON`);
  return parseMapping(fromJson(text, 'the mapping'));
}

/** One that is missing or damaged is a fault of ours, and not told to whoever asked for it. */
const shippedMapping = async (name: string): Promise<ImportMapping> =>
  parseMapping(JSON.parse(await readFile(join(FOLDER, `${name}.json`), 'utf8')));

function fromJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidMapping(`${what} is not JSON: see ${positionOf(text, syntaxErrorOffset(text))}`);
  }
}
