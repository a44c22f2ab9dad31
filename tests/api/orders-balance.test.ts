import { newId } from '../../src/kernel/ids';
import { startTestApp, type TestApp } from '../support/app';
import { openShop, type Shop } from '../support/shop';

/** What of an order is still owed when goods and money have come back, in any order, and who owes it. */
let app: TestApp;
let shop: Shop;

beforeAll(async () => {
  app = await startTestApp();
  shop = await openShop(app);
});
afterAll(() => app.close());

const codeOf = (answer: { body: { error: { code: string } } }): string => answer.body.error.code;

const customer = async (creditLimit?: string): Promise<string> =>
  ((await shop.admin.post('/customers', { name: `Buyer ${newId()}`, creditLimit }).expect(201)).body as { id: string }).id;

interface Bought {
  readonly id: string;
  readonly itemId: string;
  readonly customerId: string;
}

/** Twelve of 10.00 each, shipped to a customer, and so much of it paid. */
async function bought(paid = '0', creditLimit?: string): Promise<Bought> {
  const customerId = await customer(creditLimit);
  const order = await shop.order([[await shop.product(12), 12]], { customerId });
  await shop.move(order.id, 'confirmed', 'shipped');
  if (paid !== '0') await shop.post(order.id, 'payments', { amount: paid, method: 'card' }).expect(201);
  return { id: order.id, itemId: order.items[0].id, customerId };
}

const giveBack = async ({ id, itemId }: Bought, quantity: string): Promise<string> => {
  const { body } = await shop.post(id, 'returns', { items: [{ itemId, quantity }], reason: 'unwanted' }).expect(201);
  return body.return.id;
};

/** The balance by the order itself, by the list of orders, and by the customer's statement, which may owe something to the customer. */
async function balances({ id, customerId }: Bought): Promise<string[]> {
  const [order, list, statement] = await Promise.all([
    shop.admin.get(`/orders/${id}`).expect(200),
    shop.admin.get(`/customers/${customerId}/orders`).expect(200),
    shop.admin.get(`/customers/${customerId}/statement`).expect(200),
  ]);
  return [order.body.balance, list.body.data[0].balance, statement.body.closingBalance];
}

