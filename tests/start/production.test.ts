/* The built server in production: it starts with safe settings, and with each unsafe one it doesn't, and says why. */
import { randomBytes } from 'node:crypto';
import { APP_ROLE, OWNER_ROLE, RUNTIME_ROLE } from '../../src/db/roles';
import { freshDatabase, queryOnce, type TestDatabase } from '../support/database';
import { urlFor } from '../support/cluster';
import { attemptStart } from './attempt';

const secret = (): string => randomBytes(48).toString('base64url');
const key = (): string => randomBytes(32).toString('base64');
const SHARED = key();
const MAIL = { SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'shop@shop.example', APP_URL: 'https://shop.example' };
const PREFIX = `start_${randomBytes(4).toString('hex')}`;

let database: TestDatabase;
let safe: Readonly<Record<string, string>>;
/** Logins that must not run the application, by what is wrong with them. */
const logins = {
  superuser: ['SUPERUSER'],
  bypass: ['BYPASSRLS', `IN ROLE ${RUNTIME_ROLE}`],
  member: [`IN ROLE ${OWNER_ROLE}, ${RUNTIME_ROLE}`],
  noInherit: ['NOINHERIT', `IN ROLE ${OWNER_ROLE}, ${RUNTIME_ROLE}`],
  tableOwner: [`IN ROLE ${RUNTIME_ROLE}`],
  granted: ['NOINHERIT', `IN ROLE ${RUNTIME_ROLE}, ${PREFIX}_between`],
} as const;
/** What the last one may become, at once and by way of another. */
const GROUPS = {
  [`${PREFIX}_admins`]: 'SUPERUSER',
  [`${PREFIX}_readers`]: 'BYPASSRLS',
  [`${PREFIX}_between`]: `IN ROLE ${PREFIX}_admins, ${PREFIX}_readers`,
};
type Login = keyof typeof logins;
const nameOf = (login: Login): string => `${PREFIX}_${login.toLowerCase()}`;

beforeAll(async () => {
  database = await freshDatabase();
  for (const [name, attributes] of Object.entries(GROUPS))
    await queryOnce(database.superuserUrl, `CREATE ROLE ${name} NOLOGIN ${attributes}`);
  for (const login of Object.keys(logins) as Login[])
    await queryOnce(database.superuserUrl, `CREATE ROLE ${nameOf(login)} LOGIN PASSWORD '${PREFIX}-pw' ${logins[login].join(' ')}`);
  await queryOnce(
    database.superuserUrl,
    `CREATE SCHEMA mine AUTHORIZATION ${nameOf('tableOwner')} CREATE TABLE notes (note text);
     ALTER TABLE mine.notes OWNER TO ${nameOf('tableOwner')}`,
  );
  safe = {
    NODE_ENV: 'production',
    DATABASE_URL: database.runtimeUrl,
    MIGRATION_DATABASE_URL: database.ownerUrl,
    JWT_SECRET: secret(),
    PASSWORD_PEPPER: secret(),
    ENCRYPTION_KEYS: `k2:${key()},k1:${key()}`,
    CORS_ORIGINS: 'https://shop.example',
    ...MAIL,
  };
});
afterAll(async () => {
  const { superuserUrl } = database;
  await queryOnce(superuserUrl, 'DROP SCHEMA mine CASCADE');
  for (const login of Object.keys(logins) as Login[]) await queryOnce(superuserUrl, `DROP ROLE ${nameOf(login)}`);
  await queryOnce(superuserUrl, `DROP ROLE ${Object.keys(GROUPS).join(', ')}`);
  await database.drop();
});

const as = (login: Login): string => urlFor(database.superuserUrl, database.name, { name: nameOf(login), password: `${PREFIX}-pw` });

/** What is changed about the safe settings ('' leaves one out), and the whole complaint. */
interface Unsafe {
  readonly what: string;
  readonly change: () => Readonly<Record<string, string>>;
  readonly complaints: readonly string[];
}
const unsafe = (what: string, change: Unsafe['change'], ...complaints: readonly string[]): Unsafe => ({ what, change, complaints });

