import { newId } from '../../src/kernel/ids';
import { type IdentityApp, type Member, startIdentityApp } from '../support/identity-app';

let app: IdentityApp;
let member: Member;
beforeAll(async () => {
  app = await startIdentityApp();
});
beforeEach(async () => {
  member = await app.signUp();
});
afterAll(() => app.close());

const mine = () => app.as(member.accessToken);
const events = (aggregateId: string) =>
  app.asOwner<{ type: string; before: unknown; after: unknown }>(
    'SELECT type, before, after FROM events WHERE aggregate_id = $1 ORDER BY aggregate_version',
    [aggregateId],
  );
/** What other modules leave behind, made as the owner of the tables. */
const insertProduct = async (organizationId: string): Promise<string> => {
  const id = newId();
  await app.asOwner(
    `INSERT INTO products (organization_id, id, sku, name, unit_id, price, currency, status)
     SELECT $1, $2::uuid, $2::uuid::text, 'Lamp', u.id, 5, 'USD', 'published' FROM units u WHERE u.organization_id = $1`,
    [organizationId, id],
  );
  await insertEvent(organizationId, 'product', id);
  return id;
};
const insertCategory = async (organizationId: string): Promise<string> => {
  const id = newId();
  await app.asOwner(
    `INSERT INTO categories (organization_id, id, code, name, path) VALUES ($1, $2::uuid, $2::uuid::text, 'Lamps', $2::uuid::text || '/')`,
    [organizationId, id],
  );
  await insertEvent(organizationId, 'category', id);
  return id;
};
const insertEvent = (organizationId: string, aggregate: string, id: string, after: object = {}) =>
  app.asOwner(
    `INSERT INTO events (organization_id, id, type, aggregate_type, aggregate_id, aggregate_version, after, actor_kind, occurred_at)
     VALUES ($1, $2, $3::text || '.created', $3::text, $4, 1, $5, 'system', now())`,
    [organizationId, newId(), aggregate, id, after],
  );
const insertDraft = async (organizationId: string, storeId: string, taxRateId: string | null): Promise<void> => {
  const orderId = newId();
  const productId = await insertProduct(organizationId);
  await app.asOwner(
    `INSERT INTO orders (organization_id, id, store_id, status, payment_status, currency, subtotal, total) VALUES ($1, $2, $3, 'draft', 'paid', 'USD', 0, 0)`,
    [organizationId, orderId, storeId],
  );
  await app.asOwner(
    `INSERT INTO order_lines (organization_id, id, order_id, line_number, product_id, sku, name, quantity, entered_quantity, unit, unit_price, gross, total, tax_rate_id)
     VALUES ($1, $2, $3, 1, $4, 'L', 'Lamp', 1, 1, 'pcs', 0, 0, 0, $5)`,
    [organizationId, newId(), orderId, productId, taxRateId],
  );
  await insertEvent(organizationId, 'order', orderId, { status: 'draft' });
};

describe('organization', () => {
  it('is read and changed under its version', async () => {
    const { body } = await mine().get('/organization').expect(200);
    expect(body).toMatchObject({ id: member.organizationId, currency: 'USD', timeZone: 'UTC', version: 1 });
    const changed = await mine()
      .patch('/organization')
      .set('If-Match', '"1"')
      .send({ name: 'Renamed', timeZone: 'Asia/Tokyo' })
      .expect(200);
    expect(changed.body).toMatchObject({ name: 'Renamed', timeZone: 'Asia/Tokyo', version: 2 });
    await mine().patch('/organization').set('If-Match', '"1"').send({ name: 'Again' }).expect(412);
    await mine().patch('/organization').send({ name: 'Renamed' }).expect(200);
    expect((await events(member.organizationId)).map(({ type }) => type)).toEqual(['organization.created', 'organization.updated']);
    await mine().patch('/organization').send({}).expect(400);
  });

  it('changes its currency, and that of its stores, while nothing is priced', async () => {
    await mine().patch('/organization').send({ currency: 'EUR' }).expect(200);
    expect((await mine().get(`/stores/${member.storeId}`)).body).toMatchObject({ currency: 'EUR', version: 2 });
    await insertProduct(member.organizationId);
    const { body } = await mine().patch('/organization').send({ currency: 'JPY' }).expect(409);
    expect(body.error.code).toBe('CURRENCY_FIXED');
  });

  it('is the administrator’s', async () => {
    await app.setRole(member, 'manager');
    await mine().get('/organization').expect(200);
    await mine().patch('/organization').send({ name: 'Taken over' }).expect(403);
  });
});

