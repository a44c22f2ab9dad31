import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '../../src/kernel/ids';

export interface Answer {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever JSON the server answered; each test looks at what it knows to be there
  readonly body: any;
  readonly headers: Headers;
}

/** A client of a real server over the network. Answers of every status are values; only a broken connection throws. */
export class Client {
  constructor(
    private readonly port: number,
    readonly token: string = '',
  ) {}

  async send(
    method: 'GET' | 'POST' | 'PATCH',
    path: string,
    body?: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const response = await fetch(`http://127.0.0.1:${this.port}/api/v1${path}`, {
      method,
      headers: { 'Content-Type': 'application/json', ...(this.token !== '' && { Authorization: `Bearer ${this.token}` }), ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json(), headers: response.headers };
  }

  /** @throws Error when the answer has another status */
  async expect(status: number, ...request: Parameters<Client['send']>): Promise<Answer['body']> {
    const answer = await this.send(...request);
    if (answer.status !== status)
      throw new Error(`${request[0]} ${request[1]} answered ${answer.status}, not ${status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** Sends again, as a good client does, while the server is busy with the same key or asks to come back later. */
  async settle(...request: Parameters<Client['send']>): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      const answer = await this.send(...request);
      const passing = answer.status === 503 || answer.body?.error?.code === 'IDEMPOTENCY_IN_FLIGHT';
      if (!passing || attempt === 40) return answer;
      await sleep(250);
    }
  }

  /** An admin with an organization, and products of which there is so much. */
  static async withProducts(port: number, products: number, stock: number): Promise<{ client: Client; productIds: string[] }> {
    const credentials = { email: `${newId()}@example.com`, password: 'a passphrase for chaos', name: 'Chaos' };
    const { accessToken } = await new Client(port).expect(201, 'POST', '/auth/register', credentials);
    const client = new Client(port, accessToken as string);
    const productIds: string[] = [];
    await concurrently(products, 4, async (index) => {
      const product = { name: `Product ${index + 1}`, price: '10.00', cost: '4.00', initialStock: { quantity: String(stock) } };
      productIds.push((await client.expect(201, 'POST', '/products', product)).id as string);
    });
    return { client, productIds };
  }

  /** What the integrity check complains about. */
  async violations(): Promise<unknown[]> {
    const { healthy, invariants } = await this.expect(200, 'GET', '/integrity');
    const found = (invariants as Array<{ violations: number }>).filter(({ violations }) => violations > 0);
    return healthy === true ? found : [...found, 'unhealthy'];
  }
}

/** Runs the work for 0 … count − 1, so many at once. */
export async function concurrently(count: number, atOnce: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
