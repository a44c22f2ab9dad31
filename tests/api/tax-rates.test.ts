import { newId } from '../../src/kernel/ids';
import { changesOf, insertCategory, insertDraft } from '../support/owner-rows';
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
const events = (aggregateId: string) => changesOf(app, aggregateId);

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
    const [lamps, chairs] = [await insertCategory(app, member.organizationId), await insertCategory(app, member.organizationId)] as const;
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
    const category = await insertCategory(app, member.organizationId);
    const unused = (
      await mine()
        .post('/tax-rates')
        .send({ name: 'Unused', rate: '1', categoryIds: [category] })
        .expect(201)
    ).body;
    await mine().delete(`/tax-rates/${unused.id}`).expect(204);
    expect((await mine().get('/tax-rates')).body.data).toEqual([]);

    const used = (await mine().post('/tax-rates').send(vat).expect(201)).body;
    await insertDraft(app, member.organizationId, member.storeId, used.id);
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