describe('stores', () => {
  const address = { line1: '1 Mill Lane', city: 'Leeds', postalCode: 'LS1 1AA', country: 'United Kingdom' };

  it('are created with the address completed and the country as its code', async () => {
    const created = await mine().post('/stores').send({ code: 'LEEDS', name: 'Leeds', kind: 'warehouse', address }).expect(201);
    expect(created.body).toMatchObject({
      code: 'LEEDS',
      kind: 'warehouse',
      currency: 'USD',
      address: { line1: '1 Mill Lane', line2: null, city: 'Leeds', region: null, postalCode: 'LS1 1AA', country: 'GB' },
      archivedAt: null,
      version: 1,
    });
    expect(created.headers).toMatchObject({ location: `/api/v1/stores/${created.body.id}`, etag: '"1"' });
    const read = await mine().get(`/stores/${created.body.id}`).expect(200);
    expect(read.body).toEqual(created.body);
    await mine().get(`/stores/${created.body.id}`).set('If-None-Match', '"1"').expect(304);
  });

  it('are listed oldest first, page by page', async () => {
    for (const code of ['B', 'C', 'A'])
      await mine()
        .post('/stores')
        .send({ code, name: `Store ${code}` })
        .expect(201);
    const first = await mine().get('/stores?pageSize=2').expect(200);
    expect(first.body.data.map((store: { code: string }) => store.code)).toEqual(['MAIN', 'B']);
    const second = await mine().get(`/stores?pageSize=2&cursor=${first.body.pagination.nextCursor}`).expect(200);
    expect(second.body.data.map((store: { code: string }) => store.code)).toEqual(['C', 'A']);
    expect(second.body.pagination.nextCursor).toBeNull();
    const numbered = await mine().get('/stores?page=1&sort=code').expect(200);
    expect(numbered.body.data.map((store: { code: string }) => store.code)).toEqual(['A', 'B', 'C', 'MAIN']);
    expect(numbered.body.pagination.total).toBe(4);
  });

  it('change under their version, and nothing is written when nothing changes', async () => {
    const path = `/stores/${member.storeId}`;
    const changed = await mine().patch(path).set('If-Match', '"1"').send({ name: 'Flagship', address }).expect(200);
    expect(changed.body).toMatchObject({ name: 'Flagship', address: { country: 'GB' }, version: 2 });
    await mine().patch(path).set('If-Match', '"1"').send({ name: 'Other' }).expect(412);
    await mine().patch(path).send({ name: 'Flagship', address }).expect(200);
    expect((await mine().patch(path).send({ address: null }).expect(200)).body).toMatchObject({ address: null, version: 3 });
    expect((await events(member.storeId)).map(({ type }) => type)).toEqual(['store.created', 'store.updated', 'store.updated']);
  });

  it('have codes of their own', async () => {
    await mine().post('/stores').send({ code: 'MAIN', name: 'Second' }).expect(409);
    const answers = await Promise.all(Array.from({ length: 10 }, () => mine().post('/stores').send({ code: 'SAME', name: 'Same' })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(9);
    await mine()
      .post('/stores')
      .send({ code: 'X', name: 'X', address: { ...address, country: 'Atlantis' } })
      .expect(400);
  });

  it('are deleted when never used, archived when used, and one always stays', async () => {
    const refused = await mine().delete(`/stores/${member.storeId}`).expect(409);
    expect(refused.body.error.code).toBe('LAST_STORE');
    const { body: second } = await mine().post('/stores').send({ code: 'TWO', name: 'Two' }).expect(201);
    await mine().delete(`/stores/${second.id}`).expect(204);
    await mine().get(`/stores/${second.id}`).expect(404);

    await mine().post('/stores').send({ code: 'THREE', name: 'Three' }).expect(201);
    await insertDraft(member.organizationId, member.storeId, null);
    await mine().delete(`/stores/${member.storeId}`).expect(204);
    const { body: archived } = await mine().get(`/stores/${member.storeId}`).expect(200);
    expect(archived).toMatchObject({ archivedAt: expect.any(String), version: 2 });
    expect((await events(member.storeId)).map(({ type }) => type)).toEqual(['store.created', 'store.archived']);
    expect((await mine().get('/stores?archived=true')).body.data).toHaveLength(1);
    expect((await mine().get('/stores')).body.data).toHaveLength(1);
    await mine().patch(`/stores/${member.storeId}`).send({ name: 'Back' }).expect(409);
    await mine().delete(`/stores/${member.storeId}`).expect(204);
  });

  it('keep one of two that are removed at the same moment', async () => {
    const { body: second } = await mine().post('/stores').send({ code: 'TWO', name: 'Two' }).expect(201);
    const answers = await Promise.all([mine().delete(`/stores/${member.storeId}`), mine().delete(`/stores/${second.id}`)]);
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([204, 409]);
  });

  it('replay a creation under the same key', async () => {
    const create = () => mine().post('/stores').set('Idempotency-Key', 'store-1').send({ code: 'ONCE', name: 'Once' });
    const first = await create().expect(201);
    const again = await create().expect(201);
    expect(again.body).toEqual(first.body);
    expect(again.headers['idempotency-replayed']).toBe('true');
  });

  it('are seen by viewers and changed by managers', async () => {
    await app.setRole(member, 'viewer');
    await mine().get('/stores').expect(200);
    await mine().post('/stores').send({ code: 'V', name: 'V' }).expect(403);
    await mine().delete(`/stores/${member.storeId}`).expect(403);
    await app.setRole(member, 'manager');
    await mine().post('/stores').send({ code: 'M', name: 'M' }).expect(201);
  });
});

describe('tax rates', () => {
  const vat = { name: 'VAT', rate: '20', isDefault: true };

  it('have one default, which moves in one step', async () => {
    const first = (await mine().post('/tax-rates').send(vat).expect(201)).body;
    expect(first).toMatchObject({ name: 'VAT', rate: '20', inclusive: false, isDefault: true, categoryIds: [], version: 1 });
    const second = (await mine().post('/tax-rates').send({ name: 'Reduced', rate: 5.5, inclusive: true, isDefault: true }).expect(201))
      .body;
    expect(second).toMatchObject({ rate: '5.5', isDefault: true });
    const list = (await mine().get('/tax-rates').expect(200)).body.data;
    expect(
      list.map(({ name, isDefault, version }: { name: string; isDefault: boolean; version: number }) => [name, isDefault, version]),
    ).toEqual([
      ['Reduced', true, 1],
      ['VAT', false, 2],
    ]);
    const moved = await mine().put(`/tax-rates/${first.id}`).set('If-Match', '"2"').send(vat).expect(200);
    expect(moved.body).toMatchObject({ isDefault: true, version: 3 });
    await mine().put(`/tax-rates/${first.id}`).set('If-Match', '"2"').send(vat).expect(412);
    expect((await events(second.id)).at(-1)).toEqual({
      type: 'tax_rate.updated',
      before: { isDefault: true },
      after: { isDefault: false },
    });
  });

  it('have one default also when many want to be it at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        mine()
          .post('/tax-rates')
          .send({ name: `Rate ${n}`, rate: `${n}`, isDefault: true }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 201));
    const { data } = (await mine().get('/tax-rates')).body;
    expect(data.filter(({ isDefault }: { isDefault: boolean }) => isDefault)).toHaveLength(1);
  });

  it('have names of their own and rates from 0 to 100', async () => {
    await mine().post('/tax-rates').send(vat).expect(201);
    await mine().post('/tax-rates').send({ name: 'VAT', rate: '7' }).expect(409);
    for (const rate of ['101', '-1', '1.23456', 'NaN']) await mine().post('/tax-rates').send({ name: 'Odd', rate }).expect(400);
  });

  it('belong to categories, whose own version and history tell it', async () => {
    const [lamps, chairs] = [await insertCategory(member.organizationId), await insertCategory(member.organizationId)] as const;
    const first = (
      await mine()
        .post('/tax-rates')
        .send({ name: 'A', rate: '1', categoryIds: [lamps, chairs] })
        .expect(201)
    ).body;
    expect(first.categoryIds).toEqual([lamps, chairs].sort());
    const second = (
      await mine()
        .post('/tax-rates')
        .send({ name: 'B', rate: '2', categoryIds: [chairs] })
        .expect(201)
    ).body;
    expect(second.categoryIds).toEqual([chairs]);
    expect((await mine().put(`/tax-rates/${first.id}`).send({ name: 'A', rate: '1' }).expect(200)).body).toMatchObject({
      categoryIds: [lamps],
      version: 1,
    });
    await mine().put(`/tax-rates/${second.id}`).send({ name: 'B', rate: '2', categoryIds: [] }).expect(200);
    expect(await events(chairs)).toEqual([
      expect.objectContaining({ type: 'category.created' }),
      { type: 'category.updated', before: { taxRateId: null }, after: { taxRateId: first.id } },
      { type: 'category.updated', before: { taxRateId: first.id }, after: { taxRateId: second.id } },
      { type: 'category.updated', before: { taxRateId: second.id }, after: { taxRateId: null } },
    ]);
    const refused = await mine()
      .post('/tax-rates')
      .send({ name: 'C', rate: '3', categoryIds: [newId()] })
      .expect(422);
    expect(refused.body.error).toMatchObject({ code: 'UNUSABLE_REFERENCE', details: { field: 'categoryIds' } });
    expect((await mine().get('/tax-rates?sort=-rate')).body.data.map(({ name }: { name: string }) => name)).toEqual(['B', 'A']);
  });

  it('are deleted when no order names them, archived when one does', async () => {
    const category = await insertCategory(member.organizationId);
    const unused = (
      await mine()
        .post('/tax-rates')
        .send({ name: 'Unused', rate: '1', categoryIds: [category] })
        .expect(201)
    ).body;
    await mine().delete(`/tax-rates/${unused.id}`).expect(204);
    expect((await mine().get('/tax-rates')).body.data).toEqual([]);

    const used = (await mine().post('/tax-rates').send(vat).expect(201)).body;
    await insertDraft(member.organizationId, member.storeId, used.id);
    await mine().delete(`/tax-rates/${used.id}`).expect(204);
    expect((await mine().get('/tax-rates?archived=true')).body.data).toEqual([
      expect.objectContaining({ id: used.id, isDefault: false, archivedAt: expect.any(String), version: 2 }),
    ]);
    await mine().put(`/tax-rates/${used.id}`).send(vat).expect(409);
    await mine().delete(`/tax-rates/${used.id}`).expect(204);
    await mine().post('/tax-rates').send(vat).expect(201);
  });

  it('are changed by managers only, and never by another organization', async () => {
    const other = await app.signUp();
    const theirs = (await app.as(other.accessToken).post('/tax-rates').send(vat).expect(201)).body;
    await mine().put(`/tax-rates/${theirs.id}`).send(vat).expect(404);
    await mine().delete(`/tax-rates/${theirs.id}`).expect(404);
    await app.setRole(member, 'staff');
    await mine().get('/tax-rates').expect(200);
    await mine().post('/tax-rates').send(vat).expect(403);
  });
});
