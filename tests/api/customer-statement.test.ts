import { Decimal, sum, ZERO } from '../../src/kernel/decimal';
import { PASSWORD } from '../support/app';
import { Accounts, DAY_MS, day, lines, type Entry, type Order } from '../support/customer-accounts';

let accounts: Accounts;
beforeAll(async () => {
  accounts = await Accounts.open();
});
afterAll(() => accounts.app.close());

describe('the statement of a customer', () => {
  it('runs through orders, payments, returns and refunds by date', async () => {
    const id = await accounts.customer('Ada Byron');
    await accounts.goTo(4);
    const first = await accounts.order(id, 5);
    await accounts.order(id, 9, { draft: true });
    await accounts.goTo(3);
    await accounts.pay(first.id, '20');
    await accounts.pay(first.id, '30');
    await accounts.ship(first);
    await accounts.goTo(2);
    const back = await accounts.giveBack(first, 2);
    const second = await accounts.order(id, 1);
    await accounts.goTo(1);
    await accounts.refund(first.id, '20', back.id);

    const whole = await accounts.statement(id);
    expect(lines(whole)).toEqual([
      'order 50.00 = 50.00',
      'payment -20.00 = 30.00',
      'payment -30.00 = 0.00',
      'return -20.00 = -20.00',
      'order 10.00 = -10.00',
      'refund 20.00 = 10.00',
    ]);
    expect(whole).toMatchObject({
      customer: { id, name: 'Ada Byron' },
      currency: 'GBP',
      currencies: ['GBP'],
      timeZone: 'UTC',
      from: null,
      to: null,
      openingBalance: '0.00',
      closingBalance: '10.00',
      totals: { orders: '60.00', payments: '50.00', returns: '20.00', refunds: '20.00' },
    });
    expect(whole.data[0]).toMatchObject({ id: first.id, number: first.number, orderId: first.id, amount: '50.00' });
    expect(whole.data[1]).toMatchObject({ number: 'slip', orderId: first.id });
    expect(whole.data[3]).toMatchObject({ id: back.id, number: expect.stringMatching(/./), orderId: first.id, amount: '20.00' });
    expect(second.balance).toBe('10.00');

    const part = await accounts.statement(id, `from=${day(3)}&to=${day(2)}`);
    expect(part).toMatchObject({
      from: day(3),
      to: day(2),
      openingBalance: '50.00',
      closingBalance: '-10.00',
      totals: { orders: '10.00', payments: '50.00', returns: '20.00', refunds: '0.00' },
    });
    expect(lines(part)).toEqual(lines(whole).slice(1, 5));
    expect(await accounts.statement(id, `from=${day(0)}`)).toMatchObject({ openingBalance: '10.00', closingBalance: '10.00', data: [] });
    await accounts.admin.get(`/customers/${id}/statement?from=${day(1)}&to=${day(2)}`).expect(400);
    await accounts.admin.get(`/customers/${id}/statement?from=yesterday`).expect(400);
  });

  it('is read page by page, from either end, with the same balances', async () => {
    const id = await accounts.customer('Pages');
    const { id: orderId } = await accounts.order(id, 9);
    for (let n = 1; n <= 6; n++) await accounts.pay(orderId, `${n}.25`);
    const whole = await accounts.statement(id);
    const entries: Entry[] = [];
    let cursor = '';
    do {
      const page = await accounts.statement(id, `pageSize=3${cursor}`);
      entries.push(...page.data);
      expect(page.closingBalance).toBe(whole.closingBalance);
      cursor = page.pagination.nextCursor === null ? '' : `&cursor=${page.pagination.nextCursor}`;
    } while (cursor !== '');
    expect(entries).toEqual(whole.data);
    expect((await accounts.statement(id, 'sort=-occurredAt')).data).toEqual([...whole.data].reverse());
    const numbered = await accounts.statement(id, 'page=2&pageSize=4');
    expect(numbered.data).toEqual(whole.data.slice(4));
    expect(numbered.pagination.total).toBe(7);
  });

  it('what is cancelled is not owed, and what was paid for it is owed to the customer until it is refunded', async () => {
    const id = await accounts.customer('Cancelled');
    const { id: paid, ...rest } = await accounts.order(id, 4);
    await accounts.pay(paid, '40');
    await accounts.cancel({ id: paid, ...rest });
    expect(lines(await accounts.statement(id))).toEqual(['payment -40.00 = -40.00']);
    await accounts.refund(paid, '40');
    expect((await accounts.statement(id)).closingBalance).toBe('0.00');
    const part = await accounts.order(id, 4);
    await accounts.cancel(part, { items: [{ itemId: part.items[0]!.id, quantity: 1 }] });
    expect((await accounts.statement(id)).closingBalance).toBe('30.00');
    await accounts.cancel(await accounts.order(id, 2));
    expect((await accounts.statement(id)).closingBalance).toBe('30.00');
  });

  it('a refund out of kindness changes nothing; a refund for a return of unpaid goods is owed', async () => {
    const id = await accounts.customer('Kindness');
    const paid = await accounts.order(id, 4);
    await accounts.pay(paid.id, '40');
    await accounts.refund(paid.id, '15');
    expect(lines(await accounts.statement(id))).toEqual(['order 40.00 = 40.00', 'payment -40.00 = 0.00', 'refund 0.00 = 0.00']);
    await accounts.ship(paid);
    await accounts.giveBack(paid, 1);
    // The return explains 10.00 of the 15.00.
    expect(lines(await accounts.statement(id)).slice(2)).toEqual(['refund 10.00 = 10.00', 'return -10.00 = 0.00']);

    const half = await accounts.order(id, 4);
    await accounts.pay(half.id, '20');
    await accounts.ship(half);
    const back = await accounts.giveBack(half, 1);
    await accounts.refund(half.id, '10', back.id);
    expect((await accounts.statement(id)).closingBalance).toBe('20.00');
  });

  it('days are those of the organization', async () => {
    const far = await accounts.app.signUp({ currency: 'NZD', timeZone: 'Pacific/Auckland' });
    const by = accounts.app.as(far.token);
    const product = (await by.post('/products', { name: 'Lamp', price: '10', quantity: 10 }).expect(201)).body as { id: string };
    const customer = (await by.post('/customers', { name: 'Kiri' }).expect(201)).body as { id: string };
    const ordered = new Date(accounts.clock.now());
    const local = new Intl.DateTimeFormat('en-CA', { timeZone: 'Pacific/Auckland' }).format(ordered);
    await by.post('/orders', { customerId: customer.id, items: [{ productId: product.id, quantity: 1 }] }).expect(201);
    expect((await accounts.statement(customer.id, `from=${local}&to=${local}`, by)).data).toHaveLength(1);
    const dayBefore = new Date(Date.parse(local) - DAY_MS).toISOString().slice(0, 10);
    expect(await accounts.statement(customer.id, `to=${dayBefore}`, by)).toMatchObject({
      data: [],
      closingBalance: '0.00',
      timeZone: 'Pacific/Auckland',
    });
    expect((await accounts.admin.get(`/customers/${customer.id}/statement`).expect(404)).body.error.code).toBe('CUSTOMER_NOT_FOUND');
  });

  it('is of one currency, and of the stores that the member may see', async () => {
    const id = await accounts.customer('Two shops');
    const eur = await accounts.idOf('/stores', { code: 'EU', name: 'Europe', currency: 'EUR' });
    await accounts.order(id, 1);
    const foreign = await accounts.admin.post('/orders', {
      customerId: id,
      storeId: eur,
      items: [{ productId: accounts.lamp, quantity: 1 }],
    });
    expect(foreign.status).toBe(422); // a product is sold in its own currency
    const other = await accounts.idOf('/stores', { code: 'B', name: 'Second' });
    await accounts.admin
      .post('/inventory/adjust-stock', { productId: accounts.lamp, storeId: other, quantity: 5, reason: 'found' })
      .expect(200);
    const there = await accounts.order(id, 2, { storeId: other });
    await accounts.pay(there.id, '5');
    expect(await accounts.statement(id)).toMatchObject({ closingBalance: '25.00', currencies: ['GBP'] });
    expect(await accounts.statement(id, 'currency=eur')).toMatchObject({ currency: 'EUR', closingBalance: '0.00', data: [] });

    const token = await accounts.app.member(accounts.owner.organizationId, 'manager');
    const limited = accounts.app.as(token);
    const { id: userId } = (await limited.get('/auth/me').expect(200)).body as { id: string };
    await accounts.app.sql(
      `WITH m AS (UPDATE memberships SET limited_to_stores = true WHERE organization_id = $1 AND user_id = $2 RETURNING organization_id, user_id)
       INSERT INTO membership_stores (organization_id, user_id, store_id) SELECT organization_id, user_id, $3 FROM m`,
      [accounts.owner.organizationId, userId, other],
    );
    expect(lines(await accounts.statement(id, '', limited))).toEqual(['order 20.00 = 20.00', 'payment -5.00 = 15.00']);
    expect((await limited.get(`/customers/${id}/orders`).expect(200)).body.data).toHaveLength(1);
  });

  it('counts imported sales, returns and refunds that name no order', async () => {
    const rows = [
      'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country',
      '900001,A,Lamp,4,2011-06-01 09:00:00,12.50,901.0,France',
      'C900002,A,Lamp,-1,2011-06-03 09:00:00,12.50,901.0,France',
    ];
    await accounts.app.http
      .post('/api/v1/orders/import?mapping=online-retail')
      .set(
        'Authorization',
        `Bearer ${(await accounts.app.http.post('/api/v1/auth/login').send({ email: accounts.owner.email, password: PASSWORD })).body.accessToken}`,
      )
      .set('Content-Type', 'text/csv')
      .serialize((body: unknown) => body as string)
      .send(`${rows.join('\n')}\n`)
      .expect(200);
    const { body } = await accounts.admin.get('/customers?q=901').expect(200);
    const [{ id }] = body.data as [{ id: string }];
    const imported = await accounts.statement(id);
    expect(imported).toMatchObject({
      closingBalance: '0.00',
      totals: { orders: '50.00', payments: '50.00', returns: '12.50', refunds: '12.50' },
    });
    expect(
      imported.data
        .map(({ type }) => type)
        .slice(0, 2)
        .sort(),
    ).toEqual(['order', 'payment']);
    expect(await accounts.statement(id, 'to=2011-06-02')).toMatchObject({ closingBalance: '0.00', totals: { returns: '0.00' } });
  });

  it('adds up, whatever was done in whatever order', async () => {
    const id = await accounts.customer('Anything');
    let seed = 7;
    const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
    const orders: Order[] = [];
    for (let n = 0; n < 6; n++) {
      const placed = await accounts.order(id, 2 + random(5));
      orders.push(placed);
      await accounts.pay(placed.id, `${1 + random(19)}.${random(10)}5`);
      if (n % 2 === 0) await accounts.ship(placed);
      if (n % 2 === 0) await accounts.giveBack(placed, 1);
      if (n % 4 === 1) await accounts.cancel(placed, { items: [{ itemId: placed.items[0]!.id, quantity: 1 }] });
      if (n % 3 !== 2) await accounts.refund(placed.id, '0.75');
    }
    const whole = await accounts.statement(id);
    const changes = whole.data.map(({ change }) => new Decimal(change));
    expect(sum(changes).toFixed(2)).toBe(whole.closingBalance);
    let balance = ZERO;
    for (const [index, entry] of whole.data.entries()) {
      balance = balance.plus(changes[index]!);
      expect(entry.balance).toBe(balance.toFixed(2));
    }
    // By the tables: what is owed, less what was paid and what came back and was not refunded, and other refunds as far as something was to be refunded.
    const rows = await accounts.app.sql<Record<'owed' | 'returned' | 'paid' | 'others', string>>(
      `SELECT (total - cancelled_amount)::text AS owed, paid_amount::text AS paid, (refunded_amount - f.for_returns)::text AS others,
         ((SELECT coalesce(sum(r.total), 0) FROM returns r WHERE r.order_id = o.id) - f.for_returns)::text AS returned
       FROM orders o, LATERAL (SELECT coalesce(sum(f.amount), 0) AS for_returns FROM refunds f WHERE f.order_id = o.id AND f.return_id IS NOT NULL) f
       WHERE customer_id = $1 AND status <> 'draft'`,
      [id],
    );
    const expected = rows.map(({ owed, returned, paid, others }) => {
      const due = new Decimal(owed).minus(returned).minus(paid);
      return due.plus(Decimal.min(others, Decimal.max(ZERO, due.negated())));
    });
    expect(whole.closingBalance).toBe(sum(expected).toFixed(2));
    expect(rows).toHaveLength(6);
    // Each order's balance is its part of it, where that is not owed to the customer.
    const { body } = await accounts.admin.get(`/customers/${id}/orders`).expect(200);
    const balances = sum(body.data.map((one: { balance: string }) => new Decimal(one.balance)));
    expect(balances.toFixed(2)).toBe(sum(expected.map((due) => Decimal.max(ZERO, due))).toFixed(2));
  });
});
