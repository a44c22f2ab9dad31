/** Rules between variables, and what production refuses. Each answers problems that name the variable, never its value. */
import { isLoopback, loginOf, passwordOf } from '../kernel/connection-address';
import type { EncryptionKey } from '../kernel/field-cipher';
import { isGuessable, isGuessableKey } from './guessable';
import { trustsStrangers } from './trusted-proxies';

/** Bytes below which a secret can be guessed, by somebody who tries as fast as a machine can. */
const SHORTEST_SECRET = 32;
/** Of a login's password: the database answers each try, and not fast. */
const SHORTEST_PASSWORD = 12;
/** Failed sign-ins in 15 minutes. With more a password that people choose can be guessed. */
const MOST_FAILED_LOGINS = { THROTTLE_FAILED_LOGINS_PER_DEVICE: 100, THROTTLE_FAILED_LOGINS_PER_IP: 1_000 } as const;

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
  readonly TRUST_PROXY: string;
  readonly THROTTLE_FAILED_LOGINS_PER_DEVICE: number;
  readonly THROTTLE_FAILED_LOGINS_PER_IP: number;
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
    else if (isGuessable(value, SHORTEST_SECRET)) problems.push(`${name} is a well-known or guessable value`);
  }
  if (settings.ENCRYPTION_KEYS === undefined) problems.push('ENCRYPTION_KEYS is missing');
  else if (parseEncryptionKeys(settings.ENCRYPTION_KEYS)?.some(({ key }) => isGuessableKey(key)) === true)
    problems.push('ENCRYPTION_KEYS has a guessable key');
  return problems;
}

/** A value that serves two purposes leaks with the weaker of them. */
function sharedValueProblems(settings: ProductionSettings): string[] {
  const keys = parseEncryptionKeys(settings.ENCRYPTION_KEYS ?? '') ?? [];
  const values: (readonly [string, string | undefined])[] = [
    ['JWT_SECRET', settings.JWT_SECRET],
    ['JWT_PREVIOUS_SECRET', settings.JWT_PREVIOUS_SECRET],
    ['PASSWORD_PEPPER', settings.PASSWORD_PEPPER],
    ...keys.map(({ key }) => ['ENCRYPTION_KEYS', key.toString('base64')] as const),
    ...(['DATABASE_URL', 'MIGRATION_DATABASE_URL', 'REDIS_URL', 'SMTP_URL'] as const).map(
      (name) => [name, settings[name] === undefined ? undefined : passwordOf(settings[name])] as const,
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
  const problems = passwordProblems('DATABASE_URL', DATABASE_URL);
  if (MIGRATION_DATABASE_URL === undefined) return problems;
  problems.push(...passwordProblems('MIGRATION_DATABASE_URL', MIGRATION_DATABASE_URL));
  if (loginOf(DATABASE_URL) === loginOf(MIGRATION_DATABASE_URL))
    problems.push('DATABASE_URL and MIGRATION_DATABASE_URL have the same login: the runtime role must not own the tables');
  return problems;
}

function passwordProblems(name: string, url: string): string[] {
  const password = passwordOf(url);
  if (password === undefined) return isKnownOtherwise(url) ? [] : [`${name} has no password`];
  if (Buffer.byteLength(password) < SHORTEST_PASSWORD) return [`${name} has a password shorter than ${SHORTEST_PASSWORD} bytes`];
  return password === loginOf(url) || isGuessable(password, SHORTEST_PASSWORD) ? [`${name} has a well-known or guessable password`] : [];
}

/** Without a password PostgreSQL knows a login by the account behind its socket, or by its certificate. */
function isKnownOtherwise(url: string): boolean {
  const { hostname, searchParams } = new URL(url);
  const host = searchParams.get('host') ?? decodeURIComponent(hostname);
  return host.startsWith('/') || searchParams.has('sslcert');
}

function mailProblems({ SMTP_URL, MAIL_FROM, APP_URL }: ProductionSettings): string[] {
  if (SMTP_URL === undefined) return [];
  const problems: string[] = [];
  if (MAIL_FROM === undefined) problems.push('MAIL_FROM is missing: mails sent by SMTP_URL need a sender');
  // A link to localhost would reach nobody.
  if (APP_URL === undefined) problems.push('APP_URL is missing: links in mails sent by SMTP_URL begin with it');
  else if (isOverheard(APP_URL)) problems.push('APP_URL must begin with https://: a link in a mail may be a key to an account');
  return problems;
}

/** Whether others on the way can read along. */
function isOverheard(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === 'http:' && !isLoopback(hostname);
}

function corsProblems(origins: string): string[] {
  if (origins === '*') return ['CORS_ORIGINS must not be *: answers are sent with credentials'];
  return originsOf(origins).some(isOverheard) ? ['CORS_ORIGINS must begin with https://: answers are sent with credentials'] : [];
}

function otherProblems(settings: ProductionSettings): string[] {
  const { CORS_ORIGINS, SEED_DEMO, BCRYPT_COST, TRUST_PROXY } = settings;
  const problems = CORS_ORIGINS === undefined ? [] : corsProblems(CORS_ORIGINS);
  if (SEED_DEMO === true) problems.push('SEED_DEMO must not be true: the demo login is public');
  if (BCRYPT_COST < 12) problems.push('BCRYPT_COST must be at least 12');
  if (trustsStrangers(TRUST_PROXY))
    problems.push('TRUST_PROXY trusts strangers: 5 proxies at most, or networks of your own, /8 or smaller (IPv6: /16)');
  for (const name of ['THROTTLE_FAILED_LOGINS_PER_DEVICE', 'THROTTLE_FAILED_LOGINS_PER_IP'] as const) {
    const most = MOST_FAILED_LOGINS[name];
    if (settings[name] > most) problems.push(`${name} must be at most ${most}: with more, passwords can be guessed`);
  }
  return problems;
}

/** The origins that CORS_ORIGINS names. */
export const originsOf = (text: string): string[] => text.split(',').map((origin) => origin.trim());
