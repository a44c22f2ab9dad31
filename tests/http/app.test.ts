import request from 'supertest';
import { TooManyRequests } from '../../src/http/errors';
import { Unavailable } from '../../src/kernel/common-errors';
import { as, testApp } from './support';
import { things } from './things';

const { endpoints } = things();

describe('errors', () => {
  test('an unknown error tells nothing of itself but is logged in full', async () => {
    const { app, log } = testApp(endpoints);
    const { body, text, headers } = await request(app).get('/api/v1/fault').set(as('admin')).expect(500);
    expect(body.error).toEqual({
      code: 'INTERNAL',
      message: 'Something went wrong; quote the request id when you report it',
      requestId: headers['x-request-id'],
    });
    expect(text).not.toMatch(/SELECT|secret|srv|at /);
    const line = log.lines.find(({ level }) => level === 'error');
    expect(line?.fields).toMatchObject({ requestId: headers['x-request-id'], route: '/fault' });
    expect((line!.fields.error as Error).message).toContain('secret_table');
  });

  test('errors of the database are answered as what they stand for', async () => {
    const { app } = testApp(endpoints, { toAppError: () => new Unavailable('The database cannot be reached; try again') });
    const { body, headers } = await request(app).get('/api/v1/fault').set(as('admin')).expect(503);
    expect(body.error.code).toBe('UNAVAILABLE');
    expect(headers['retry-after']).toBe('1');
  });

  test('application/problem+json for those who accept it', async () => {
    const { app } = testApp(endpoints);
    const { body, headers } = await request(app)
      .get('/api/v1/things?pageSize=0')
      .set(as('admin'))
      .set('Accept', 'application/problem+json')
      .expect(400);
    expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(body).toEqual({
      type: 'urn:problem:invalid-input',
      title: 'The request does not have the declared shape',
      status: 400,
      detail: 'query.pageSize must be greater than or equal to 1',
      code: 'INVALID_INPUT',
      details: { issues: [{ path: 'query.pageSize', message: 'must be greater than or equal to 1' }] },
      requestId: headers['x-request-id'],
    });
  });

  test('every error has the shape and a request id', async () => {
    const { app } = testApp(endpoints);
    const paths = [
      '/nothing',
      '/api',
      '/api/v1',
      '/api/v2/things',
      '/api/v1/things/%',
      '/api/v1/things/%00',
      '/api/v1//',
      '/%2e%2e/etc/passwd',
      `/${'x'.repeat(5000)}`,
    ];
    for (const path of paths) {
      const response = await request(app).get(path).set(as('admin'));
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(response.status).toBeLessThan(500);
      expect(response.body.error.requestId).toBe(response.headers['x-request-id']);
    }
  });
});

