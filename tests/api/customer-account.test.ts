import { newId } from '../../src/kernel/ids';
import { Accounts } from '../support/customer-accounts';

let accounts: Accounts;
beforeAll(async () => {
  accounts = await Accounts.open();
});
afterAll(() => accounts.app.close());

describe('the orders of a customer', () => {
  it('are listed like all orders, and nobody else’s', async () => {
    const [ada, grace] = [await accounts.customer('Ada'), await accounts.customer('Grace')];
    const first = await accounts.order(ada, 1, { notes: 'first' });
    const second = await accounts.order(ada, 2, { draft: true });
    await accounts.order(grace, 3);
    const list = async (query: string): Promise<string[]> =>
      ((await accounts.admin.get(`/customers/${ada}/orders?${query}`).expect(200)).body as { data: Array<{ id: string }> }).data.map(
        ({ id }) => id,
      );
    expect(await list('')).toEqual([second.id, first.id]);
    expect((await accounts.admin.get(`/customers/${ada}/orders`).expect(200)).body).toEqual(
      (await accounts.admin.get(`/orders?customerId=${ada}`).expect(200)).body,
    );
    expect(await list('status=draft')).toEqual([second.id]);
    expect(await list('sort=total&pageSize=1')).toEqual([first.id]);
    expect(await list(`q=${first.number}`)).toEqual([first.id]);
    await accounts.admin.get(`/customers/${ada}/orders?customerId=${grace}`).expect(400);
    expect((await accounts.admin.get(`/customers/${newId()}/orders`).expect(404)).body.error.code).toBe('CUSTOMER_NOT_FOUND');
  });
});

it('who may read orders may read accounts', async () => {
  const id = await accounts.customer('Secret');
  await accounts.goTo(0);
  for (const [role, status] of [
    ['staff', 200],
    ['viewer', 200],
  ] as const) {
    const member = accounts.app.as(await accounts.app.member(accounts.owner.organizationId, role));
    await member.get(`/customers/${id}/orders`).expect(status);
    await member.get(`/customers/${id}/statement`).expect(status);
  }
});
