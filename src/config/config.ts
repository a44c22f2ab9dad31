/**
 * The environment, checked once and frozen; nothing else of the application is configured from process.env. All problems are told in one
 * message that names the variables and never their values. `.env.example` explains each.
 */
import Joi from 'joi';
import type { EncryptionKey } from '../kernel/field-cipher';
import { ConfigError } from './config-error';
import { isStartedByNpm, originsOf, parseEncryptionKeys, productionProblems, type Secrets } from './config-rules';
import { developmentSecrets } from './development-secrets';
import { environmentVariables, given, type Variables } from './environment-variables';
import { serverAddress } from './server-address';
import { isTrust } from './trusted-proxies';

export type Environment = 'development' | 'test' | 'production';

export interface Config {
  readonly environment: Environment;
  /** Whether npm started the process: it ends with npm then. npm tells in the real environment, nobody sets it. */
  readonly startedByNpm: boolean;
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  readonly seedDemo: boolean;
  /** Whether the API's process runs the jobs too; workers always do. */
  readonly runJobs: boolean;
  readonly database: {
    /** Login of the runtime role; undefined: the embedded PostgreSQL. */
    readonly url: string | undefined;
    /** Login of the owner, for migrations. */
    readonly migrationUrl: string | undefined;
    readonly poolSize: number;
  };
  readonly redisUrl: string | undefined;
  readonly mail: {
    /** Undefined: mails are written to the folder mailbox in dataDir. */
    readonly smtpUrl: string | undefined;
    readonly from: string;
  };
  /** Where people open the application; links in mails begin with it. Without a slash at the end. */
  readonly appUrl: string;
  readonly secrets: {
    readonly jwt: string;
    /** Tokens signed with it are still accepted. */
    readonly previousJwt: string | undefined;
    readonly passwordPepper: string;
    readonly encryptionKeys: readonly EncryptionKey[];
  };
  readonly bcryptCost: number;
  /** How long the answer to an Idempotency-Key is kept. */
  readonly idempotencyKeyHours: number;
  readonly corsOrigins: readonly string[];
  /** As Express's `trust proxy`. */
  readonly trustProxy: number | string | false;
  readonly rateLimits: { readonly anonymousPerMinute: number; readonly userPerMinute: number };
  /** How often passwords may be guessed and mails caused. */
  readonly throttle: {
    readonly failedLogins: { readonly perDevice: number; readonly perIp: number };
    readonly accountRequests: { readonly perAddress: number; readonly perIp: number };
  };
  /** Milliseconds between "not ready" and the end of new connections. */
  readonly stopDelay: number;
  /** Beyond it requests are refused with 503. */
  readonly load: { readonly maxInFlight: number; readonly maxEventLoopLag: number };
  /** Beyond it connections are closed as soon as they come. */
  readonly maxConnections: number;
  readonly log: { readonly level: string; readonly json: boolean; readonly file: string | undefined };
}

const POSTGRESQL = serverAddress('postgresql://user:password@host:5432/database', 'postgres', 'postgresql');
const text = (): Joi.StringSchema => Joi.string();
const count = (least: number, most: number, standard: number): Joi.NumberSchema =>
  Joi.number().integer().min(least).max(most).default(standard);

interface Settings extends Secrets {
  readonly NODE_ENV: Environment;
  readonly HOST?: string;
  readonly PORT: number;
  readonly DATA_DIR: string;
  readonly SEED_DEMO?: boolean;
  readonly RUN_JOBS: boolean;
  readonly DATABASE_URL?: string;
  readonly MIGRATION_DATABASE_URL?: string;
  readonly DATABASE_POOL_SIZE: number;
  readonly REDIS_URL?: string;
  readonly SMTP_URL?: string;
  readonly MAIL_FROM?: string;
  readonly APP_URL?: string;
  readonly BCRYPT_COST: number;
  readonly IDEMPOTENCY_KEY_HOURS: number;
  readonly CORS_ORIGINS?: string;
  readonly TRUST_PROXY: string;
  readonly RATE_LIMIT_ANONYMOUS_PER_MINUTE: number;
  readonly RATE_LIMIT_USER_PER_MINUTE: number;
  readonly THROTTLE_FAILED_LOGINS_PER_DEVICE: number;
  readonly THROTTLE_FAILED_LOGINS_PER_IP: number;
  readonly THROTTLE_ACCOUNT_REQUESTS_PER_ADDRESS: number;
  readonly THROTTLE_ACCOUNT_REQUESTS_PER_IP: number;
  readonly STOP_DELAY_MS: number;
  readonly MAX_IN_FLIGHT: number;
  readonly MAX_EVENT_LOOP_LAG_MS: number;
  readonly MAX_CONNECTIONS: number;
  readonly LOG_LEVEL: string;
  readonly LOG_FILE?: string;
}

