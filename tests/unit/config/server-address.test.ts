import { serverAddress } from '../../../src/config/server-address';

const address = serverAddress('postgresql://user:password@host:5432/database', 'postgres', 'postgresql').label('DATABASE_URL');
const complaint = (text: string): string | undefined => address.validate(text, { errors: { wrap: { label: false } } }).error?.message;

test.each([
  'postgresql://app:Yeeth3ohRoh7@db/q',
  'postgres://app:p%40%3A%2F%23%25w@db:5432/q?sslmode=verify-full',
  'postgresql:///q?host=/run/postgresql',
  'postgresql://app@%2Frun%2Fpostgresql/q',
  'postgresql://db/q?user=app@tenant&password=pw',
])('%s can be read', (text) => {
  expect(complaint(text)).toBeUndefined();
});

test.each([
  'postgresql://app:100%@db/q',
  'postgresql://app:100%sure@db/q',
  'postgresql://app:a%ff@db/q',
  'postgresql://a%ff:b@db/q',
  'postgresql://app:a#b@db/q',
  'postgresql://app:12#b@db/q',
  'postgresql://app:a/b@db/q',
  'postgresql://app:12/b@db/q',
  'postgresql://app:a@b@db/q',
  'postgresql://app:a?b@db/q',
  'postgresql://app:pw@db:port/q',
  'mysql://app:pw@db/q',
  'db/q',
  'postgresql:q',
])('%s can not, and the message tells how to write it', (text) => {
  expect(complaint(text)).toBe(
    'DATABASE_URL must be like postgresql://user:password@host:5432/database, ' +
      'with @ : / # % in the password written as %40 %3A %2F %23 %25',
  );
});
