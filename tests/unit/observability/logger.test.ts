import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, scrub } from '../../../src/observability/logger';

/** What a logger writes for one call. */
async function written(json: boolean, log: (logger: ReturnType<typeof createLogger>) => void): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'log-'));
  const file = join(folder, 'app.log');
  try {
    const logger = createLogger({ level: 'info', json, file, console: false });
    log(logger);
    for (let tries = 0; tries < 100; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      try {
        const text = readFileSync(file, 'utf8');
        if (text !== '') return text;
      } catch {
        // Not there yet.
      }
    }
    return '';
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('only allowed fields are written', async () => {
  const fields = {
    requestId: 'r1',
    status: 200,
    password: 'hunter2',
    body: { card: '4111111111111111' },
    headers: { authorization: 'Bearer x' },
  };
  const line = JSON.parse(await written(true, (logger) => logger.info('request', fields))) as object;
  expect(line).toEqual({ level: 'info', message: 'request', requestId: 'r1', status: 200, timestamp: expect.any(String) });
});

test('errors are written with stack and cause, scrubbed', async () => {
  const error = new Error('connect postgresql://app:hunter2@db/q failed', { cause: new Error('token=abcdef') });
  const text = await written(true, (logger) => logger.error('failed', { error }));
  const line = JSON.parse(text) as { error: { stack: string; cause: string; name: string } };
  expect(line.error.name).toBe('Error');
  expect(line.error.stack).toContain('logger.test.ts');
  expect(line.error.cause).toBe('Error: token=[hidden]');
  expect(text).not.toContain('hunter2');
});

test('readable lines for people', async () => {
  const text = await written(false, (logger) => logger.warn('slow', { durationMs: 12, error: new Error('why') }));
  expect(text).toMatch(/^\S+ warn {2}slow durationMs=12\nError: why\n/);
});

test.each([
  ['Authorization: Bearer abc.def-ghi', 'Authorization: Bearer [hidden]'],
  ['got eyJhbGciOi.eyJzdWIi.c2ln here', 'got [hidden token] here'],
  ['redis://user:pass@host:6379', 'redis://user:[hidden]@host:6379'],
  ['{"password":"hunter2","a":1}', '{"password":"[hidden]","a":1}'],
  ['card 4111 1111 1111 1111 declined', 'card [hidden digits] declined'],
  ['order 1042 of 2026-11-21', 'order 1042 of 2026-11-21'],
])('%s is scrubbed', (text, clean) => {
  expect(scrub(text)).toBe(clean);
});
