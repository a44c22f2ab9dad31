import { newId } from '../../src/kernel/ids';
import { type Requests, type SignedUp, startTestApp, type TestApp } from '../support/app';

let app: TestApp;
let owner: SignedUp;
let admin: Requests;
beforeAll(async () => {
  app = await startTestApp();
  owner = await app.signUp({ currency: 'GBP' });
  admin = app.as(owner.token);
});
afterAll(() => app.close());

interface Verdicts {
  created: number;
  rejected: number;
  verdicts: Array<{ index: number; status: string; id?: string; error?: { code: string; message: string } }>;
}
const bulk = async (rows: readonly unknown[], mode: 'atomic' | 'continue' = 'continue', by = admin): Promise<Verdicts> =>
  (await by.post('/customers/bulk', { mode, rows }).expect(200)).body as Verdicts;
const codes = ({ verdicts }: Verdicts): Array<string | undefined> => verdicts.map(({ error }) => error?.code);
const leeds = { line1: '12 Mill Lane', city: 'Leeds', country: 'United Kingdom' };

describe('many customers at once', () => {
  it('are the same as if each was created alone, with one event each, whose personal part lies apart', async () => {
    const full = { name: 'Ada', email: 'ADA@example.com', code: 'K1', paymentTerms: 'Net 14', creditLimit: '99.5', billingAddress: leeds };
    const { verdicts } = await bulk([full, { name: 'Grace' }], 'atomic');
    const [ada, grace] = verdicts;
    expect((await admin.get(`/customers/${ada!.id}`).expect(200)).body).toMatchObject({
      name: 'Ada',
      email: 'ada@example.com',
      code: 'K1',
      paymentTerms: 14,
      creditLimit: '99.50',
      billingAddress: { line1: '12 Mill Lane', line2: null, city: 'Leeds', country: 'GB' },
      shippingAddress: null,
      country: 'GB',
      version: 1,
    });
    expect((await admin.get(`/customers/${grace!.id}`).expect(200)).body).toMatchObject({ name: 'Grace', email: null, paymentTerms: 30 });
    const events = await app.sql(
      `SELECT e.type, e.after, d.data->'after'->>'name' AS name FROM events e
       JOIN event_personal_data d ON d.organization_id = e.organization_id AND d.event_id = e.id WHERE e.aggregate_id = ANY ($1) ORDER BY name`,
      [[ada!.id, grace!.id]],
    );
    expect(events).toEqual([
      { type: 'customer.created', after: { country: 'GB', paymentTerms: 14, creditLimit: '99.5' }, name: 'Ada' },
      { type: 'customer.created', after: { country: null, paymentTerms: 30, creditLimit: null }, name: 'Grace' },
    ]);
  });

  it('continue: each row has its own verdict; an address that comes twice goes to the first', async () => {
    const answer = await bulk([
      { name: 'A', email: 'twice@example.com', code: 'T1' },
      { name: 'B', email: 'Twice@example.com' },
      { name: 'C', code: 'T1', email: 'c@example.com' },
      { name: 'D', email: 'c@example.com' },
      { name: 'E', email: 'ada@example.com' },
      { email: 'nameless@example.com' },
      { name: 'F', creditLimit: '1.005' },
      { name: 'G', country: 'Atlantis' },
      7,
    ]);
    expect(answer).toMatchObject({ created: 2, rejected: 7 });
    expect(codes(answer)).toEqual([
      undefined,
      'DUPLICATE',
      'DUPLICATE',
      undefined,
      'DUPLICATE',
      'INVALID_INPUT',
      'INVALID_INPUT',
      'INVALID_INPUT',
      'INVALID_INPUT',
    ]);
    expect(answer.verdicts[1]!.error!.message).toContain('twice@example.com');
  });

  it('atomic: one refused row refuses them all; an Idempotency-Key makes a repetition safe', async () => {
    const count = async () => (await app.sql('SELECT count(*) FROM customers'))[0];
    const before = await count();
    const key = newId();
    const rows = [
      { name: 'H', email: 'h@example.com' },
      { name: 'I', email: 'h@example.com' },
    ];
    const { body } = await admin.post('/customers/bulk', { rows }).set('Idempotency-Key', key).expect(422);
    expect(body.error).toMatchObject({
      code: 'ROWS_REJECTED',
      details: { rejected: 1, rows: [{ index: 1, error: { code: 'DUPLICATE' } }] },
    });
    expect(await count()).toEqual(before);
    const first = await admin
      .post('/customers/bulk', { rows: [rows[0]] })
      .set('Idempotency-Key', key)
      .expect(200);
    const again = await admin
      .post('/customers/bulk', { rows: [rows[0]] })
      .set('Idempotency-Key', key)
      .expect(200);
    expect(again.body).toEqual(first.body);
    expect(again.headers['idempotency-replayed']).toBe('true');
  });

  it('C-7: the same rows by ten at once are created once', async () => {
    const rows = Array.from({ length: 40 }, (_, n) => ({ name: `Race ${n}`, email: `race${n}@example.com`, code: `R${n}` }));
    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => bulk(n % 2 === 0 ? rows : [...rows].reverse())));
    expect(answers.reduce((sum, { created }) => sum + created, 0)).toBe(40);
    expect(answers.flatMap(codes).filter((code) => code !== undefined && code !== 'DUPLICATE')).toEqual([]);
  });

  it('up to a thousand', async () => {
    const rows = Array.from({ length: 1_001 }, (_, n) => ({ name: `Customer ${n}`, email: `n${n}@example.com` }));
    await admin.post('/customers/bulk', { rows }).expect(400);
    expect(await bulk(rows.slice(1), 'atomic')).toMatchObject({ created: 1_000 });
  });

  it('need the permission that one customer needs; addresses of another organization are free', async () => {
    for (const [role, status] of [
      ['staff', 200],
      ['viewer', 403],
      ['customer', 403],
    ] as const) {
      const member = app.as(await app.member(owner.organizationId, role));
      await member.post('/customers/bulk', { rows: [{ name: 'Mine' }] }).expect(status);
    }
    const stranger = app.as((await app.signUp()).token);
    expect(await bulk([{ name: 'Ada', email: 'ada@example.com', code: 'K1' }], 'atomic', stranger)).toMatchObject({ created: 1 });
  });
});
