/** Rules between variables, and what production refuses. Each answers problems that name the variable, never its value. */
import { isIP } from 'node:net';
import type { EncryptionKey } from '../kernel/field-cipher';

/** Bytes below which a secret can be guessed. */
const SHORTEST_SECRET = 32;
/** Words of examples and tutorials. */
const WELL_KNOWN =
  /change[-_ ]?me|your[-_ ]|super[-_ ]?secret|example|default|password|placeholder|insecure|quartermaster|0123456789|abcdefgh/i;
/** A random text of 32 bytes has far more; a repeated word has fewer. */
const FEWEST_CHARACTERS = 10;

export interface Secrets {
  readonly JWT_SECRET?: string;
  readonly JWT_PREVIOUS_SECRET?: string;
  readonly PASSWORD_PEPPER?: string;
  readonly ENCRYPTION_KEYS?: string;
}

export interface ProductionSettings extends Secrets {
  readonly DATABASE_URL?: string;
  readonly MIGRATION_DATABASE_URL?: string;
  readonly REDIS_URL?: string;
  readonly SEED_DEMO?: boolean;
  readonly BCRYPT_COST: number;
  readonly CORS_ORIGINS?: string;
  readonly SMTP_URL?: string;
  readonly MAIL_FROM?: string;
  readonly APP_URL?: string;
}

/**
 * Whether `npm start` or `npm run worker` of this package is right above the process. What npm tells is inherited by everything below any npm
 * command: a server that another package's script starts, or a deployment tool, is none of npm's.
 */
export const isStartedByNpm = (env: Readonly<Record<string, string | undefined>>): boolean =>
  env['npm_package_name'] === 'quartermaster' &&
  ['start', 'worker'].includes(env['npm_lifecycle_event'] ?? '') &&
  env['npm_lifecycle_script']?.startsWith('node dist/') === true;

/** Reads `id:base64,id:base64`; undefined when any part is not a key. */
export function parseEncryptionKeys(text: string): EncryptionKey[] | undefined {
  const keys = text.split(',').map((part): EncryptionKey | undefined => {
    const match = /^\s*([a-z0-9-]{1,16}):([A-Za-z0-9+/_-]{43}=?)\s*$/.exec(part);
    return match === null ? undefined : { id: match[1]!, key: Buffer.from(match[2]!, 'base64') };
  });
  const whole = keys.every((key): key is EncryptionKey => key !== undefined && key.key.length === 32);
  if (!whole || new Set(keys.map(({ id }) => id)).size !== keys.length) return undefined;
  return keys;
}

/** Names that Express knows. */
const NETWORKS = new Set(['loopback', 'linklocal', 'uniquelocal']);

/** Whether Express can read it as the proxies it trusts: a word that is no address would stop a server that has opened its database. */
export const isTrust = (text: string): boolean =>
  text === 'false' || /^\d{1,2}$/.test(text) || text.split(',').every((part) => NETWORKS.has(part.trim()) || isNetwork(part.trim()));

/** An IP address, with the length of a prefix or without. */
function isNetwork(text: string): boolean {
  const [, address = '', length] = /^([\da-fA-F.:]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  const bits = Number(length ?? 1);
  return version !== 0 && bits >= 1 && bits <= (version === 4 ? 32 : 128);
}

export function productionProblems(settings: ProductionSettings): string[] {
  return [
    ...secretProblems(settings),
    ...sharedValueProblems(settings),
    ...databaseProblems(settings),
    ...mailProblems(settings),
    ...otherProblems(settings),
  ];
}

function secretProblems(settings: Secrets): string[] {
  const problems: string[] = [];
  for (const name of ['JWT_SECRET', 'PASSWORD_PEPPER', 'JWT_PREVIOUS_SECRET'] as const) {
    const value = settings[name];
    if (value === undefined) {
      if (name !== 'JWT_PREVIOUS_SECRET') problems.push(`${name} is missing`);
    } else if (Buffer.byteLength(value) < SHORTEST_SECRET) problems.push(`${name} is shorter than ${SHORTEST_SECRET} bytes`);
    else if (WELL_KNOWN.test(value) || new Set(value).size < FEWEST_CHARACTERS) problems.push(`${name} is a well-known or guessable value`);
  }
  if (settings.ENCRYPTION_KEYS === undefined) problems.push('ENCRYPTION_KEYS is missing');
  else if (parseEncryptionKeys(settings.ENCRYPTION_KEYS)?.some(({ key }) => new Set(key).size < FEWEST_CHARACTERS) === true)
    problems.push('ENCRYPTION_KEYS has a guessable key');
  return problems;
}

const userOf = (url: string | undefined): string | undefined => (url === undefined ? undefined : new URL(url).username);
const passwordOf = (url: string | undefined): string | undefined =>
  url === undefined ? undefined : decodeURIComponent(new URL(url).password) || undefined;

/** A value that serves two purposes leaks with the weaker of them. */
function sharedValueProblems(settings: ProductionSettings): string[] {
  const keys = parseEncryptionKeys(settings.ENCRYPTION_KEYS ?? '') ?? [];
  const values: (readonly [string, string | undefined])[] = [
    ['JWT_SECRET', settings.JWT_SECRET],
    ['JWT_PREVIOUS_SECRET', settings.JWT_PREVIOUS_SECRET],
    ['PASSWORD_PEPPER', settings.PASSWORD_PEPPER],
    ...keys.map(({ key }) => ['ENCRYPTION_KEYS', key.toString('base64')] as const),
    ...(['DATABASE_URL', 'MIGRATION_DATABASE_URL', 'REDIS_URL', 'SMTP_URL'] as const).map(
      (name) => [name, passwordOf(settings[name])] as const,
    ),
  ];
  const seen = new Map<string, string>();
  const problems: string[] = [];
  for (const [name, value] of values) {
    if (value === undefined) continue;
    const plain = value.replace(/=+$/, '');
    const other = seen.get(plain);
    if (other === undefined) seen.set(plain, name);
    else problems.push(`${other} and ${name} share one value`);
  }
  return problems;
}

function databaseProblems({ DATABASE_URL, MIGRATION_DATABASE_URL }: ProductionSettings): string[] {
  if (DATABASE_URL === undefined) return ['DATABASE_URL is missing'];
  if (MIGRATION_DATABASE_URL === undefined) return [];
  return userOf(DATABASE_URL) === userOf(MIGRATION_DATABASE_URL)
    ? ['DATABASE_URL and MIGRATION_DATABASE_URL have the same login: the runtime role must not own the tables']
    : [];
}

/** A link to localhost would reach nobody. */
function mailProblems({ SMTP_URL, MAIL_FROM, APP_URL }: ProductionSettings): string[] {
  if (SMTP_URL === undefined) return [];
  return [
    ...(MAIL_FROM === undefined ? ['MAIL_FROM is missing: mails sent by SMTP_URL need a sender'] : []),
    ...(APP_URL === undefined ? ['APP_URL is missing: links in mails sent by SMTP_URL begin with it'] : []),
  ];
}

function otherProblems({ CORS_ORIGINS, SEED_DEMO, BCRYPT_COST }: ProductionSettings): string[] {
  return [
    ...(CORS_ORIGINS?.includes('*') === true ? ['CORS_ORIGINS must not be *: answers are sent with credentials'] : []),
    ...(SEED_DEMO === true ? ['SEED_DEMO must not be true: the demo login is public'] : []),
    ...(BCRYPT_COST < 12 ? ['BCRYPT_COST must be at least 12'] : []),
  ];
}
