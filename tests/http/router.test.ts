import request from 'supertest';
import { get, post } from '../../src/http/endpoint';
import { shape, text } from '../../src/http/fields/fields';
import { RouteTable } from '../../src/http/route-table';
import { newId } from '../../src/kernel/ids';
import { permissionsOf } from '../../src/kernel/permissions';
import { StoreForbidden } from '../../src/kernel/store-access';
import { as, organizationId, sha256, StaleSession, testApp } from './support';
import { things } from './things';

const setUp = () => {
  const resource = things();
  const { app, ...rest } = testApp(resource.endpoints);
  const api = request(app);
  const create = async (name = 'Lamp') =>
    (await api.post('/api/v1/things').set(as('admin')).send({ name }).expect(201)).body as { id: string };
  return { resource, app, api, create, ...rest };
};

const issuePaths = (body: unknown): string[] =>
  (body as { error: { details: { issues: { path: string }[] } } }).error.details.issues.map(({ path }) => path);

describe('finding a route', () => {
  test('static segments win, also when only a later segment tells', () => {
    const route = (method: string, path: string) => ({ method, path });
    const table = new RouteTable([
      route('get', '/orders/:id'),
      route('get', '/orders/import'),
      route('post', '/orders/:id/items'),
      route('get', '/orders/import/status'),
      route('get', '/'),
    ]);
    const found = (method: string, path: string): unknown => {
      const match = table.find(method, path);
      return 'endpoint' in match ? [match.endpoint.path, match.params] : match.allowed;
    };
    expect(found('GET', '/orders/import')).toEqual(['/orders/import', {}]);
    expect(found('GET', '/orders/7')).toEqual(['/orders/:id', { id: '7' }]);
    expect(found('POST', '/orders/import/items')).toEqual(['/orders/:id/items', { id: 'import' }]);
    expect(found('GET', '/orders/a%20b/')).toEqual(['/orders/:id', { id: 'a b' }]);
    expect(found('GET', '/orders/%zz')).toEqual(['/orders/:id', { id: '%zz' }]);
    expect(found('HEAD', '/orders/7')).toEqual(['/orders/:id', { id: '7' }]);
    expect(found('DELETE', '/orders/7')).toEqual(['GET', 'HEAD', 'OPTIONS']);
    expect(found('POST', '/orders/import')).toEqual(['GET', 'HEAD', 'OPTIONS']);
    expect(found('GET', '/orders//items')).toEqual([]);
    expect(found('GET', '/orders/1/2/3')).toEqual([]);
    expect(found('GET', '/')).toEqual(['/', {}]);
    expect(() => new RouteTable([route('get', '/a/:b'), route('get', '/a/:c')])).toThrow('declared twice');
  });

  test('/api is an alias of /api/v1; unknown paths are 404, known ones with another method 405', async () => {
    const { api, create } = setUp();
    const { id } = await create();
    await api.get(`/api/v1/things/${id}`).set(as('viewer')).expect(200);
    await api.get(`/api/things/${id}`).set(as('viewer')).expect(200);
    const missing = await api.get('/api/v1/nothing?secret=1').set(as('viewer')).expect(404);
    expect(missing.body).toEqual({
      error: { code: 'NOT_FOUND', message: 'Nothing is found at /api/v1/nothing', requestId: missing.headers['x-request-id'] },
    });
    const wrong = await api.put(`/api/v1/things/${id}`).set(as('viewer')).send({}).expect(405);
    expect(wrong.headers['allow']).toBe('GET, PATCH, DELETE, HEAD, OPTIONS');
    expect(wrong.body.error.code).toBe('METHOD_NOT_ALLOWED');
    const options = await api.options(`/api/v1/things/${id}`).expect(204);
    expect(options.headers['allow']).toContain('PATCH');
  });

  test('HEAD answers the headers of GET', async () => {
    const { api, create } = setUp();
    const { id } = await create();
    const head = await api.head(`/api/v1/things/${id}`).set(as('viewer')).expect(200);
    expect(head.headers['etag']).toBe('"1"');
    expect(Number(head.headers['content-length'])).toBeGreaterThan(20);
    expect(head.text).toBeUndefined();
  });
});