const GUESSABLE = 'is a well-known or guessable value';
const UNSAFE: readonly Unsafe[] = [
  unsafe('JWT_SECRET missing', () => ({ JWT_SECRET: '' }), 'JWT_SECRET is missing'),
  unsafe('PASSWORD_PEPPER missing', () => ({ PASSWORD_PEPPER: '' }), 'PASSWORD_PEPPER is missing'),
  unsafe('ENCRYPTION_KEYS missing', () => ({ ENCRYPTION_KEYS: '' }), 'ENCRYPTION_KEYS is missing'),
  unsafe('DATABASE_URL missing', () => ({ DATABASE_URL: '' }), 'DATABASE_URL is missing'),
  unsafe('JWT_SECRET of 31 bytes', () => ({ JWT_SECRET: secret().slice(0, 31) }), 'JWT_SECRET is shorter than 32 bytes'),
  unsafe('PASSWORD_PEPPER of 31 bytes', () => ({ PASSWORD_PEPPER: secret().slice(0, 31) }), 'PASSWORD_PEPPER is shorter than 32 bytes'),
  unsafe(
    'JWT_PREVIOUS_SECRET of 31 bytes',
    () => ({ JWT_PREVIOUS_SECRET: secret().slice(0, 31) }),
    'JWT_PREVIOUS_SECRET is shorter than 32 bytes',
  ),
  unsafe(
    'an encryption key of 31 bytes',
    () => ({ ENCRYPTION_KEYS: `k1:${randomBytes(31).toString('base64')}` }),
    'ENCRYPTION_KEYS must be id:base64 pairs with 32 bytes each, separated by commas',
  ),
  unsafe('a well-known JWT_SECRET', () => ({ JWT_SECRET: 'change-me-change-me-change-me-0123456789' }), `JWT_SECRET ${GUESSABLE}`),
  unsafe(
    'a well-known PASSWORD_PEPPER',
    () => ({ PASSWORD_PEPPER: 'quartermaster-pepper-for-all-of-the-world' }),
    `PASSWORD_PEPPER ${GUESSABLE}`,
  ),
  unsafe('a JWT_PREVIOUS_SECRET of few letters', () => ({ JWT_PREVIOUS_SECRET: 'abc'.repeat(20) }), `JWT_PREVIOUS_SECRET ${GUESSABLE}`),
  unsafe(
    'an encryption key of zeros',
    () => ({ ENCRYPTION_KEYS: `k1:${Buffer.alloc(32).toString('base64')}` }),
    'ENCRYPTION_KEYS has a guessable key',
  ),
  unsafe(
    'a JWT_SECRET of the words of tutorials',
    () => ({ JWT_SECRET: 'this-is-my-secret-key-for-jwt-signing' }),
    `JWT_SECRET ${GUESSABLE}`,
  ),
  unsafe(
    'an encryption key that counts',
    () => ({ ENCRYPTION_KEYS: `k1:${Buffer.from([...Array.from({ length: 32 }).keys()]).toString('base64')}` }),
    'ENCRYPTION_KEYS has a guessable key',
  ),
  unsafe(
    'a well-known password of the database',
    () => ({ DATABASE_URL: 'postgresql://app:postgrespostgres@127.0.0.1/q' }),
    'DATABASE_URL has a well-known or guessable password',
  ),
  unsafe(
    'a short password of the owner',
    () => ({ MIGRATION_DATABASE_URL: 'postgresql://owner:postgres@127.0.0.1/q' }),
    'MIGRATION_DATABASE_URL has a password shorter than 12 bytes',
  ),
  unsafe('a database without a password', () => ({ DATABASE_URL: 'postgresql://app@127.0.0.1/q' }), 'DATABASE_URL has no password'),
  unsafe(
    'one value for tokens and passwords',
    () => ({ JWT_SECRET: SHARED, PASSWORD_PEPPER: SHARED }),
    'JWT_SECRET and PASSWORD_PEPPER share one value',
  ),
  unsafe(
    'one value for old and new tokens',
    () => ({ JWT_SECRET: SHARED, JWT_PREVIOUS_SECRET: SHARED }),
    'JWT_SECRET and JWT_PREVIOUS_SECRET share one value',
  ),
  unsafe(
    'one value for tokens and fields',
    () => ({ JWT_SECRET: SHARED, ENCRYPTION_KEYS: `k1:${SHARED}` }),
    'JWT_SECRET and ENCRYPTION_KEYS share one value',
  ),
  unsafe('one key twice', () => ({ ENCRYPTION_KEYS: `k1:${SHARED},k2:${SHARED}` }), 'ENCRYPTION_KEYS and ENCRYPTION_KEYS share one value'),
  unsafe(
    'one value for passwords and the database',
    () => ({ PASSWORD_PEPPER: SHARED, DATABASE_URL: `postgresql://app:${encodeURIComponent(SHARED)}@127.0.0.1/q` }),
    'PASSWORD_PEPPER and DATABASE_URL share one value',
  ),
  unsafe(
    'one password for both logins',
    () => ({
      DATABASE_URL: 'postgresql://app:Yeeth3ohRoh7@127.0.0.1/q',
      MIGRATION_DATABASE_URL: 'postgresql://owner:Yeeth3ohRoh7@127.0.0.1/q',
    }),
    'DATABASE_URL and MIGRATION_DATABASE_URL share one value',
  ),
  unsafe(
    'one value for tokens and mail',
    () => ({ JWT_SECRET: SHARED, ...MAIL, SMTP_URL: `smtp://me:${encodeURIComponent(SHARED)}@mail.example:587` }),
    'JWT_SECRET and SMTP_URL share one value',
  ),
  unsafe(
    'one value for tokens and Redis',
    () => ({ JWT_SECRET: SHARED, REDIS_URL: `redis://:${encodeURIComponent(SHARED)}@127.0.0.1:1` }),
    'JWT_SECRET and REDIS_URL share one value',
  ),
  unsafe('CORS for everybody', () => ({ CORS_ORIGINS: '*' }), 'CORS_ORIGINS must not be *: answers are sent with credentials'),
  unsafe(
    'CORS for a page that others can change on the way',
    () => ({ CORS_ORIGINS: 'http://shop.example' }),
    'CORS_ORIGINS must begin with https://: answers are sent with credentials',
  ),
  unsafe(
    'the whole internet as proxies',
    () => ({ TRUST_PROXY: '0.0.0.0/1,128.0.0.0/1' }),
    'TRUST_PROXY trusts strangers: 5 proxies at most, or networks of your own, /8 or smaller (IPv6: /16)',
  ),
  unsafe(
    'passwords that may be guessed',
    () => ({ THROTTLE_FAILED_LOGINS_PER_DEVICE: '101', THROTTLE_FAILED_LOGINS_PER_IP: '1001' }),
    'THROTTLE_FAILED_LOGINS_PER_DEVICE must be at most 100: with more, passwords can be guessed',
    'THROTTLE_FAILED_LOGINS_PER_IP must be at most 1000: with more, passwords can be guessed',
  ),
  unsafe('the demo company', () => ({ SEED_DEMO: 'true' }), 'SEED_DEMO must not be true: the demo login is public'),
  unsafe('mail from nobody', () => ({ MAIL_FROM: '' }), 'MAIL_FROM is missing: mails sent by SMTP_URL need a sender'),
  unsafe('links to nowhere', () => ({ APP_URL: '' }), 'APP_URL is missing: links in mails sent by SMTP_URL begin with it'),
  unsafe(
    'links that others can read on the way',
    () => ({ APP_URL: 'http://shop.example' }),
    'APP_URL must begin with https://: a link in a mail may be a key to an account',
  ),
  unsafe('cheap hashes', () => ({ BCRYPT_COST: '11' }), 'BCRYPT_COST must be at least 12'),
  unsafe(
    'the owner’s login for both',
    () => ({ DATABASE_URL: database.ownerUrl.replace(/:[^:@]+@/, ':Yeeth3ohRoh7@') }),
    'DATABASE_URL and MIGRATION_DATABASE_URL have the same login: the runtime role must not own the tables',
  ),
  unsafe(
    'the owner’s login alone',
    () => ({ DATABASE_URL: database.ownerUrl, MIGRATION_DATABASE_URL: '' }),
    'DATABASE_URL: the login owns the tables; use a runtime login, and the owner in MIGRATION_DATABASE_URL',
    'DATABASE_URL: the login is a member of the role that owns the tables',
  ),
  unsafe(
    'a superuser',
    () => ({ DATABASE_URL: as('superuser') }),
    'DATABASE_URL: the login is a superuser',
    'DATABASE_URL: the login is a member of the role that owns the tables',
  ),
  unsafe('a login past row-level security', () => ({ DATABASE_URL: as('bypass') }), 'DATABASE_URL: the login bypasses row-level security'),
  unsafe(
    'a member of the owner',
    () => ({ DATABASE_URL: as('member') }),
    'DATABASE_URL: the login is a member of the role that owns the tables',
  ),
  unsafe(
    'a member of the owner that has to SET ROLE first',
    () => ({ DATABASE_URL: as('noInherit') }),
    'DATABASE_URL: the login is a member of the role that owns the tables',
  ),
  unsafe(
    'a login that may become a superuser, or a role past row-level security, by way of another',
    () => ({ DATABASE_URL: as('granted') }),
    `DATABASE_URL: the login may become ${PREFIX}_admins (SET ROLE), which row-level security does not bind`,
    `DATABASE_URL: the login may become ${PREFIX}_readers (SET ROLE), which row-level security does not bind`,
  ),
  unsafe(
    'an owner of any table',
    () => ({ DATABASE_URL: as('tableOwner') }),
    'DATABASE_URL: the login owns the tables; use a runtime login, and the owner in MIGRATION_DATABASE_URL',
    'DATABASE_URL: the login is a member of the role that owns the tables',
  ),
];

