import { SettableClock } from '../../src/kernel/clock';
import { newId } from '../../src/kernel/ids';
import { PASSWORD, type Requests, type SignedUp, startTestApp, type TestApp } from './app';

export const DAY_MS = 86_400_000;
/** Days before today; all of them shorter ago than a session lasts. */
const today = Date.parse(`${new Date().toISOString().slice(0, 10)}T09:00:00Z`);
export const day = (ago: number): string => new Date(today - ago * DAY_MS).toISOString().slice(0, 10);

export interface Entry {
  id: string;
  type: 'order' | 'return' | 'payment' | 'refund';
  number: string | null;
  orderId: string | null;
  occurredAt: string;
  amount: string;
  change: string;
  balance: string;
}
export interface Statement {
  currency: string;
  currencies: string[];
  openingBalance: string;
  closingBalance: string;
  totals: Record<string, string>;
  data: Entry[];
  pagination: { nextCursor: string | null; total?: number };
}
export interface Order {
  id: string;
  number: string;
  balance: string;
  items: Array<{ id: string }>;
}
export const lines = ({ data }: Statement): string[] => data.map(({ type, change, balance }) => `${type} ${change} = ${balance}`);

/** An organization that sells lamps to customers, from four days ago on, and short words for what is entered on their accounts. */
export class Accounts {
  static async open(): Promise<Accounts> {
    const clock = new SettableClock(new Date(today - 4 * DAY_MS));
    const app = await startTestApp({ clock });
    const owner = await app.signUp({ currency: 'GBP', timeZone: 'UTC' });
    const admin = app.as(owner.token);
    const lamp = await idOf(admin, '/products', { name: 'Lamp', price: '10', quantity: 10_000 });
    return new Accounts(app, clock, owner, lamp, admin);
  }

  private constructor(
    readonly app: TestApp,
    readonly clock: SettableClock,
    readonly owner: SignedUp,
    readonly lamp: string,
    public admin: Requests,
  ) {}

  /** Goes on to another day; tokens are not as old as that. */
  async goTo(ago: number): Promise<void> {
    this.clock.set(new Date(today - ago * DAY_MS));
    const { body } = await this.app.http.post('/api/v1/auth/login').send({ email: this.owner.email, password: PASSWORD }).expect(200);
    this.admin = this.app.as((body as { accessToken: string }).accessToken);
  }

  idOf(path: string, body: object): Promise<string> {
    return idOf(this.admin, path, body);
  }
  customer(name: string): Promise<string> {
    return this.idOf('/customers', { name });
  }
  async order(customerId: string, quantity: number, fields: object = {}): Promise<Order> {
    const wanted = { customerId, items: [{ productId: this.lamp, quantity }], ...fields };
    return (await this.admin.post('/orders', wanted).expect(201)).body as Order;
  }
  async ship({ id }: Order): Promise<void> {
    await this.admin.patch(`/orders/${id}/status`, { status: 'confirmed' }).expect(200);
    await this.admin.patch(`/orders/${id}/status`, { status: 'shipped' }).expect(200);
  }
  async cancel({ id }: Order, body: object = {}): Promise<void> {
    await this.admin.post(`/orders/${id}/cancel`, { reason: 'test', ...body }).expect(200);
  }
  pay(orderId: string, amount: string): Promise<{ id: string }> {
    return this.below(orderId, 'payments', { method: 'card', amount, reference: 'slip' });
  }
  refund(orderId: string, amount: string, returnId?: string): Promise<{ id: string }> {
    return this.below(orderId, 'refunds', { reason: 'test', amount, ...(returnId !== undefined && { returnId }) });
  }
  giveBack({ id, items }: Order, quantity: number): Promise<{ id: string }> {
    return this.below(id, 'returns', { reason: 'test', items: [{ itemId: items[0]!.id, quantity, disposition: 'restock' }] });
  }
  async statement(customerId: string, query = '', by = this.admin): Promise<Statement> {
    return (await by.get(`/customers/${customerId}/statement?${query}`).expect(200)).body as Statement;
  }

  private async below(orderId: string, part: string, body: object): Promise<{ id: string }> {
    const answer = await this.admin.post(`/orders/${orderId}/${part}`, body).set('Idempotency-Key', newId());
    expect({ part, error: answer.body.error }).toEqual({ part, error: undefined });
    return (answer.body as Record<string, { id: string }>)[part.slice(0, -1)]!;
  }
}

const idOf = async (admin: Requests, path: string, body: object): Promise<string> =>
  ((await admin.post(path, body).set('Idempotency-Key', newId()).expect(201)).body as { id: string }).id;