describe('goods that came back are no longer owed', () => {
  test('ORD-12: an unpaid order that was returned takes no payment and makes room in the credit limit', async () => {
    const order = await bought('0', '120.00');
    await giveBack(order, '12');
    const { body } = await shop.admin.get(`/orders/${order.id}`).expect(200);
    expect(body).toMatchObject({
      balance: '0.00',
      returnedAmount: '120.00',
      returnRefundedAmount: '0.00',
      paymentStatus: 'unpaid',
      fulfilmentStatus: 'returned',
    });
    expect(await balances(order)).toEqual(['0.00', '0.00', '0.00']);
    const refusal = await shop.post(order.id, 'payments', { amount: '120.00', method: 'card' }).expect(409);
    expect(refusal.body.error).toMatchObject({ code: 'PAYMENT_EXCEEDS_BALANCE', details: { balance: '0.00' } });
    await shop.order([[await shop.product(12), 12]], { customerId: order.customerId });
  });

  test('a partly paid order is paid once the unpaid goods came back', async () => {
    const order = await bought('60.00');
    await giveBack(order, '6');
    expect((await shop.admin.get(`/orders/${order.id}`)).body).toMatchObject({ balance: '0.00', paymentStatus: 'paid' });
    expect(await balances(order)).toEqual(['0.00', '0.00', '0.00']);
  });

  test('money given back for them is owed no more than once: whoever is refunded for a return and kept the rest still owes the rest', async () => {
    const order = await bought('60.00');
    const returnId = await giveBack(order, '6');
    await shop.post(order.id, 'refunds', { returnId, reason: 'returned' }).expect(201);
    expect(await balances(order)).toEqual(['60.00', '60.00', '60.00']);
    await shop.post(order.id, 'payments', { amount: '60.01', method: 'card' }).expect(409);
    await shop.post(order.id, 'payments', { method: 'card' }).expect(201);
    expect(await balances(order)).toEqual(['0.00', '0.00', '0.00']);
  });

  test('a paid order owes nothing: returned, refunded for it, refunded before it, refunded out of kindness', async () => {
    const order = await bought('120.00');
    await shop.post(order.id, 'refunds', { amount: '30.00', reason: 'late' }).expect(201);
    expect(await balances(order)).toEqual(['0.00', '0.00', '0.00']);
    const returnId = await giveBack(order, '6');
    expect(await balances(order)).toEqual(['0.00', '0.00', '-30.00']);
    await shop.post(order.id, 'refunds', { returnId, amount: '30.00', reason: 'returned' }).expect(201);
    expect(await balances(order)).toEqual(['0.00', '0.00', '0.00']);
    await giveBack(order, '6');
    await shop.post(order.id, 'refunds', { reason: 'the rest' }).expect(201);
    expect(await balances(order)).toEqual(['0.00', '0.00', '0.00']);
  });

  test('MON-8: half of an odd amount cancelled and the other half returned is the whole, not a cent more', async () => {
    const product = await shop.product(2, { price: '10.005' });
    const customerId = await customer();
    const { id, items } = await shop.order([[product, 2]], { customerId });
    const order = { id, itemId: items[0].id, customerId };
    const one = { items: [{ itemId: order.itemId, quantity: '1' }] };
    await shop.post(id, 'cancel', { ...one, reason: 'one too many' }).expect(200);
    await shop.post(id, 'shipments', one).expect(201);
    expect(await balances(order)).toEqual(['10.01', '10.01', '10.01']);
    await giveBack(order, '1');
    const { body } = await shop.admin.get(`/orders/${id}`).expect(200);
    expect(body).toMatchObject({ total: '20.01', cancelledAmount: '10.00', returnedAmount: '10.01' });
    expect(await balances(order)).toEqual(['0.00', '0.00', '0.00']);
  });

  test('two payments at once for what is left after a return: one of them', async () => {
    const order = await bought();
    await giveBack(order, '6');
    const answers = await Promise.all([1, 2].map(() => shop.post(order.id, 'payments', { amount: '60.00', method: 'card' })));
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 409]);
  });
});

describe('who owes an order', () => {
  const items = async (id: string): Promise<object[]> =>
    (await shop.admin.get(`/orders/${id}`)).body.items.map((item: { id: string; productId: string; quantity: string }) => ({
      id: item.id,
      productId: item.productId,
      quantity: item.quantity,
    }));

  test('ORD-12: taking the customer off an order is not tested against a limit; giving it another one is', async () => {
    const customerId = await customer('120.00');
    const order = await shop.order([[await shop.product(12), 12]], { customerId });
    const { body } = await shop.admin.put(`/orders/${order.id}`, { items: await items(order.id) }).expect(200);
    expect(body).toMatchObject({ customer: null, total: '120.00' });
    const poor = await customer('119.99');
    const refusal = await shop.admin.put(`/orders/${order.id}`, { customerId: poor, items: await items(order.id) }).expect(409);
    expect(codeOf(refusal)).toBe('CREDIT_LIMIT_EXCEEDED');
    const back = await shop.admin.put(`/orders/${order.id}`, { customerId, items: await items(order.id) }).expect(200);
    expect(back.body.customer.id).toBe(customerId);
    await shop.admin.put(`/orders/${order.id}`, { customerName: 'Somebody', items: await items(order.id) }).expect(200);
  });

  test('an order with payments keeps its customer: they are in the customer’s account', async () => {
    const [first, second] = [await customer(), await customer()];
    const order = await shop.order([[await shop.product(12), 3]], { customerId: first });
    await shop.post(order.id, 'payments', { amount: '10.00', method: 'cash' }).expect(201);
    for (const buyer of [{ customerId: second }, { customerName: 'Somebody' }, {}]) {
      const refusal = await shop.admin.put(`/orders/${order.id}`, { ...buyer, items: await items(order.id) }).expect(409);
      expect(refusal.body.error).toMatchObject({ code: 'CUSTOMER_HAS_PAID', details: { customerId: first, paid: '10.00' } });
    }
    const changed = await shop.admin
      .put(`/orders/${order.id}`, { customerId: first, notes: 'kept', items: await items(order.id) })
      .expect(200);
    expect(changed.body).toMatchObject({ customer: { id: first }, notes: 'kept' });
  });

  test('CAT-3: nor does it lose a customer who was anonymised since: it can be changed on', async () => {
    const customerId = await customer();
    const order = await shop.order([[await shop.product(12), 3]], { customerId });
    await shop.post(order.id, 'payments', { amount: '10.00', method: 'cash' }).expect(201);
    await shop.admin.delete(`/customers/${customerId}`).expect(204);
    const change = { customerId, notes: 'by the door', items: await items(order.id) };
    const { body } = await shop.admin.put(`/orders/${order.id}`, change).expect(200);
    expect(body).toMatchObject({ customer: { id: customerId }, notes: 'by the door', paidAmount: '10.00' });
    const another = await shop.order([[await shop.product(12), 1]]);
    const refusal = await shop.admin.put(`/orders/${another.id}`, { customerId, items: await items(another.id) }).expect(422);
    expect(codeOf(refusal)).toBe('UNUSABLE_REFERENCE');
  });
});

