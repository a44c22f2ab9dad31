import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEncryptionKeys } from './config-rules';

/** Values of the secret variables, as they would stand in the environment. */
export interface DevelopmentSecrets {
  readonly JWT_SECRET: string;
  readonly PASSWORD_PEPPER: string;
  readonly ENCRYPTION_KEYS: string;
}

const FILE = 'secrets.json';

/** Not replaced on our own: with new secrets no password and no encrypted field made before is right. */
export class SecretsDamaged extends Error {
  constructor(file: string) {
    super(
      `${file} is damaged: JWT_SECRET, PASSWORD_PEPPER and ENCRYPTION_KEYS have to be in it as JSON. Put it back from a copy; ` +
        'or remove it to get new ones, and no password made before is right.',
    );
    this.name = 'SecretsDamaged';
  }
}

/** New ones, as strong as production asks for. */
export const generateSecrets = (): DevelopmentSecrets => ({
  JWT_SECRET: randomBytes(48).toString('base64url'),
  PASSWORD_PEPPER: randomBytes(48).toString('base64url'),
  ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
});

/**
 * Secrets of a machine without any: made once and kept beside the data (mode 0600), so that tokens and passwords survive a restart.
 * A server and a command starting at the same moment end up with the same file: it appears whole or not at all, and the first one wins.
 * @throws SecretsDamaged when the file is there and holds something else
 */
export function developmentSecrets(dataDir: string): DevelopmentSecrets {
  const file = join(dataDir, FILE);
  const known = read(file);
  if (known !== undefined) return known;
  mkdirSync(dataDir, { recursive: true });
  const draft = join(dataDir, `.${FILE}.${process.pid}`);
  writeFileSync(draft, `${JSON.stringify(generateSecrets(), null, 2)}\n`, { mode: 0o600 });
  try {
    linkSync(draft, file);
    chmodSync(file, 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
  return read(file)!;
}

function read(file: string): DevelopmentSecrets | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const secrets = parse(text);
  if (secrets === undefined) throw new SecretsDamaged(file);
  return secrets;
}

function parse(text: string): DevelopmentSecrets | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { JWT_SECRET, PASSWORD_PEPPER, ENCRYPTION_KEYS } = (value ?? {}) as Partial<Record<keyof DevelopmentSecrets, unknown>>;
  return isText(JWT_SECRET) && isText(PASSWORD_PEPPER) && isText(ENCRYPTION_KEYS) && parseEncryptionKeys(ENCRYPTION_KEYS) !== undefined
    ? { JWT_SECRET, PASSWORD_PEPPER, ENCRYPTION_KEYS }
    : undefined;
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
