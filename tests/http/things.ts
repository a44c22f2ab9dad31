/** A small resource in memory: every feature of the kernel is used by one of its routes. */
import { del, get, patch, post, stream, type AnyEndpoint } from '../../src/http/endpoint';
import {
  id,
  int,
  list,
  money,
  named,
  nullable,
  oneOf,
  optional,
  partial,
  shape,
  text,
  withDefault,
  type Infer,
} from '../../src/http/fields/fields';
import { listQuery, pageOf } from '../../src/http/lists/paging';
import { answerPage, pageWanted } from '../../src/http/lists/raw-list';
import { rawJson, reply } from '../../src/http/reply';
import { failure } from '../../src/kernel/app-error';
import { VersionMismatch } from '../../src/kernel/common-errors';
import { currentContext } from '../../src/kernel/context';
import { newId } from '../../src/kernel/ids';
import type { RowKey } from '../../src/kernel/paging';

export class ThingNotFound extends failure('THING_NOT_FOUND', 404, 'No such thing') {}

const fields = { name: text(20), price: withDefault(nullable(money()), null), tags: optional(list(text(10), { max: 3 })) };
const newThing = named('NewThing', shape(fields));
const thingChanges = named('ThingChanges', partial(fields));
const thingView = named('Thing', shape({ id: id(), name: text(20), price: nullable(money()), version: int(1, 1e9) }));
const thingParams = shape({ thingId: id() });
const thingList = listQuery({ sort: ['name'], default: 'name' }, { kind: optional(oneOf('big', 'small')), q: optional(text(20)) });
type Thing = Infer<typeof thingView>;
type ThingList = Infer<typeof thingList>;

/** What readJsonPage() does in the database. */
function pageOfThings(things: Thing[], { pageSize, page, descending, seek }: ReturnType<typeof pageWanted<'name', ThingList>>) {
  const rows = things.sort((a, b) => (a.name < b.name ? -1 : 1));
  if (descending) rows.reverse();
  const backward = seek?.backward === true;
  const at = seek === undefined ? ((page ?? 1) - 1) * pageSize - 1 : rows.findIndex((row) => row.id === seek.values[1]);
  const beyond = backward ? rows.slice(0, at).reverse() : rows.slice(at + 1);
  const shown = beyond.slice(0, pageSize);
  if (backward) shown.reverse();
  const keyOf = ({ name, id: thingId }: Thing): RowKey => [name, thingId];
  const keys = shown.length === 0 ? undefined : { first: keyOf(shown[0]!), last: keyOf(shown.at(-1)!) };
  return { data: JSON.stringify(shown), hasMore: beyond.length > pageSize, keys, ...(page !== undefined && { total: rows.length }) };
}

const about = (operationId: string) => ({ operationId, summary: `${operationId} of the test`, tag: 'Things' });

export interface Things {
  readonly endpoints: AnyEndpoint[];
  readonly stored: Map<string, Thing>;
  /** How often a handler was called. */
  calls: number;
}