describe('refunds that leave something to be understood', () => {
  test('PAY-1: a refund from one payment gives what is left of that payment', async () => {
    const order = await shop.order([[await shop.product(12), 10]]);
    const pay = async (amount: string): Promise<string> =>
      (await shop.post(order.id, 'payments', { amount, method: 'card' }).expect(201)).body.payment.id;
    const [smaller, larger] = [await pay('40.00'), await pay('60.00')];
    const { body } = await shop.post(order.id, 'refunds', { paymentId: smaller, reason: 'x' }).expect(201);
    expect(body).toMatchObject({ refunds: [{ paymentId: smaller, amount: '40.00' }], order: { refundedAmount: '40.00' } });
    expect(codeOf(await shop.post(order.id, 'refunds', { paymentId: smaller, reason: 'x' }).expect(409))).toBe('REFUND_EXCEEDS_PAID');
    const rest = await shop.post(order.id, 'refunds', { paymentId: larger, reason: 'x' }).expect(201);
    expect(rest.body).toMatchObject({ refunds: [{ amount: '60.00' }], order: { paymentStatus: 'refunded' } });
  });

  test('of a payment and a return together: what is left of both', async () => {
    const order = await bought('20.00');
    const [payment] = (await shop.admin.get(`/orders/${order.id}/payments`)).body.data;
    await shop.post(order.id, 'payments', { method: 'card' }).expect(201);
    const returnId = await giveBack(order, '6');
    const { body } = await shop.post(order.id, 'refunds', { paymentId: payment.id, returnId, reason: 'x' }).expect(201);
    expect(body.refunds).toMatchObject([{ paymentId: payment.id, returnId, amount: '20.00' }]);
  });

  test('the one return that is not paid back yet is meant, as far as it goes', async () => {
    const order = await bought('120.00');
    const first = await giveBack(order, '3');
    const refund = async (amount?: string) => (await shop.post(order.id, 'refunds', { amount, reason: 'x' }).expect(201)).body.refunds;
    expect(await refund('10.00')).toMatchObject([{ returnId: first, amount: '10.00' }]);
    expect(await refund('20.01')).toMatchObject([{ returnId: null }]); // 20.00 of the return were left
    expect(await refund('20.00')).toMatchObject([{ returnId: first }]);
    expect(await refund('0.01')).toMatchObject([{ returnId: null }]); // it is paid back
    const second = await giveBack(order, '1');
    const third = await giveBack(order, '1');
    expect(await refund('1.00')).toMatchObject([{ returnId: null }]); // one of two
    await shop.post(order.id, 'refunds', { returnId: third, reason: 'x' }).expect(201);
    expect(await refund('1.00')).toMatchObject([{ returnId: second }]);
  });
});
