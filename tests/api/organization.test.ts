import { changesOf, insertProduct } from '../support/owner-rows';
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
    await insertProduct(app, member.organizationId);
    const { body } = await mine().patch('/organization').send({ currency: 'JPY' }).expect(409);
    expect(body.error.code).toBe('CURRENCY_FIXED');
  });

  it('is the administrator’s', async () => {
    await app.setRole(member, 'manager');
    await mine().get('/organization').expect(200);
    await mine().patch('/organization').send({ name: 'Taken over' }).expect(403);
  });
});