describe('who may', () => {
  test('401 without a valid token, 403 without the permission, and the body is not even read', async () => {
    const { api, resource } = setUp();
    const anonymous = await api.post('/api/v1/things').set('Content-Type', 'application/json').send('{ not json').expect(401);
    expect(anonymous.headers['www-authenticate']).toBe('Bearer');
    expect(anonymous.body.error.code).toBe('UNAUTHENTICATED');
    await api.get('/api/v1/things').set('Authorization', 'Bearer nobody').expect(401);
    const refused = await api
      .post('/api/v1/things')
      .set(as('viewer'))
      .set('Content-Type', 'application/json')
      .send('{ not json')
      .expect(403);
    expect(refused.body.error).toMatchObject({ code: 'FORBIDDEN', details: { permission: 'catalogue:write' } });
    expect(resource.calls).toBe(0);
  });

  test('handlers run in the context of the caller', async () => {
    const { api } = setUp();
    const { body, headers } = await api.get('/api/v1/context').set(as('staff')).set('X-Request-Id', 'my-id_1').expect(200);
    expect(body).toMatchObject({ organizationId, requestId: 'my-id_1' });
    expect(headers['x-request-id']).toBe('my-id_1');
    const open = await api.post('/api/v1/things/open').send({ name: 'x' }).expect(200);
    expect(open.body).toEqual({ actor: 'anonymous', organization: null });
  });

  test('a session the database no longer accepts is read afresh once, then refused', async () => {
    let stale = 1;
    let runs = 0;
    const endpoint = get(
      '/stale',
      { operationId: 'stale', summary: 'Stale', tag: 'Things', allow: 'signed-in', returns: shape({ ok: text(5) }) },
      async () => {
        runs++;
        if (stale-- > 0) throw new StaleSession('QM401');
        return { ok: 'yes' };
      },
    );
    const { app, forgotten } = testApp([endpoint]);
    await request(app).get('/api/v1/stale').set(as('admin')).expect(200);
    expect([runs, forgotten.length]).toEqual([2, 1]);
    stale = 2;
    const { body } = await request(app).get('/api/v1/stale').set(as('admin')).expect(401);
    expect(body.error.code).toBe('UNAUTHENTICATED');
    expect(runs).toBe(4);
  });

  test('a refusal for want of a right is believed when a fresh look at the session says the same', async () => {
    let runs = 0;
    let stamp = 1;
    let widened = false;
    const endpoint = post(
      '/refused',
      { operationId: 'refuse', summary: 'Refuse', tag: 'Things', allow: 'signed-in', returns: shape({ ok: text(5) }) },
      async ({ principal }) => {
        runs++;
        if (principal.session.stamp < 2) throw new StoreForbidden('Not this store');
        return { ok: 'yes' };
      },
    );
    const known = { userId: newId(), organizationId, role: 'admin' as const, permissions: permissionsOf('admin') };
    const sessionId = newId();
    const authenticate = () => Promise.resolve({ ...known, session: { id: sessionId, stamp } });
    const forgetSession = () => void (stamp += widened ? 1 : 0);
    const { app } = testApp([endpoint], { authenticate, forgetSession });
    await request(app).post('/api/v1/refused').expect(403);
    expect(runs).toBe(1);
    widened = true;
    await request(app).post('/api/v1/refused').expect(200);
    expect(runs).toBe(3);
  });
});

describe('input', () => {
  test('issues of params, query and body come in one answer', async () => {
    const { api } = setUp();
    const { body } = await api
      .patch('/api/v1/things/not-an-id?x=1')
      .set(as('admin'))
      .send({ name: '', price: '1.23456', other: true })
      .expect(400);
    expect(body.error.code).toBe('INVALID_INPUT');
    expect(issuePaths(body).sort()).toEqual(['body.name', 'body.other', 'body.price', 'params.thingId', 'query.x']);
    expect(body.error.message).toContain('(and 4 more)');
  });

  test.each([
    ['?kind=big&kind=small', 'query.kind', 'is given more than once'],
    ['?kind[ne]=big', 'query.kind[ne]', 'parameters with brackets are not taken'],
    ['?kind[]=big', 'query.kind[]', 'parameters with brackets are not taken'],
    ['?colour=red', 'query.colour', 'is not a known name here'],
    ['?pageSize=0', 'query.pageSize', 'must be greater than or equal to 1'],
    ['?pageSize=201', 'query.pageSize', 'must be less than or equal to 200'],
    ['?pageSize=abc', 'query.pageSize', 'must be a number'],
    ['?sort=price', 'query.sort', 'must be one of name, -name'],
    ['?kind=huge', 'query.kind', 'must be one of big, small'],
    ['?q=%00', 'query.q', 'must not contain NUL or half a surrogate pair'],
    ['?page=1&cursor=abc', 'query', 'takes either cursor or page, not both'],
    ['?__proto__=1', 'query.__proto__', 'is not a known name here'],
  ])('query %s is refused clearly', async (query, path, message) => {
    const { api } = setUp();
    const { body } = await api.get(`/api/v1/things${query}`).set(as('viewer')).expect(400);
    expect(body.error.details.issues).toEqual([{ path, message }]);
  });

  test('a missing body is an empty one: what is required is named', async () => {
    const { api } = setUp();
    const { body } = await api.post('/api/v1/things').set(as('admin')).expect(400);
    expect(body.error.details.issues).toEqual([{ path: 'body.name', message: 'is required' }]);
  });
});