describe('the built server in production', () => {
  it('starts with safe settings, and writes JSON lines without a secret', async () => {
    const { code, listened, output } = await attemptStart(safe);
    expect({ code, listened }).toEqual({ code: 0, listened: true });
    for (const line of output.trim().split('\n')) expect(JSON.parse(line)).toMatchObject({ level: 'info' });
    expectNoSecretOf(safe, output);
  });

  it('needs the owner’s login for migrations only', async () => {
    const { MIGRATION_DATABASE_URL: _owner, ...rest } = safe;
    expect(await attemptStart(rest)).toMatchObject({ code: 0, listened: true });
    expect(new URL(database.runtimeUrl).username).toBe(APP_ROLE);
  });

  it.each(UNSAFE)('refuses $what', async ({ change, complaints }) => {
    const env = { ...safe, ...change() };
    const { code, listened, output } = await attemptStart(env);
    expect({ code, listened, output }).toEqual({
      code: 1,
      listened: false,
      output: `The configuration can't be used:\n${complaints.map((complaint) => `  - ${complaint}\n`).join('')}`,
    });
    expectNoSecretOf(env, output);
  });

  it('refuses for a worker too', async () => {
    const { code, output } = await attemptStart({ ...safe, JWT_SECRET: 'short' }, 'dist/worker.js');
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining('JWT_SECRET is shorter than 32 bytes') });
  });
});

/** Neither a secret as it was given, nor a key or password in it. */
function expectNoSecretOf(env: Readonly<Record<string, string>>, output: string): void {
  const values = ['JWT_SECRET', 'JWT_PREVIOUS_SECRET', 'PASSWORD_PEPPER'].map((name) => env[name] ?? '');
  const keys = (env['ENCRYPTION_KEYS'] ?? '').split(',').map((pair) => pair.slice(pair.indexOf(':') + 1));
  const passwords = ['DATABASE_URL', 'MIGRATION_DATABASE_URL', 'REDIS_URL', 'SMTP_URL'].flatMap((name) =>
    env[name] === undefined || env[name] === '' ? [] : [new URL(env[name]).password],
  );
  for (const value of [...values, ...keys, ...passwords].filter((value) => value.length > 4)) expect(output).not.toContain(value);
}
