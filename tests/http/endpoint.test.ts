/** What the compiler refuses in a declaration; the tests below only run what it accepts. */
import { get, post, type Call, type KeyedCall, type PublicCall } from '../../src/http/endpoint';
import { id, int, named, nullable, optional, partial, shape, text, withDefault, type Infer } from '../../src/http/fields/fields';
import { rawJson, replay, reply } from '../../src/http/reply';

const params = shape({ thingId: id() });
const body = shape({ name: text(20), size: withDefault(int(1, 9), 1), note: optional(nullable(text(9))) });
const changes = partial({ name: text(20), size: withDefault(int(1, 9), 1) });
const view = named('TypedThing', shape({ name: text(20), version: int(1, 9) }));
type View = Infer<typeof view>;

const controller = {
  read: async ({ params: { thingId } }: Call<{ params: Infer<typeof params> }>) => rawJson<View>(`{"name":"${thingId}"}`, { version: 1 }),
  create: async ({ body: { name, size }, principal, idempotency }: KeyedCall<{ body: Infer<typeof body> }>) =>
    reply({ name: `${name}${principal.role}${idempotency?.key ?? ''}`, version: size }, { status: 201 }),
  register: async ({ body: { name } }: PublicCall<{ body: Infer<typeof body> }>) => ({ name, version: 1 }),
  incomplete: async () => ({ name: 'x' }),
};
const about = { operationId: 'x', summary: 'x', tag: 'x' };

const accepted = [
  get('/a/:thingId', { ...about, allow: 'catalogue:read', params, returns: view }, controller.read),
  post('/b', { ...about, allow: 'catalogue:write', body, returns: view, status: 201, idempotency: 'own' }, controller.create),
  post('/c', { ...about, allow: 'public', body, returns: view }, controller.register),
  post('/d', { ...about, allow: 'signed-in', body: changes, returns: 'nothing' }, async (call) => {
    const name: string | undefined = call.body.name;
    void [name, call.principal.userId];
  }),
];

const refused = () => [
  // @ts-expect-error a public call has no principal
  post('/e', { ...about, allow: 'public', body, returns: view }, controller.create),
  // @ts-expect-error the answer lacks its version
  get('/f', { ...about, allow: 'signed-in', returns: view }, controller.incomplete),
  // @ts-expect-error no such permission
  get('/g', { ...about, allow: 'catalogue:burn', returns: view }, controller.register),
  // @ts-expect-error a word the declaration does not know
  get('/h', { ...about, allow: 'signed-in', returns: 'nothing', failures: [] }, async () => undefined),
  // @ts-expect-error allow is required
  get('/i', { ...about, returns: 'nothing' }, async () => undefined),
];

test('POST of signed-in callers shares idempotency unless said otherwise; nothing else takes keys', () => {
  expect(accepted.map(({ idempotency }) => idempotency)).toEqual(['none', 'own', 'none', 'shared']);
  expect(refused).not.toThrow();
});

test('a stored answer is sent again as it was', () => {
  const answer = { status: 201, body: '{"name":"x"}', headers: { ETag: '"1"' } };
  expect(replay<View>(answer)).toMatchObject({ text: answer.body, options: { status: 201, headers: answer.headers, replayed: true } });
});
