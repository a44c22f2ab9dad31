import { Client } from 'pg';
import { isLoopback, loginOf, passwordOf } from '../../../src/kernel/connection-address';

test.each([
  'postgresql://app:Yeeth3ohRoh7@db/q',
  'postgresql://a%40shop:p%25%2Fw%23@db/q',
  'postgresql://db/q?user=app&password=p%25w',
  'postgresql://one:first@db/q?user=two&password=second',
  'postgresql:///q?host=/run/postgresql&user=app&password=pw',
])('%s: the login is the one that node-postgres uses', (url) => {
  const { user, password } = new Client({ connectionString: url });
  expect([loginOf(url), passwordOf(url)]).toEqual([user, password]);
});

test('an address may be without', () => {
  const url = 'postgresql://db/q?user=';
  expect([loginOf(url), passwordOf(url)]).toEqual([undefined, undefined]);
});

test('loopback is this machine alone', () => {
  expect(['localhost', 'shop.localhost', '127.0.0.1', '127.1.2.3', '::1', '[::1]'].filter((host) => !isLoopback(host))).toEqual([]);
  expect(['localhost.example', '0.0.0.0', '128.0.0.1', '127.0.0.1.example', 'mailpit', '[::2]', ''].filter(isLoopback)).toEqual([]);
});
