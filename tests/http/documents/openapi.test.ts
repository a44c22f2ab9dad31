import request from 'supertest';
import { get, post, type AnyEndpoint } from '../../../src/http/endpoint';
import { parseInput, type Issue } from '../../../src/http/fields/field';
import { openapi } from '../../../src/http/documents/openapi';
import { shape } from '../../../src/http/fields/fields';
import { as, info, testApp } from '../support';
import { things } from '../things';

type Json = Record<string, unknown>;
const { endpoints } = things();
const document = openapi(endpoints, info);
// oxlint-disable-next-line typescript/no-explicit-any -- the document is free JSON
const paths = document['paths'] as Record<string, Record<string, any>>;

/** Every $ref of the document. */
function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === '$ref' ? [inner as string] : references(inner)));
}

test('every reference leads somewhere, and every named schema is used', () => {
  const all = references(document);
  for (const path of all) {
    const target = path
      .slice(2)
      .split('/')
      .reduce<unknown>((at, key) => (at as Json)[key], document);
    expect([path, typeof target]).toEqual([path, 'object']);
  }
  const { schemas } = document['components'] as { schemas: Json };
  for (const name of Object.keys(schemas)) expect(all).toContain(`#/components/schemas/${name}`);
});

test('every route is there with its permission, parameters and failures by status', () => {
  const change = paths['/things/{thingId}']!['patch'];
  expect(change).toMatchObject({ operationId: 'changeThing', tags: ['Things'], 'x-permission': 'catalogue:write' });
  expect(change.description).toContain('`catalogue:write`');
  expect(change.parameters).toEqual([
    { name: 'thingId', in: 'path', required: true, description: 'Id of the thing.', schema: { type: 'string', format: 'uuid' } },
    { $ref: '#/components/parameters/IfMatch' },
  ]);
  expect(Object.keys(change.responses as Json)).toEqual(['200', '400', '401', '403', '404', '408', '412', '413', '415', '429', '503']);
  // A failure that comes alone is a component; several of one status are told together.
  const { responses } = document['components'] as { responses: Record<string, { description: string }> };
  expect(change.responses['404']).toEqual({ $ref: '#/components/responses/ThingNotFound' });
  expect(responses['ThingNotFound']).toMatchObject({ description: '`THING_NOT_FOUND`: No such thing' });
  expect(JSON.stringify(responses['ThingNotFound'])).toContain('"enum":["THING_NOT_FOUND"]');
  expect(change.responses['200'].headers.ETag).toBeDefined();

  const create = paths['/things']!['post'];
  expect(create.parameters).toEqual([{ $ref: '#/components/parameters/IdempotencyKey' }]);
  expect(create.requestBody.content['application/json']).toEqual({
    schema: { $ref: '#/components/schemas/NewThing' },
    example: { name: 'Lamp', price: '12.50' },
  });
  expect(create.responses['422']).toBeDefined();
  expect(create.responses['201'].headers['Idempotency-Replayed']).toBeDefined();

  const read = paths['/things/{thingId}']!['get'];
  expect(read.responses['304']).toBeDefined();
  expect(paths['/things/{thingId}/live']!['get'].responses['304']).toBeUndefined();

  const open = paths['/things/open']!['post'];
  expect(open.security).toEqual([]);
  expect(open.responses['401']).toBeUndefined();

  expect(paths['/upload']!['post'].responses['200'].content['application/x-ndjson']).toBeDefined();
  const list = paths['/things']!['get'].parameters as { name: string; schema: Json }[];
  expect(list.map(({ name }) => name)).toEqual(['pageSize', 'cursor', 'page', 'sort', 'kind', 'q']);
  expect(list[3]!.schema).toEqual({ type: 'string', enum: ['name', '-name'], default: 'name' });
});

test('what can be tried says what a trial answers', () => {
  const route = (fields: { status?: 201; returns: typeof answer | 'nothing' }) =>
    post('/x', { operationId: 'x', summary: '', tag: 'Things', allow: 'signed-in', dryRun: true, ...fields }, async () => ({}));
  const answer = shape({});
  const answersOf = (made: AnyEndpoint) =>
    // oxlint-disable-next-line typescript/no-explicit-any -- the document is free JSON
    (openapi([made], info)['paths'] as Record<string, any>)['/x'].post.responses as Record<string, { headers: Json; content?: Json }>;

  const created = answersOf(route({ status: 201, returns: answer }));
  expect(created['200']!.content).toEqual(created['201']!.content);
  // Nothing was made that could be changed or repeated.
  expect(Object.keys(created['200']!.headers)).toEqual(['X-Request-Id', 'RateLimit', 'RateLimit-Policy', 'Dry-Run']);
  expect(created['201']!.headers['Dry-Run']).toBeUndefined();
  expect(answersOf(route({ returns: answer }))['200']!.headers).toHaveProperty('Dry-Run');
  expect(answersOf(route({ returns: 'nothing' }))['204']!.headers).toHaveProperty('Dry-Run');
});

test('shapes say what is required and that nothing else is taken', () => {
  const { schemas } = document['components'] as { schemas: Record<string, Json> };
  expect(schemas['NewThing']).toMatchObject({ type: 'object', required: ['name'], additionalProperties: false });
  expect(schemas['ThingChanges']).toMatchObject({ minProperties: 1 });
  expect((schemas['NewThing']!['properties'] as Json)['price']).toMatchObject({ type: ['string', 'null'], default: null });
});

test('every example is valid input of its route', () => {
  for (const endpoint of endpoints) {
    if (endpoint.kind === 'stream' || endpoint.spec.example === undefined) continue;
    const issues: Issue[] = [];
    parseInput('example', endpoint.spec.body!.joi, endpoint.spec.example, issues);
    expect([endpoint.path, issues]).toEqual([endpoint.path, []]);
  }
});

test('mistakes in declarations are found when the document is made', () => {
  const route = (operationId: string, tag: string) =>
    get('/x', { operationId, summary: '', tag, allow: 'signed-in', returns: shape({}) }, async () => ({}));
  expect(() => openapi([route('a', 'Things'), route('a', 'Things')], info)).toThrow('used twice');
  expect(() => openapi([route('a', 'Unknown')], info)).toThrow('not described');
});

test('the document and its pages are served', async () => {
  const { app } = testApp(endpoints);
  const { body } = await request(app).get('/api/openapi.json').expect(200);
  expect(body).toEqual(JSON.parse(JSON.stringify(document)));
  expect((await request(app).get('/api/docs/swagger-ui-init.js').expect(200)).text).toContain('changeThing');
  await request(app).get('/api/docs/swagger-ui-bundle.js').set(as('admin')).expect(200);
  const page = await request(app).get('/api/redoc').expect(200);
  const [, script] = /<script src="([^"]+)">/.exec(page.text)!;
  const { headers } = page;
  expect(headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8' });
  expect(page.text).toContain('spec-url="/api/openapi.json"');
  expect(headers['content-security-policy']).toContain("default-src 'self'");
  // Nothing in it may be fetched from its maker's server: the page must work where there is no other host.
  expect((await request(app).get(script!).expect(200)).text).not.toMatch(/https?:\/\/cdn\./);
  await request(app).get('/api/redoc/nothing').expect(404);
});