const VARIABLES: { readonly [K in keyof Required<Settings>]: Joi.Schema } = {
  NODE_ENV: Joi.string().valid('development', 'test', 'production').default('development'),
  HOST: Joi.string().hostname(),
  PORT: Joi.number().integer().min(0).max(65_535).default(3000),
  DATA_DIR: text().default('.data'),
  SEED_DEMO: Joi.boolean(),
  RUN_JOBS: Joi.boolean().default(true),
  DATABASE_URL: POSTGRESQL,
  MIGRATION_DATABASE_URL: POSTGRESQL,
  DATABASE_POOL_SIZE: count(2, 500, 8),
  REDIS_URL: serverAddress('redis://user:password@host:6379/0', 'redis', 'rediss'),
  SMTP_URL: serverAddress('smtp://user:password@host:587', 'smtp', 'smtps'),
  MAIL_FROM: text()
    .pattern(/^(?:[^<>@\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/)
    .messages({ 'string.pattern.base': '{#label} must be an address, or a name and an <address>' }),
  APP_URL: text()
    .uri({ scheme: ['http', 'https'] })
    .pattern(/[?#]/, { invert: true }),
  JWT_SECRET: text(),
  JWT_PREVIOUS_SECRET: text(),
  PASSWORD_PEPPER: text(),
  ENCRYPTION_KEYS: text(),
  BCRYPT_COST: count(4, 15, 12),
  IDEMPOTENCY_KEY_HOURS: count(24, 8_760, 72),
  CORS_ORIGINS: text().pattern(/^(?:\*|https?:\/\/[^/\s,*]+(?:\s*,\s*https?:\/\/[^/\s,*]+)*)$/, 'origins'),
  TRUST_PROXY: text().default('false'),
  RATE_LIMIT_ANONYMOUS_PER_MINUTE: count(1, 10_000_000, 100),
  RATE_LIMIT_USER_PER_MINUTE: count(1, 10_000_000, 6000),
  THROTTLE_FAILED_LOGINS_PER_DEVICE: count(1, 1_000_000, 10),
  THROTTLE_FAILED_LOGINS_PER_IP: count(1, 1_000_000, 50),
  THROTTLE_ACCOUNT_REQUESTS_PER_ADDRESS: count(1, 1_000_000, 5),
  THROTTLE_ACCOUNT_REQUESTS_PER_IP: count(1, 1_000_000, 20),
  STOP_DELAY_MS: count(0, 5_000, 0),
  MAX_IN_FLIGHT: count(1, 100_000, 250),
  MAX_EVENT_LOOP_LAG_MS: count(10, 60_000, 1_000),
  MAX_CONNECTIONS: count(1, 1_000_000, 5_000),
  LOG_LEVEL: Joi.string().valid('error', 'warn', 'info', 'debug').default('info'),
  LOG_FILE: text(),
};

/** Everything that can be configured. */
export const VARIABLE_NAMES: readonly string[] = Object.keys(VARIABLES);

const MESSAGES = {
  'string.pattern.name': '{#label} must be a list of {#name}',
  'string.pattern.invert.base': '{#label} must have neither a query nor a fragment',
  'any.only': '{#label} must be one of {#valids}',
};

/** @throws ConfigError naming every variable that can't be used */
export function loadConfig(variables: Variables = environmentVariables()): Config {
  const texts = Object.fromEntries(
    VARIABLE_NAMES.flatMap((name) => {
      const text = given(variables, name);
      return text === undefined ? [] : [[name, text]];
    }),
  );
  const { value, error } = Joi.object(VARIABLES).validate(texts, {
    abortEarly: false,
    messages: MESSAGES,
    errors: { wrap: { label: false } },
  });
  if (error !== undefined) throw new ConfigError(error.details.map(({ message }) => message));
  const settings = value as Settings;

  const problems = settings.NODE_ENV === 'production' ? productionProblems(settings) : [];
  if (!isTrust(settings.TRUST_PROXY))
    problems.push(
      'TRUST_PROXY must be false, the number of proxies, or addresses separated by commas: loopback, linklocal, uniquelocal, 10.0.0.0/8',
    );
  if (settings.ENCRYPTION_KEYS !== undefined && parseEncryptionKeys(settings.ENCRYPTION_KEYS) === undefined)
    problems.push('ENCRYPTION_KEYS must be id:base64 pairs with 32 bytes each, separated by commas');
  if (problems.length > 0) throw new ConfigError(problems);
  return deepFreeze({ ...configOf(settings), startedByNpm: isStartedByNpm(process.env) });
}

function configOf(settings: Settings): Omit<Config, 'startedByNpm'> {
  const production = settings.NODE_ENV === 'production';
  const secrets = withDevelopmentSecrets(settings);
  return {
    environment: settings.NODE_ENV,
    host: settings.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
    port: settings.PORT,
    dataDir: settings.DATA_DIR,
    // A database that somebody names may be one that matters: a login that everybody knows is put there only if it is asked for.
    seedDemo: settings.SEED_DEMO ?? (settings.NODE_ENV === 'development' && settings.DATABASE_URL === undefined),
    runJobs: settings.RUN_JOBS,
    database: { url: settings.DATABASE_URL, migrationUrl: settings.MIGRATION_DATABASE_URL, poolSize: settings.DATABASE_POOL_SIZE },
    redisUrl: settings.REDIS_URL,
    mail: { smtpUrl: settings.SMTP_URL, from: settings.MAIL_FROM ?? 'Quartermaster <no-reply@localhost>' },
    appUrl: (settings.APP_URL ?? `http://localhost:${settings.PORT}`).replace(/\/+$/, ''),
    secrets: {
      jwt: secrets.JWT_SECRET!,
      previousJwt: secrets.JWT_PREVIOUS_SECRET,
      passwordPepper: secrets.PASSWORD_PEPPER!,
      encryptionKeys: parseEncryptionKeys(secrets.ENCRYPTION_KEYS!)!,
    },
    bcryptCost: settings.BCRYPT_COST,
    idempotencyKeyHours: settings.IDEMPOTENCY_KEY_HOURS,
    // In development any page may call the API (without credentials); in production only those that are named.
    corsOrigins: settings.CORS_ORIGINS === undefined ? (production ? [] : ['*']) : originsOf(settings.CORS_ORIGINS),
    trustProxy: trustOf(settings.TRUST_PROXY),
    rateLimits: { anonymousPerMinute: settings.RATE_LIMIT_ANONYMOUS_PER_MINUTE, userPerMinute: settings.RATE_LIMIT_USER_PER_MINUTE },
    throttle: {
      failedLogins: { perDevice: settings.THROTTLE_FAILED_LOGINS_PER_DEVICE, perIp: settings.THROTTLE_FAILED_LOGINS_PER_IP },
      accountRequests: { perAddress: settings.THROTTLE_ACCOUNT_REQUESTS_PER_ADDRESS, perIp: settings.THROTTLE_ACCOUNT_REQUESTS_PER_IP },
    },
    stopDelay: settings.STOP_DELAY_MS,
    load: { maxInFlight: settings.MAX_IN_FLIGHT, maxEventLoopLag: settings.MAX_EVENT_LOOP_LAG_MS },
    maxConnections: settings.MAX_CONNECTIONS,
    log: { level: settings.LOG_LEVEL, json: production, file: settings.LOG_FILE },
  };
}

function withDevelopmentSecrets(settings: Settings): Secrets {
  const { JWT_SECRET, PASSWORD_PEPPER, ENCRYPTION_KEYS } = settings;
  if (JWT_SECRET !== undefined && PASSWORD_PEPPER !== undefined && ENCRYPTION_KEYS !== undefined) return settings;
  return { ...developmentSecrets(settings.DATA_DIR), ...settings };
}

const trustOf = (text: string): number | string | false => {
  if (text === 'false' || text === '0') return false;
  return /^\d+$/.test(text) ? Number(text) : text;
};

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) {
    // Buffers of keys can't be frozen.
    if (typeof inner === 'object' && inner !== null && !Buffer.isBuffer(inner)) deepFreeze(inner as object);
  }
  return Object.freeze(value);
}