export function things(): Things {
  const stored = new Map<string, Thing>();
  const self: Things = { endpoints: [], stored, calls: 0 };
  const find = (thingId: string): Thing => {
    const thing = stored.get(thingId);
    if (thing === undefined) throw new ThingNotFound(`No thing ${thingId}`, { thingId });
    return thing;
  };

  self.endpoints.push(
    get(
      '/things',
      { ...about('listThings'), allow: 'catalogue:read', query: thingList, returns: pageOf('ThingPage', thingView) },
      async ({ query }) => {
        const wanted = pageWanted(query, { name: { kind: 'text' } });
        return answerPage<Thing>(pageOfThings([...stored.values()], wanted), wanted);
      },
    ),
    post(
      '/things',
      {
        ...about('createThing'),
        allow: 'catalogue:write',
        body: newThing,
        returns: thingView,
        status: 201,
        example: { name: 'Lamp', price: '12.50' },
      },
      async ({ body, request }) => {
        self.calls++;
        const thing: Thing = { id: newId(), name: body.name, price: body.price, version: 1 };
        stored.set(thing.id, thing);
        return reply(thing, { headers: { Location: `${request.path}/${thing.id}` } });
      },
    ),
    get('/things/latest', { ...about('latestThing'), allow: 'signed-in', returns: thingView }, async () => {
      const thing = [...stored.values()].at(-1)!;
      return rawJson<Thing>(JSON.stringify(thing), { version: thing.version });
    }),
    get(
      '/things/:thingId',
      { ...about('readThing'), allow: 'catalogue:read', params: thingParams, returns: thingView, fails: [ThingNotFound] },
      async ({ params }) => find(params.thingId),
    ),
    get(
      '/things/:thingId/live',
      { ...about('readLiveThing'), allow: 'catalogue:read', params: thingParams, returns: thingView, revalidate: false },
      async ({ params }) => find(params.thingId),
    ),
    patch(
      '/things/:thingId',
      {
        ...about('changeThing'),
        allow: 'catalogue:write',
        params: thingParams,
        body: thingChanges,
        returns: thingView,
        fails: [ThingNotFound, VersionMismatch],
      },
      async ({ params, body, expectedVersion }) => {
        const thing = find(params.thingId);
        if (expectedVersion !== undefined && expectedVersion !== thing.version)
          throw new VersionMismatch(`It is at version ${thing.version}`);
        const changed: Thing = { ...thing, name: body.name ?? thing.name, version: thing.version + 1 };
        stored.set(thing.id, changed);
        return changed;
      },
    ),
    del(
      '/things/:thingId',
      { ...about('deleteThing'), allow: 'catalogue:delete', params: thingParams, returns: 'nothing' },
      async ({ params }) => {
        stored.delete(params.thingId);
      },
    ),
    post(
      '/things/own',
      {
        ...about('ownKey'),
        allow: 'catalogue:write',
        body: newThing,
        returns: shape({ key: nullable(text(255)), fingerprint: nullable(text(64)) }),
        idempotency: 'own',
      },
      async ({ idempotency }) => ({
        key: idempotency?.key ?? null,
        fingerprint: idempotency?.fingerprint.toString('hex') ?? null,
      }),
    ),
    post(
      '/things/counted',
      {
        ...about('countThing'),
        allow: 'catalogue:write',
        body: newThing,
        returns: thingView,
        before: async ({ body }) => {
          self.calls++;
          if (body.name === 'Refused') throw new ThingNotFound('Refused before');
        },
      },
      async ({ body }) => ({ id: newId(), name: body.name, price: body.price, version: 1 }),
    ),
    post(
      '/things/open',
      { ...about('openThing'), allow: 'public', body: newThing, returns: shape({ actor: text(20), organization: nullable(id()) }) },
      async () => ({
        actor: currentContext().actor.kind,
        organization: currentContext().organizationId ?? null,
      }),
    ),
    get(
      '/context',
      {
        ...about('readContext'),
        allow: 'signed-in',
        returns: shape({ actor: id(), requestId: text(64), organizationId: id(), session: id() }),
      },
      async () => {
        const { actor, requestId, organizationId, session } = currentContext();
        return { actor: actor.id!, requestId: requestId!, organizationId: organizationId!, session: session!.id };
      },
    ),
    get('/large', { ...about('large'), allow: 'public', returns: shape({ text: text(10_000) }) }, async () => ({
      text: 'quartermaster '.repeat(300).trim(),
    })),
    get('/wrong', { ...about('wrong'), allow: 'public', returns: shape({ text: text(10), extra: optional(int(1, 2)) }) }, async () => ({
      text: 'far longer than declared',
      extra: 3,
    })),
    get('/fault', { ...about('fault'), allow: 'signed-in', returns: 'nothing' }, async () => {
      throw new Error('SELECT * FROM secret_table at /srv/app.js:1');
    }),
    stream(
      '/upload',
      {
        ...about('upload'),
        allow: 'catalogue:write',
        limits: { bytes: 1000, seconds: 1 },
        accepts: ['text/csv'],
        line: shape({ bytes: int(0, 1e9) }),
      },
      async ({ body, writeLine }) => {
        for await (const chunk of body) await writeLine({ bytes: (chunk as Buffer).length });
      },
    ),
  );
  return self;
}
