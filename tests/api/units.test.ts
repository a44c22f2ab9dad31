import { newId } from '../../src/kernel/ids';
import { type Requests, type SignedUp, startTestApp, type TestApp } from '../support/app';

let app: TestApp;
let owner: SignedUp;
let admin: Requests;
beforeAll(async () => {
  app = await startTestApp();
  owner = await app.signUp();
  admin = app.as(owner.token);
});
afterAll(() => app.close());

interface Unit {
  id: string;
  code: string;
  version: number;
}
let count = 0;
const freshCode = (): string => `u${(count += 1)}`;
const box = (code: string) => ({ code, name: 'Box of 12', category: 'count', factor: '12', isWhole: true });
const created = async (body: object): Promise<Unit> => (await admin.post('/units', body).expect(201)).body as Unit;

describe('units', () => {
  it('are created, listed, replaced and deleted', async () => {
    const code = freshCode();
    const { body, headers } = await admin.post('/units', box(code)).expect(201);
    expect(body).toEqual({
      ...box(code),
      id: expect.any(String),
      version: 1,
      createdAt: expect.any(String),
      updatedAt: body.createdAt,
    });
    expect(headers['etag']).toBe('"1"');
    expect(headers['location']).toBe(`/api/v1/units/${body.id}`);

    const list = await admin.get(`/units?q=${code}`).expect(200);
    expect(list.body.data).toEqual([body]);

    const replaced = await admin.put(`/units/${body.id}`, { ...box(code), name: 'Dozen', factor: 12.5, isWhole: false }).expect(200);
    expect(replaced.body).toMatchObject({ name: 'Dozen', factor: '12.5', isWhole: false, version: 2 });

    await admin.delete(`/units/${body.id}`).expect(204);
    await admin.delete(`/units/${body.id}`).expect(404);
    const events = await app.sql(
      'SELECT type, aggregate_version, before, after FROM events WHERE aggregate_id = $1 ORDER BY aggregate_version',
      [body.id],
    );
    expect(events).toEqual([
      { type: 'unit.created', aggregate_version: 1, before: null, after: box(code) },
      {
        type: 'unit.updated',
        aggregate_version: 2,
        before: { name: 'Box of 12', factor: '12', isWhole: true },
        after: { name: 'Dozen', factor: '12.5', isWhole: false },
      },
      expect.objectContaining({ type: 'unit.deleted', aggregate_version: 3, after: null }),
    ]);
  });

  it('factor and isWhole have defaults in a new unit, not in a replacement', async () => {
    const code = freshCode();
    const unit = await created({ code, name: 'Hour', category: 'time' });
    expect(unit).toMatchObject({ factor: '1', isWhole: false });
    await admin.put(`/units/${unit.id}`, { code, name: 'Hour', category: 'time' }).expect(400);
  });

  it.each([
    ['a factor of zero', { factor: '0' }],
    ['a negative factor', { factor: '-1' }],
    ['a factor of 13 decimals', { factor: '0.1234567890123' }],
    ['a code with a blank', { code: 'a b' }],
    ['an unknown key', { colour: 'red' }],
  ])('refuse %s', async (_, wrong) => {
    const { body } = await admin.post('/units', { ...box(freshCode()), ...wrong }).expect(400);
    expect(body.error.code).toBe('INVALID_INPUT');
  });

  it('a code is unique in the organization, and free in another one', async () => {
    const code = freshCode();
    await created(box(code));
    const { body } = await admin.post('/units', box(code)).expect(409);
    expect(body.error.code).toBe('DUPLICATE');
    const other = await app.signUp();
    await app.as(other.token).post('/units', box(code)).expect(201);
  });

  it('nothing changes, nothing is written', async () => {
    const code = freshCode();
    const unit = await created(box(code));
    const { body } = await admin.put(`/units/${unit.id}`, { ...box(code), factor: '12.000' }).expect(200);
    expect(body.version).toBe(1);
  });

  it('once a product uses it, factor, category and isWhole are frozen and it cannot be deleted', async () => {
    const code = freshCode();
    const unit = await created(box(code));
    await admin.post('/products', { name: 'Eggs', unitId: unit.id }).expect(201);
    for (const change of [{ factor: '6' }, { category: 'eggs' }, { isWhole: false }]) {
      const { body } = await admin.put(`/units/${unit.id}`, { ...box(code), ...change }).expect(409);
      expect(body.error).toMatchObject({ code: 'UNIT_FROZEN', details: { products: 1 } });
    }
    const { body } = await admin.put(`/units/${unit.id}`, { ...box(code), name: 'Carton' }).expect(200);
    expect(body).toMatchObject({ name: 'Carton', version: 2 });
    const deletion = await admin.delete(`/units/${unit.id}`).expect(409);
    expect(deletion.body.error).toMatchObject({ code: 'UNIT_IN_USE', details: { products: 1, categories: 0 } });
  });

  it('a category that allows it keeps it from being deleted', async () => {
    const unit = await created(box(freshCode()));
    await admin.post('/categories', { name: 'Eggs', allowedUnitIds: [unit.id] }).expect(201);
    const { body } = await admin.delete(`/units/${unit.id}`).expect(409);
    expect(body.error.details).toEqual({ products: 0, categories: 1 });
  });

  it('honour If-Match', async () => {
    const code = freshCode();
    const unit = await created(box(code));
    await admin
      .put(`/units/${unit.id}`, { ...box(code), name: 'Other' })
      .set('If-Match', '"2"')
      .expect(412);
    await admin
      .put(`/units/${unit.id}`, { ...box(code), name: 'Other' })
      .set('If-Match', '"1"')
      .expect(200);
    await admin.delete(`/units/${unit.id}`).set('If-Match', '"1"').expect(412);
    await admin.delete(`/units/${unit.id}`).set('If-Match', '"2"').expect(204);
  });

  it('QTY-2: convert by code or id inside one category', async () => {
    await created({ code: 'kg', name: 'Kilogram', category: 'mass', factor: '1' });
    const pound = await created({ code: 'lb', name: 'Pound', category: 'mass', factor: '0.45359237' });
    const { body } = await admin.get(`/units/convert?from=${pound.id}&to=kg&quantity=2.5`).expect(200);
    expect(body).toMatchObject({ from: { code: 'lb' }, to: { code: 'kg' }, quantity: '2.5', result: '1.133981' });
    const across = await admin.get('/units/convert?from=kg&to=pcs&quantity=1').expect(422);
    expect(across.body.error.code).toBe('UNITS_NOT_CONVERTIBLE');
    const unknown = await admin.get('/units/convert?from=stone&to=kg&quantity=1').expect(422);
    expect(unknown.body.error).toMatchObject({ code: 'UNUSABLE_REFERENCE', details: { field: 'from', id: 'stone' } });
    await admin.get('/units/convert?from=pcs&to=pcs&quantity=0.5').expect(400);
    await admin.get('/units/convert?from=kg&to=lb').expect(400);
  });

  it('another organization sees none of them', async () => {
    const code = freshCode();
    const unit = await created(box(code));
    const stranger = app.as((await app.signUp()).token);
    const unknownId = newId();
    for (const send of [(id: string) => stranger.put(`/units/${id}`, box(code)), (id: string) => stranger.delete(`/units/${id}`)]) {
      const foreign = await send(unit.id).expect(404);
      const unknown = await send(unknownId).expect(404);
      expect(foreign.body.error.message.replace(unit.id, unknownId)).toBe(unknown.body.error.message);
      expect(foreign.body.error.code).toBe('UNIT_NOT_FOUND');
    }
    expect((await stranger.get(`/units?q=${code}`).expect(200)).body.data).toEqual([]);
    await stranger.get(`/units/convert?from=${unit.id}&to=pcs&quantity=1`).expect(422);
  });

  it.each([
    ['manager', 200, 201, 204],
    ['staff', 200, 403, 403],
    ['viewer', 200, 403, 403],
    ['customer', 200, 403, 403],
  ] as const)('%s may read: %i, create: %i, delete: %i', async (role, read, create, remove) => {
    const member = app.as(await app.member(owner.organizationId, role));
    const unit = await created(box(freshCode()));
    await member.get('/units').expect(read);
    await member.post('/units', box(freshCode())).expect(create);
    await member.put(`/units/${unit.id}`, box(unit.code)).expect(create === 201 ? 200 : 403);
    await member.delete(`/units/${unit.id}`).expect(remove);
  });
});
