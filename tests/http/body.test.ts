import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import * as fc from 'fast-check';
import request from 'supertest';
import { parseJson, readJsonBody } from '../../src/http/body/json-body';
import { scanJson } from '../../src/http/body/json-scan';
import { positionOf, syntaxErrorOffset } from '../../src/http/body/json-syntax';
import { createLimitedServer } from '../../src/http/server/server-limits';
import { as, testApp } from './support';
import { things } from './things';

const setUp = () => {
  const { app } = testApp(things().endpoints);
  const send = (body: string | Buffer, type = 'application/json') =>
    request(app)
      .post('/api/v1/things')
      .set(as('admin'))
      .set('Content-Type', type)
      .send(body as string);
  return { app, send };
};

test('a body of a client that has left before it was read is not waited for', async () => {
  const outcomes: Promise<unknown>[] = [];
  const server = createLimitedServer((req) => {
    req.once('close', () => outcomes.push(readJsonBody(req, 1000).catch((error: unknown) => error)));
  }).listen(0);
  try {
    const { port } = server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1', () => {
      socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{');
      setTimeout(() => socket.destroy(), 50);
    });
    while (outcomes.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await outcomes[0]).toMatchObject({ code: 'CLIENT_CLOSED' });
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

describe('what a body may be', () => {
  test('JSON in UTF-8 only: 415 otherwise', async () => {
    const { app, send } = setUp();
    await send('{"name":"x"}', 'application/json; charset=utf-8').expect(201);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=latin1', 'application/jsonx']) {
      expect((await send('{"name":"x"}', type).expect(415)).body.error.code).toBe('UNSUPPORTED_MEDIA_TYPE');
    }
    await request(app)
      .post('/api/v1/things')
      .set(as('admin'))
      .set('Content-Type', 'application/json')
      .set('Content-Encoding', 'gzip')
      .send('x')
      .expect(415);
  });

  test('at most 256 kB: 413', async () => {
    const { app, send } = setUp();
    const { body } = await send(JSON.stringify({ name: 'x'.repeat(300_000) })).expect(413);
    expect(body.error).toMatchObject({ code: 'PAYLOAD_TOO_LARGE', details: { limit: 262_144 } });
    // Without a length the bytes are counted as they come.
    const server = createLimitedServer(app).listen(0);
    try {
      const { port } = server.address() as AddressInfo;
      const chunk = 'x'.repeat(65_536);
      const chunks = async function* () {
        for (let index = 0; index < 5; index++) yield chunk;
      };
      const response = await fetch(`http://127.0.0.1:${port}/api/v1/things`, {
        method: 'POST',
        headers: { ...as('admin'), 'Content-Type': 'application/json' },
        body: chunks(),
        duplex: 'half',
      } as unknown as RequestInit);
      expect(response.status).toBe(413);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  test.each([
    ['{"name": "x",}', 'line 1, column 14'],
    ['{\n  "name": x\n}', 'line 2, column 11'],
    ['{"name": "x"', 'line 1, column 13'],
    ['[1 2]', 'line 1, column 4'],
    ['{"a" 1}', 'line 1, column 6'],
    ['nul', 'line 1, column 1'],
    ["{'a': 1}", 'line 1, column 2'],
    ['{"a": 01}', 'line 1, column 8'],
    ['{}}', 'line 1, column 3'],
    ['{"a": "\n"}', 'line 1, column 7'],
    ['   ', 'line 1, column 4'],
    ['\ufeff{}', 'line 1, column 1'],
  ])('malformed %j tells the place and quotes nothing', async (text, place) => {
    const { send } = setUp();
    const { body } = await send(text).expect(400);
    expect(body.error.message).toBe(`body is not valid JSON: see ${place}`);
  });

  test('the place is where the text can no longer become JSON', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.constantFrom('}', ']', ',', ':', '"', 'x', ''), (text, at, junk) => {
        const broken = text.slice(0, at % (text.length + 1)) + junk + text.slice((at % (text.length + 1)) + 1);
        try {
          JSON.parse(broken);
        } catch {
          const offset = syntaxErrorOffset(broken);
          expect(offset).toBeLessThanOrEqual(broken.length);
          expect(positionOf(broken, offset)).toMatch(/^line \d+, column \d+$/);
          return;
        }
        expect(syntaxErrorOffset(broken)).toBe(broken.length);
      }),
    );
  });

  test.each([
    ['{"name":"a\\u0000b"}', 'body.name', 'must not contain NUL or half a surrogate pair'],
    ['{"name":"\\ud800"}', 'body.name', 'must not contain NUL or half a surrogate pair'],
    ['{"\\ud800":1}', 'body', 'must not have a key with NUL or half a surrogate pair'],
    ['{"__proto__":{"admin":true}}', 'body', 'must not have a key named __proto__'],
    ['{"name":{"constructor":1}}', 'body.name', 'must not have a key named constructor'],
    ['{"tags":[{"prototype":1}]}', 'body.tags.0', 'must not have a key named prototype'],
    ['{"__pr\\u006fto__":1}', 'body', 'must not have a key named __proto__'],
    [`${'['.repeat(33)}${']'.repeat(33)}`, 'body', 'is nested deeper than 32 levels'],
    ['{"name":"x","price":9007199254740993}', 'body', 'holds the number 9007199254740993, which JSON readers change: send it as text'],
    [
      '{"name":"x","price":0.1000000000000000000000000001}',
      'body',
      'holds the number 0.1000000000000000000000000001, which JSON readers change: send it as text',
    ],
    ['{"name":"x","price":1e400}', 'body', 'holds the number 1e400, which JSON readers change: send it as text'],
    ['{"name":"x","price":1e-400}', 'body', 'holds the number 1e-400, which JSON readers change: send it as text'],
  ])('%s is refused', async (text, path, message) => {
    const { send } = setUp();
    const { body } = await send(text).expect(400);
    expect(body.error.details.issues).toEqual([{ path, message }]);
    expect(Object.hasOwn(Object.prototype, 'admin')).toBe(false);
  });

  test('operators in place of scalars, and other shapes, are refused', async () => {
    const { send } = setUp();
    for (const body of ['{"name":{"not":""}}', '{"name":["x"]}', '[]', '"x"', '1', 'null', 'true']) await send(body).expect(400);
  });

  test('bytes that are not UTF-8 are refused', async () => {
    const { send } = setUp();
    await send(Buffer.from([0x7b, 0xff, 0x7d])).expect(400);
    expect(() => parseJson(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]))).toThrow('UTF-8');
  });

  const inexactNumber = (text: string): string | undefined => scanJson(Buffer.from(text), Infinity).inexact;

  test('every number either arrives unchanged or is refused', () => {
    expect(
      inexactNumber('{"id":"0190d2c6-7b5e-7c3a-9f2b-1234567890ab","n":[0,1.50,15e-1,-0,0.30000000000000004,123456789012345]}'),
    ).toBeUndefined();
    expect(inexactNumber('["12345678901234567890", "a\\"1e999"]')).toBeUndefined();
    const digits = (max: number) => fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: max }).map((list) => list.join(''));
    fc.assert(
      fc.property(digits(25), fc.option(digits(25)), (whole, fraction) => {
        const literal = `${BigInt(whole)}${fraction === null ? '' : `.${fraction}`}`;
        const significant = literal.replace('.', '').replace(/^0+/, '').replace(/0+$/, '').length;
        if (significant <= 15) expect(inexactNumber(`[${literal}]`)).toBeUndefined();
        if (significant > 17) expect(inexactNumber(`[${literal}]`)).toBe(literal);
      }),
    );
  });

  test.each([
    '1e308',
    '-1.5e-300',
    '1.7976931348623157e308',
    '100000000000000000000000',
    '0.000000000000000000000000000001',
    '-0.0',
    '0e9',
  ])('%s is exact', (literal) => {
    expect(inexactNumber(`{"n":${literal}}`)).toBeUndefined();
  });

  test.each(['1e309', '-1e-400', '5e-325', '1.79769313486231571e308', `1${'0'.repeat(500)}`, `0.${'0'.repeat(500)}1`, '-9007199254740993'])(
    '%s is not',
    (literal) => {
      expect(inexactNumber(`{"n":${literal}}`)).toBe(literal.slice(0, 400));
    },
  );

  test('digits and brackets in text are neither numbers nor levels', () => {
    const text = JSON.stringify({ note: `${'['.repeat(100)} 9007199254740993 \\" ${','.repeat(100)}`, end: '\\' });
    expect(scanJson(Buffer.from(text), 4)).toEqual({});
  });

  test('of a stranger at most 16 kB', async () => {
    const { app } = setUp();
    const login = (length: number) =>
      request(app)
        .post('/api/v1/things/open')
        .set('Content-Type', 'application/json')
        .send(JSON.stringify({ name: 'x'.repeat(length) }));
    expect((await login(16_384).expect(413)).body.error.details).toEqual({ limit: 16_384 });
  });

  const MEGABYTES_4 = 4 * 1024 * 1024;
  /** Values of a body of four megabytes at most. */
  const VALUES = 131_072;
  test.each([
    ['a million short numbers', `[${'1e5,'.repeat(1_000_000)}1]`, `holds more than ${VALUES} values`],
    ['millions of brackets', '['.repeat(1_900_000), 'is nested deeper than 32 levels'],
    ['a million empty lists', `[${'[],'.repeat(1_000_000)}1]`, `holds more than ${VALUES} values`],
    ['doubles with all their digits', `[${'0.30000000000000004,'.repeat(199_000)}1]`, `holds more than ${VALUES} values`],
    ['long numbers', `[${'0.300000000000000040000000,'.repeat(150_000)}1]`, `holds more than ${VALUES} values`],
    [
      'a number of a million digits',
      '1'.repeat(1_000_000),
      `holds the number ${'1'.repeat(40)}, which JSON readers change: send it as text`,
    ],
    ['a text without an end', `"${'x'.repeat(4_000_000)}`, 'is not valid JSON'],
    ['a mistake behind a million lines', `${'\n'.repeat(1_000_000)}x`, 'is not valid JSON: see line 1000001, column 1'],
    ['as many values as may be, and a mistake', `[${'1,'.repeat(131_000)}}`, 'is not valid JSON: see line 1, column 262002'],
    ['as many doubles as may be, and a mistake', `[${'2.2250738585072014e-308,'.repeat(131_000)}}`, 'is not valid JSON'],
  ])('%s: refused before anybody notices', (_what, text, message) => {
    const body = Buffer.from(text.slice(0, MEGABYTES_4));
    const before = process.cpuUsage();
    expect(() => parseJson(body, VALUES)).toThrow(`body ${message}`);
    // Microseconds of this process's own work, whatever else the machine does. It takes a fraction of that; it took seconds.
    expect(process.cpuUsage(before).user).toBeLessThan(1_000_000);
  });

  test('any JSON is parsed as JSON.parse does, or refused', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 40 }), (text) => {
        try {
          expect(parseJson(Buffer.from(text))).toEqual(JSON.parse(text));
        } catch (error) {
          expect((error as { code?: string }).code).toBe('INVALID_INPUT');
        }
      }),
    );
  });
});
