/* What production asks of the logins of the database. */
import { generateSecrets } from '../../../src/config/development-secrets';
import { productionProblems } from '../../../src/config/config-rules';

const problems = (DATABASE_URL: string, MIGRATION_DATABASE_URL?: string): string[] =>
  productionProblems({
    ...generateSecrets(),
    DATABASE_URL,
    ...(MIGRATION_DATABASE_URL !== undefined && { MIGRATION_DATABASE_URL }),
    BCRYPT_COST: 12,
    TRUST_PROXY: 'false',
    THROTTLE_FAILED_LOGINS_PER_DEVICE: 10,
    THROTTLE_FAILED_LOGINS_PER_IP: 50,
  });

const SAME = 'DATABASE_URL and MIGRATION_DATABASE_URL have the same login: the runtime role must not own the tables';
const OWNER = 'postgresql://owner:eiJ9Ohphoob1@db/q';

test.each([
  ['postgresql://db/q?user=app&password=Yeeth3ohRoh7', 'postgresql://db/q?user=owner&password=eiJ9Ohphoob1'],
  ['postgresql://app:Yeeth3ohRoh7@db/q', 'postgresql://db/q?user=owner&password=eiJ9Ohphoob1'],
])('two logins, wherever they stand: %s, %s', (runtime, owner) => {
  expect(problems(runtime, owner)).toEqual([]);
});

test.each([
  ['postgresql://db/q?user=owner&password=Yeeth3ohRoh7', OWNER],
  ['postgresql://app:Yeeth3ohRoh7@db/q?user=owner', OWNER],
  ['postgresql://%6Fwner:Yeeth3ohRoh7@db/q', OWNER],
])('one login, however it is written: %s', (runtime, owner) => {
  expect(problems(runtime, owner)).toEqual([SAME]);
});

test.each([
  ['postgresql://app@db/q', 'no password'],
  ['postgresql://app:@db/q', 'no password'],
  ['postgresql:///q?user=app', 'no password'],
  ['postgresql://app:Yeeth3ohRo@db/q', 'a password shorter than 12 bytes'],
  ['postgresql://db/q?user=app&password=postgres', 'a password shorter than 12 bytes'],
  ['postgresql://app:postgrespostgres@db/q', 'a well-known or guessable password'],
  ['postgresql://app:quartermaster_app@db/q', 'a well-known or guessable password'],
  ['postgresql://grocer_of_wells:grocer_of_wells@db/q', 'a well-known or guessable password'],
])('%s has %s', (url, what) => {
  expect(problems(url)).toEqual([`DATABASE_URL has ${what}`]);
  expect(problems('postgresql://other:Yeeth3ohRoh7@db/q', url)).toEqual([`MIGRATION_DATABASE_URL has ${what}`]);
});

test.each([
  'postgresql:///q?host=/run/postgresql&user=app',
  'postgresql://app@%2Frun%2Fpostgresql/q',
  'postgresql://app@db/q?sslmode=verify-full&sslcert=/etc/app.crt&sslkey=/etc/app.key',
])('%s is known without a password', (url) => {
  expect(problems(url)).toEqual([]);
});
