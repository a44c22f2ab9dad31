import { join } from 'node:path';
import { InvalidMapping } from './import.errors';
import { parseMapping, readMapping, type ImportMapping } from './mapping';

export const SHIPPED_MAPPINGS = ['online-retail', 'order-lines'] as const;
const FOLDER = join(__dirname, 'mappings');

const isShipped = (text: string): boolean => (SHIPPED_MAPPINGS as readonly string[]).includes(text);

/** A mapping by the name of a shipped one, or the path of a file. @throws InvalidMapping */
export const mappingFrom = (nameOrPath: string): Promise<ImportMapping> =>
  readMapping(isShipped(nameOrPath) ? join(FOLDER, `${nameOrPath}.json`) : nameOrPath);

/** A mapping by the name of a shipped one, or as JSON. Never a path: for those who are not at this machine. @throws InvalidMapping */
export async function mappingFromText(text: string): Promise<ImportMapping> {
  if (isShipped(text)) return mappingFrom(text);
  if (!text.startsWith('{'))
    throw new InvalidMapping(`there is no mapping ${text}; there are ${SHIPPED_MAPPINGS.join(' and ')}, or send one as JSON`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InvalidMapping(`the mapping is not JSON: ${(error as Error).message}`);
  }
  return parseMapping(value);
}
