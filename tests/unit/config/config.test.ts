import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { loadConfig } from '../../../src/config/config';
import { ConfigError } from '../../../src/config/config-error';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'config-'));
});
afterEach(() => {
  rmSync(dataDir, { recursive: true });
});

const secret = (): string => randomBytes(48).toString('base64url');
const key = (): string => randomBytes(32).toString('base64');
const production = (): Record<string, string> => ({
  NODE_ENV: 'production',
  DATA_DIR: dataDir,
  DATABASE_URL: 'postgresql://app:Yeeth3ohRoh7@db/q',
  MIGRATION_DATABASE_URL: 'postgresql://owner:eiJ9Ohphoob1@db/q',
  JWT_SECRET: secret(),
  PASSWORD_PEPPER: secret(),
  ENCRYPTION_KEYS: `k2:${key()},k1:${key()}`,
  CORS_ORIGINS: 'https://shop.example, https://admin.example',
});

const problems = (env: Record<string, string>): readonly string[] => {
  try {
    loadConfig(env);
  } catch (error) {
    const { problems: found, message } = error as ConfigError;
    expect(error).toBeInstanceOf(ConfigError);
    for (const [name, value] of Object.entries(env)) {
      if (/SECRET|PEPPER|KEYS|URL/.test(name) && value.length > 3) expect(message).not.toContain(value);
    }
    return found;
  }
  return [];
};

describe('development', () => {
  test('needs nothing; secrets are made once, kept for the owner only, and survive a restart', () => {
    const first = loadConfig({ DATA_DIR: dataDir });
    expect(first).toMatchObject({
      environment: 'development',
      host: '127.0.0.1',
      port: 3000,
      seedDemo: true,
      database: { url: undefined, poolSize: 8 },
      bcryptCost: 12,
      corsOrigins: ['*'],
      trustProxy: false,
      rateLimits: { anonymousPerMinute: 100, userPerMinute: 6000 },
      throttle: { failedLogins: { perDevice: 10, perIp: 50 }, accountRequests: { perAddress: 5, perIp: 20 } },
      redisUrl: undefined,
      load: { maxInFlight: 250, maxEventLoopLag: 1_000 },
      log: { level: 'info', json: false },
    });
    expect(first.secrets.encryptionKeys[0]!.key).toHaveLength(32);
    expect(statSync(join(dataDir, 'secrets.json')).mode & 0o777).toBe(0o600);
    expect(loadConfig({ DATA_DIR: dataDir }).secrets).toEqual(first.secrets);
  });

  test('is frozen', () => {
    const config = loadConfig({ DATA_DIR: dataDir });
    expect(() => Object.assign(config.database, { poolSize: 1 })).toThrow(TypeError);
    expect(() => Object.assign(config, { port: 1 })).toThrow(TypeError);
  });

  test('given secrets win over generated ones; empty lines mean not set', () => {
    const config = loadConfig({ DATA_DIR: dataDir, JWT_SECRET: 'short is fine here', PORT: '', TRUST_PROXY: '2' });
    expect(config.secrets.jwt).toBe('short is fine here');
    expect([config.port, config.trustProxy]).toEqual([3000, 2]);
  });

  test('all problems come in one message that names variables, never values', () => {
    const env = {
      DATA_DIR: dataDir,
      PORT: '99999999',
      LOG_LEVEL: 'loud',
      DATABASE_URL: 'mysql://root:hunter2@db/q',
      CORS_ORIGINS: 'shop.example',
      BCRYPT_COST: 'x',
    };
    const found = problems(env);
    expect(found).toHaveLength(5);
    for (const name of ['PORT', 'LOG_LEVEL', 'DATABASE_URL', 'CORS_ORIGINS', 'BCRYPT_COST'])
      expect(found.some((problem) => problem.startsWith(name))).toBe(true);
    expect(found.join()).not.toContain('hunter2');
  });

  test.each(['k1', 'k1:short', 'K1:x', `k1:${'A'.repeat(43)}=,k1:${'B'.repeat(43)}=`])('ENCRYPTION_KEYS %# is refused', (keys) => {
    expect(problems({ DATA_DIR: dataDir, ENCRYPTION_KEYS: keys })).toHaveLength(1);
  });

  test('mail goes to the mailbox folder, and its links to this server, unless told otherwise', () => {
    const { mail, appUrl } = loadConfig({ DATA_DIR: dataDir, PORT: '4000' });
    expect({ mail, appUrl }).toEqual({
      mail: { smtpUrl: undefined, from: 'Quartermaster <no-reply@localhost>' },
      appUrl: 'http://localhost:4000',
    });
    expect(loadConfig({ DATA_DIR: dataDir, APP_URL: 'https://shop.example/app/' }).appUrl).toBe('https://shop.example/app');
  });

  test.each([
    ['MAIL_FROM', 'nobody'],
    ['MAIL_FROM', 'A <a@b.example>, C <c@d.example>'],
    ['APP_URL', 'shop.example'],
    ['APP_URL', 'https://shop.example/?a=b'],
    ['APP_URL', 'https://shop.example/#/app'],
    ['SMTP_URL', 'https://mail.example'],
  ])('%s=%s is refused', (name, value) => {
    const found = problems({ DATA_DIR: dataDir, [name]: value });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`^${name} must`));
  });

  test('proxies that nobody can read are refused, by the name of the variable', () => {
    expect(problems({ DATA_DIR: dataDir, TRUST_PROXY: '10.0.0.0/33' })).toEqual([
      'TRUST_PROXY must be false, the number of proxies, or addresses separated by commas: loopback, linklocal, uniquelocal, 10.0.0.0/8',
    ]);
    expect(loadConfig({ DATA_DIR: dataDir, TRUST_PROXY: '0.0.0.0/1' }).trustProxy).toBe('0.0.0.0/1');
  });

  test('the demo company is put into a database that somebody named only if it is asked for', () => {
    const named = { DATA_DIR: dataDir, DATABASE_URL: 'postgresql://app:pw@127.0.0.1/shop' };
    expect(loadConfig(named).seedDemo).toBe(false);
    expect(loadConfig({ ...named, SEED_DEMO: 'true' }).seedDemo).toBe(true);
  });
});