describe('request id', () => {
  test.each(['a', 'Abc_9-z', 'x'.repeat(64)])('%s is kept', async (id) => {
    const { app } = testApp(endpoints);
    const { headers } = await request(app).get('/health/live').set('X-Request-Id', id);
    expect(headers['x-request-id']).toBe(id);
  });

  test.each(['', 'a b', 'x'.repeat(65), '<script>', 'a,b'])('%j is replaced', async (id) => {
    const { app } = testApp(endpoints);
    const { headers } = await request(app).get('/health/live').set('X-Request-Id', id);
    expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('access log and metrics', () => {
  test('one line with the route template, and nothing of URL, body or token', async () => {
    const { app, log, metrics } = testApp(endpoints);
    await request(app).post('/api/v1/things?x=urlsecret').set(as('admin')).send({ name: 'bodysecret' });
    await request(app).get('/health/live');
    await new Promise((resolve) => setImmediate(resolve));
    const lines = log.lines.filter(({ message }) => message === 'request');
    expect(lines).toHaveLength(1);
    expect(lines[0]!.fields).toMatchObject({
      method: 'POST',
      route: '/things',
      status: 400,
      userId: expect.any(String),
      requestId: expect.any(String),
    });
    expect(JSON.stringify(lines)).not.toMatch(/secret|Bearer/);
    const text = await metrics.registry.metrics();
    expect(text).toContain('http_request_duration_seconds_count{method="POST",route="/things",status="400"} 1');
  });
});

test('pool, retries and orders are counted', async () => {
  const { metrics } = testApp(endpoints);
  metrics.watchPool(() => ({ total: 5, idle: 2, waiting: 1 }));
  metrics.retries.inc({ sqlstate: '40P01' });
  metrics.ordersPlaced.inc();
  const text = await metrics.registry.metrics();
  for (const line of [
    'database_pool_connections{state="used"} 3',
    'database_pool_connections{state="idle"} 2',
    'database_pool_connections{state="waiting"} 1',
    'retries_total{sqlstate="40P01"} 1',
    'orders_placed_total 1',
  ]) {
    expect(text).toContain(line);
  }
});

describe('limits', () => {
  test('strangers by address, users by user, each with RateLimit headers and 429 in our shape', async () => {
    const { app } = testApp(endpoints, { config: { rateLimits: { anonymousPerMinute: 2, userPerMinute: 3 } } });
    const open = () => request(app).post('/api/v1/things/open').send({ name: 'x' });
    const first = await open().expect(200);
    expect(first.headers['ratelimit-policy']).toMatch(/^"anonymous"; q=2; w=60/);
    expect(first.headers['ratelimit']).toMatch(/^"anonymous"; r=1; t=\d+/);
    // A bad token counts like none.
    await request(app).get('/api/v1/things').set('Authorization', 'Bearer nobody').expect(401);
    const limited = await open().expect(429);
    expect(limited.body.error).toMatchObject({ code: TooManyRequests.code, details: { limit: 2 } });
    expect(Number(limited.headers['retry-after'])).toBeGreaterThan(0);
    await request(app).get('/api/v1/things').set('Authorization', 'Bearer nobody').expect(429);
    for (let count = 0; count < 3; count++) await request(app).get('/api/v1/things').set(as('viewer')).expect(200);
    const user = await request(app).get('/api/v1/things').set(as('viewer')).expect(429);
    expect(user.headers['ratelimit-policy']).toMatch(/^"user"; q=3/);
    await request(app).get('/api/v1/things').set(as('admin')).expect(200);
    for (const path of ['/health', '/health/live', '/metrics', '/api/openapi.json', '/api/docs/', '/api/redoc', '/api/postman.json'])
      await request(app).get(path).expect(200);
  });
});

describe('headers', () => {
  test('security headers everywhere, a policy of its own for the docs', async () => {
    const { app } = testApp(endpoints);
    const api = await request(app).get('/api/v1/things').set(as('admin'));
    expect(api.headers).toMatchObject({
      'content-security-policy': "default-src 'none';frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    expect(api.headers['strict-transport-security']).toBeDefined();
    expect(api.headers['x-powered-by']).toBeUndefined();
    for (const page of ['/api/docs/', '/api/redoc']) {
      const docs = await request(app).get(page).expect(200);
      expect(docs.headers['content-security-policy']).toContain("script-src 'self'");
      expect(docs.text).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
      expect(docs.text).not.toMatch(/<script>[^<]/);
    }
  });

  test('CORS for listed origins only', async () => {
    const { app } = testApp(endpoints, { config: { corsOrigins: ['https://shop.example'] } });
    const preflight = await request(app)
      .options('/api/v1/things')
      .set('Origin', 'https://shop.example')
      .set('Access-Control-Request-Method', 'POST')
      .expect(204);
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': 'https://shop.example',
      'access-control-allow-credentials': 'true',
    });
    const other = await request(app).get('/api/v1/things').set(as('admin')).set('Origin', 'https://evil.example').expect(200);
    expect(other.headers['access-control-allow-origin']).toBeUndefined();
    const any = testApp(endpoints, { config: { corsOrigins: ['*'] } });
    const open = await request(any.app).get('/api/v1/things').set(as('admin')).set('Origin', 'https://x.example').expect(200);
    expect(open.headers['access-control-allow-origin']).toBe('*');
    expect(open.headers['access-control-allow-credentials']).toBeUndefined();
  });

  test('large answers are compressed for those who take it, small ones never', async () => {
    const { app } = testApp(endpoints);
    const large = await request(app).get('/api/v1/large').set('Accept-Encoding', 'gzip').expect(200);
    expect(large.headers['content-encoding']).toBe('gzip');
    expect(large.body.text).toMatch(/^quartermaster/);
    expect((await request(app).get('/api/v1/large').set('Accept-Encoding', 'identity')).headers['content-encoding']).toBeUndefined();
    expect(
      (await request(app).get('/api/v1/context').set(as('admin')).set('Accept-Encoding', 'gzip')).headers['content-encoding'],
    ).toBeUndefined();
  });
});

describe('health', () => {
  const health = { pingDatabase: async () => undefined, isMigrated: async () => true, isStopping: () => false, version: '1.2.3' };

  test('ready when the database answers in time, is migrated, and the process is not stopping', async () => {
    const state = async (overrides: Partial<typeof health>) =>
      request(testApp(endpoints, { health: { ...health, ...overrides } }).app).get('/health/ready');
    expect((await state({})).body).toEqual({
      status: 'ok',
      version: '1.2.3',
      stopping: false,
      checks: { database: 'ok', migrations: 'ok' },
    });
    expect((await state({ isStopping: () => true })).status).toBe(503);
    expect((await state({ isMigrated: async () => false })).body.checks).toEqual({ database: 'ok', migrations: 'failed' });
    expect((await state({ pingDatabase: async () => Promise.reject(new Error('down')) })).body.checks.database).toBe('failed');
    const started = performance.now();
    expect((await state({ pingDatabase: () => new Promise(() => undefined) })).status).toBe(503);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test.each([
    '/health',
    '/health/ready',
    '/health/live',
    '/metrics',
    '/api/docs',
    '/api/docs/',
    '/api/redoc',
    '/api/openapi.json',
    '/api/postman.json',
  ])('%s can be read only: 405 with Allow', async (path) => {
    const { app } = testApp(things().endpoints);
    for (const method of ['post', 'put', 'patch', 'delete'] as const) {
      const { body, headers } = await request(app)[method](path).expect(405);
      expect([body.error.code, headers['allow']]).toEqual(['METHOD_NOT_ALLOWED', 'GET, HEAD, OPTIONS']);
    }
    expect((await request(app).options(path).expect(204)).headers['allow']).toBe('GET, HEAD, OPTIONS');
    await request(app).head(path).redirects(1).expect(200);
  });

  test('alive touches nothing', async () => {
    const fail = () => {
      throw new Error('touched');
    };
    const { app } = testApp(endpoints, { health: { ...health, pingDatabase: fail, isMigrated: fail } });
    await request(app).get('/health/live').expect(200);
    expect((await request(app).get('/metrics').expect(200)).headers['content-type']).toContain('text/plain');
  });
});
