import request from 'supertest';
import { postmanCollection, postmanEnvironment, type CollectionPlan } from '../../../src/http/documents/postman';
import { info, testApp } from '../support';
import { things } from '../things';

const { endpoints } = things();

interface Item {
  readonly name: string;
  readonly item?: readonly Item[];
  readonly event?: ReadonlyArray<{ readonly script: { readonly exec: readonly string[] } }>;
  readonly request: {
    readonly method: string;
    readonly auth?: { readonly type: string };
    readonly header: ReadonlyArray<{ readonly key: string; readonly value: string }>;
    readonly body?: { readonly raw?: string };
    readonly url: {
      readonly raw: string;
      readonly path: readonly string[];
      readonly query?: readonly object[];
      readonly variable?: readonly object[];
    };
  };
}

const plan: CollectionPlan = {
  variables: { baseUrl: 'http://localhost:3000/api/v1' },
  keep: { createThing: { thingId: 'id' } },
  flow: {
    name: 'Flow',
    description: 'Run it.',
    steps: [
      {
        operationId: 'createThing',
        name: 'Create',
        body: { name: 'Lamp {{$guid}}' },
        expect: { name: 'Lamp', 'tags.0': 'new', version: 1 },
      },
      { operationId: 'createThing', name: 'Twice', status: 409, expectHeaders: { 'Retry-After': '1' } },
      { operationId: 'listThings', name: 'List', parameters: { kind: 'big' }, keep: { firstId: 'data.0.id' } },
      { operationId: 'deleteThing', name: 'Delete', headers: { 'If-Match': '"1"' } },
    ],
  },
};
const folders = (value: object): readonly Item[] => (value as { item: readonly Item[] }).item;
const [flow, tagged] = folders(postmanCollection(endpoints, info, plan)) as [Item, Item];
const scriptOf = ({ event }: Item): readonly string[] => event?.[0]?.script.exec ?? [];

test('the flow comes first, numbered, and tests each answer', () => {
  expect(flow.item!.map(({ name }) => name)).toEqual(['01 Create', '02 Twice', '03 List', '04 Delete']);
  const [create, twice, list, remove] = flow.item!.map(scriptOf);
  expect(create).toEqual([
    `pm.test('answers 201', () => pm.response.to.have.status(201));`,
    'const answer = pm.response.json();',
    `pm.test("name is Lamp", () => pm.expect(answer?.["name"]).to.eql(pm.variables.replaceIn("Lamp")));`,
    `pm.test("tags.0 is new", () => pm.expect(answer?.["tags"]?.["0"]).to.eql(pm.variables.replaceIn("new")));`,
    `pm.test("version is 1", () => pm.expect(answer?.["version"]).to.eql(1));`,
    `pm.collectionVariables.set("thingId", answer?.["id"]);`,
  ]);
  expect(twice).toEqual([
    `pm.test('answers 409', () => pm.response.to.have.status(409));`,
    `pm.test("Retry-After is 1", () => pm.expect(pm.response.headers.get("Retry-After")).to.eql("1"));`,
  ]);
  expect(list?.at(-1)).toBe(`pm.collectionVariables.set("firstId", answer?.["data"]?.["0"]?.["id"]);`);
  expect(remove).toEqual([`pm.test('answers 204', () => pm.response.to.have.status(204));`]);
});

test('a request carries its body, headers, parameters and sign-in', () => {
  const [create, , list, remove] = flow.item!.map((item) => item.request);
  expect(create).toMatchObject({ method: 'POST', url: { raw: '{{baseUrl}}/things', path: ['things'] } });
  expect(JSON.parse(create!.body!.raw!)).toEqual({ name: 'Lamp {{$guid}}' });
  expect(create!.header.map(({ key, value }) => `${key}: ${value}`)).toEqual([
    'Content-Type: application/json',
    'Idempotency-Key: {{$guid}}',
  ]);
  expect(list!.url).toMatchObject({ raw: '{{baseUrl}}/things?kind=big', query: [{ key: 'kind', value: 'big', disabled: false }] });
  expect(remove).toMatchObject({ method: 'DELETE', header: [{ key: 'If-Match', value: '"1"' }] });
  expect(remove!.url.variable).toEqual([{ key: 'thingId', value: '{{thingId}}' }]);
  expect(create!.auth).toBeUndefined();
});

test('every operation is in the folder of its tag, with its example and its parameters switched off', () => {
  expect(tagged).toMatchObject({ name: 'Things', description: info.tags.Things });
  expect(tagged.item).toHaveLength(endpoints.length);
  const byName = (name: string): Item => tagged.item!.find((item) => item.name === `${name} of the test`)!;
  expect(JSON.parse(byName('createThing').request.body!.raw!)).toEqual({ name: 'Lamp', price: '12.50' });
  expect(scriptOf(byName('createThing'))).toContain(`pm.collectionVariables.set("thingId", pm.response.json()?.["id"]);`);
  expect(byName('listThings').request.url.query).toContainEqual({ key: 'kind', value: '', disabled: true });
  expect(tagged.item!.filter((item) => item.request.auth?.type === 'noauth').length).toBe(
    endpoints.filter(({ spec }) => spec.allow === 'public').length,
  );
});

test('a plan that names what is not declared is refused', () => {
  const unknown = { operationId: 'flyThing', name: 'Fly' };
  expect(() => postmanCollection(endpoints, info, { ...plan, keep: { flyThing: {} } })).toThrow('flyThing');
  expect(() => postmanCollection(endpoints, info, { ...plan, flow: { ...plan.flow, steps: [unknown] } })).toThrow('flyThing');
});

test('the environment names the server as the client reached it, and masks secrets', async () => {
  const { app } = testApp(endpoints);
  const { body } = await request(app).get('/api/postman-environment.json').set('Host', 'erp.example:8080').expect(200);
  expect(body).toEqual({
    name: 'Test',
    values: [
      { key: 'baseUrl', value: 'http://erp.example:8080/api/v1', type: 'default', enabled: true },
      { key: 'password', value: 'secret', type: 'secret', enabled: true },
    ],
    _postman_variable_scope: 'environment',
  });
  expect(postmanEnvironment('Empty', {}, [])).toMatchObject({ values: [] });
  expect((await request(app).get('/api/postman.json').expect(200)).body.info.schema).toContain('collection/v2.1.0');
});