describe('production', () => {
  test('starts when everything is right', () => {
    const config = loadConfig(production());
    expect(config).toMatchObject({
      host: '0.0.0.0',
      seedDemo: false,
      corsOrigins: ['https://shop.example', 'https://admin.example'],
      log: { json: true },
    });
    expect(config.secrets.encryptionKeys.map(({ id }) => id)).toEqual(['k2', 'k1']);
  });

  test.each(['JWT_SECRET', 'PASSWORD_PEPPER', 'ENCRYPTION_KEYS', 'DATABASE_URL'])('refuses without %s', (name) => {
    const { [name]: _left, ...env } = production();
    expect(problems(env)).toEqual([`${name} is missing`]);
  });

  const refusals: [string, Record<string, string>, string][] = [
    ['a short secret', { JWT_SECRET: 'a1b2c3d4e5f6' }, 'JWT_SECRET is shorter than 32 bytes'],
    ['a short pepper', { PASSWORD_PEPPER: 'x' }, 'PASSWORD_PEPPER is shorter than 32 bytes'],
    [
      'a well-known secret',
      { JWT_SECRET: 'your-super-secret-jwt-key-change-me-in-production' },
      'JWT_SECRET is a well-known or guessable value',
    ],
    ['a repeated secret', { PASSWORD_PEPPER: 'abcab'.repeat(10) }, 'PASSWORD_PEPPER is a well-known or guessable value'],
    ['a key of zeros', { ENCRYPTION_KEYS: `k1:${Buffer.alloc(32).toString('base64')}` }, 'ENCRYPTION_KEYS has a guessable key'],
    [
      'a secret of the words of tutorials',
      { JWT_SECRET: 'this-is-my-secret-key-for-jwt-signing' },
      'JWT_SECRET is a well-known or guessable value',
    ],
    [
      'a key that counts',
      { ENCRYPTION_KEYS: `k1:${Buffer.from([...Array.from({ length: 32 }).keys()]).toString('base64')}` },
      'ENCRYPTION_KEYS has a guessable key',
    ],
    ['CORS for everybody', { CORS_ORIGINS: '*' }, 'CORS_ORIGINS must not be *: answers are sent with credentials'],
    [
      'CORS for whoever is on the way',
      { CORS_ORIGINS: 'https://shop.example, http://evil.example' },
      'CORS_ORIGINS must begin with https://: answers are sent with credentials',
    ],
    ['the demo company', { SEED_DEMO: 'true' }, 'SEED_DEMO must not be true: the demo login is public'],
    [
      'the whole internet as proxies',
      { TRUST_PROXY: '0.0.0.0/1,128.0.0.0/1' },
      'TRUST_PROXY trusts strangers: 5 proxies at most, or networks of your own, /8 or smaller (IPv6: /16)',
    ],
    [
      'guessing by one device',
      { THROTTLE_FAILED_LOGINS_PER_DEVICE: '101' },
      'THROTTLE_FAILED_LOGINS_PER_DEVICE must be at most 100: with more, passwords can be guessed',
    ],
    [
      'guessing by one address',
      { THROTTLE_FAILED_LOGINS_PER_IP: '1001' },
      'THROTTLE_FAILED_LOGINS_PER_IP must be at most 1000: with more, passwords can be guessed',
    ],
    ['cheap hashes', { BCRYPT_COST: '4' }, 'BCRYPT_COST must be at least 12'],
    [
      'the owner as runtime role',
      { MIGRATION_DATABASE_URL: 'postgresql://app:eiJ9Ohphoob1@db/q' },
      'DATABASE_URL and MIGRATION_DATABASE_URL have the same login: the runtime role must not own the tables',
    ],
  ];
  test.each(refusals)('refuses %s', (_what, change, problem) => {
    expect(problems({ ...production(), ...change })).toEqual([problem]);
  });

  test('wants a sender and an address for links with a mail server', () => {
    const env = { ...production(), SMTP_URL: 'smtps://mailer:Yeeth3oh@mail.example:465' };
    expect(problems(env)).toEqual([
      'MAIL_FROM is missing: mails sent by SMTP_URL need a sender',
      'APP_URL is missing: links in mails sent by SMTP_URL begin with it',
    ]);
    const config = loadConfig({ ...env, MAIL_FROM: 'Shop <no-reply@shop.example>', APP_URL: 'https://shop.example' });
    expect(config.mail.from).toBe('Shop <no-reply@shop.example>');
  });

  test('links in mails lead nowhere over plain HTTP but to this machine, as compose has it', () => {
    const mail = { ...production(), SMTP_URL: 'smtp://mailpit:1025', MAIL_FROM: 'Shop <no-reply@shop.example>' };
    expect(problems({ ...mail, APP_URL: 'http://shop.example' })).toEqual([
      'APP_URL must begin with https://: a link in a mail may be a key to an account',
    ]);
    for (const APP_URL of ['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000'])
      expect(problems({ ...mail, APP_URL, CORS_ORIGINS: APP_URL })).toEqual([]);
  });

  test('refuses one value for two purposes', () => {
    const env = production();
    expect(problems({ ...env, PASSWORD_PEPPER: env['JWT_SECRET']! })).toEqual(['JWT_SECRET and PASSWORD_PEPPER share one value']);
    const shared = key();
    expect(problems({ ...env, JWT_SECRET: shared, ENCRYPTION_KEYS: `k1:${shared}` })).toEqual([
      'JWT_SECRET and ENCRYPTION_KEYS share one value',
    ]);
    expect(problems({ ...env, DATABASE_URL: `postgresql://app:${env['JWT_SECRET']}@db/q` })).toEqual([
      'JWT_SECRET and DATABASE_URL share one value',
    ]);
  });

  test('tells everything at once', () => {
    expect(problems({ NODE_ENV: 'production', DATA_DIR: dataDir })).toHaveLength(4);
  });
});
