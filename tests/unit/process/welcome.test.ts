import { welcome } from '../../../src/process/welcome';

test.each([
  ['127.0.0.1', 'localhost'],
  ['0.0.0.0', 'localhost'],
  ['::', 'localhost'],
  ['::1', '[::1]'],
  ['fe80::1', '[fe80::1]'],
  ['shop.example', 'shop.example'],
])('HOST=%s is greeted at http://%s', (host, name) => {
  const [address] = /http:\S+/.exec(welcome({ host, port: 3000, demo: undefined }))!;
  expect(address).toBe(`http://${name}:3000/api/v1`);
  expect(URL.canParse(address)).toBe(true);
});
