import { changesOf, insertDraft } from '../support/owner-rows';
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
    await insertDraft(app, member.organizationId, member.storeId, null);
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