describe('versions', () => {
  test('ETag, 304, If-Match', async () => {
    const { api, create } = setUp();
    const { id } = await create();
    const url = `/api/v1/things/${id}`;
    const read = await api.get(url).set(as('viewer')).expect(200);
    expect(read.headers['etag']).toBe('"1"');
    for (const tag of ['"1"', 'W/"1"', '"7", "1"', '*']) {
      const unchanged = await api.get(url).set(as('viewer')).set('If-None-Match', tag).expect(304);
      expect(unchanged.headers['etag']).toBe('"1"');
      expect(unchanged.text).toBe('');
    }
    await api.get(`${url}/live`).set(as('viewer')).set('If-None-Match', '"1"').expect(200);
    const change = (tag: string) => api.patch(url).set(as('admin')).set('If-Match', tag).send({ name: 'Lamp 2' });
    const changed = await change('"1"').expect(200);
    expect(changed.headers['etag']).toBe('"2"');
    expect((await change('"1"').expect(412)).body.error.code).toBe('VERSION_MISMATCH');
    await change('W/"2"').expect(200);
    await change('*').expect(200);
    for (const garbage of ['3', '"x"', '"1", "2"', '""', '"99999999999999999999"']) {
      expect((await change(garbage).expect(400)).body.error.details.issues[0].path).toBe('headers.if-match');
    }
    await api.get(url).set(as('viewer')).set('If-None-Match', '"1"').expect(200);
  });

  test('JSON text of the database is sent as it is, with its ETag', async () => {
    const { api, create } = setUp();
    const { id } = await create();
    const { body, headers } = await api.get('/api/v1/things/latest').set(as('viewer')).expect(200);
    expect(body.id).toBe(id);
    expect(headers['etag']).toBe('"1"');
  });
});

describe('idempotency', () => {
  test('a repeated request is answered from what was stored', async () => {
    const { api, resource } = setUp();
    const send = (name: string, query = '') =>
      api.post(`/api/v1/things${query}`).set(as('admin')).set('Idempotency-Key', 'key-1').send({ name });
    const first = await send('Lamp').expect(201);
    const second = await send('Lamp').expect(201);
    expect(second.text).toBe(first.text);
    expect(second.headers['idempotency-replayed']).toBe('true');
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    for (const header of ['etag', 'location']) expect(second.headers[header]).toBe(first.headers[header]);
    expect(resource.calls).toBe(1);
    const other = await send('Chair').expect(422);
    expect(other.body.error.code).toBe('IDEMPOTENCY_KEY_REUSED');
    const alias = await api.post('/api/things').set(as('admin')).set('Idempotency-Key', 'key-1').send({ name: 'Lamp' }).expect(201);
    expect(alias.text).toBe(first.text);
  });

  test('a refusal is not stored', async () => {
    const { api, resource } = setUp();
    const send = (body: object) => api.post('/api/v1/things').set(as('admin')).set('Idempotency-Key', 'key-2').send(body);
    await send({}).expect(400);
    await send({ name: 'Lamp' }).expect(201);
    expect(resource.calls).toBe(1);
  });

  test('what runs before counts repeated requests too, and may refuse', async () => {
    const { api, resource } = setUp();
    const send = (name: string) => api.post('/api/v1/things/counted').set(as('admin')).set('Idempotency-Key', 'key-3').send({ name });
    const first = await send('Lamp').expect(200);
    const second = await send('Lamp').expect(200);
    expect([second.text, second.headers['idempotency-replayed']]).toEqual([first.text, 'true']);
    await send('Refused').expect(404);
    expect(resource.calls).toBe(3);
  });

  test.each(['', ' ', 'ä', 'a b', 'x'.repeat(256)])('key %j is refused', async (key) => {
    const { api } = setUp();
    const { body } = await api
      .post('/api/v1/things')
      .set(as('admin'))
      .set('Idempotency-Key', Buffer.from(key, 'utf8').toString('latin1'))
      .send({ name: 'x' })
      .expect(400);
    expect(body.error.details.issues[0].path).toBe('headers.idempotency-key');
  });

  test('a service that keeps the key itself gets key and fingerprint of the bytes', async () => {
    const { api } = setUp();
    const own = (key?: string) => {
      const call = api.post('/api/things/own').set(as('admin')).set('Content-Type', 'application/json');
      return (key === undefined ? call : call.set('Idempotency-Key', key)).send('{"name": "x"}').expect(200);
    };
    expect((await own('k')).body).toEqual({ key: 'k', fingerprint: sha256('POST\n/api/v1/things/own\n\n{"name": "x"}') });
    expect((await own()).body).toEqual({ key: null, fingerprint: null });
  });
});

test('nothing: 204 without a body', async () => {
  const { api, create } = setUp();
  const { id } = await create();
  const { text: body, headers } = await api.delete(`/api/v1/things/${id}`).set(as('admin')).expect(204);
  expect(body).toBe('');
  expect(headers['content-type']).toBeUndefined();
  await api.get(`/api/v1/things/${newId()}`).set(as('admin')).expect(404);
});

test('where answers are checked, one that is not as declared is a 500 with the difference', async () => {
  const { api, resource } = setUp();
  const { body } = await api.get('/api/v1/wrong').expect(500);
  expect(body.error.code).toBe('RESPONSE_MISMATCH');
  expect(issuePaths(body)).toEqual(['response.text', 'response.extra']);
  const { app } = testApp(resource.endpoints, { config: { checkResponses: false } });
  await request(app).get('/api/v1/wrong').expect(200);
});
