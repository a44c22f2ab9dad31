const LOGIN = { email: 'bench@example.com', password: 'a passphrase for the bench' };

/** What the bench asks of the application besides load. */
export class Api {
  constructor(
    private readonly port: number,
    readonly token = '',
  ) {}

  /** An admin with an organization of their own. */
  async register(organization: { currency?: string; timeZone?: string } = {}): Promise<{ token: string; organizationId: string }> {
    const body = { ...LOGIN, name: 'Bench', organizationName: 'Bench', ...organization };
    const answer = await this.call<{ accessToken: string; organization: { id: string } }>('POST', '/api/v1/auth/register', body);
    return { token: answer.accessToken, organizationId: answer.organization.id };
  }

  /** As that admin. */
  async signIn(): Promise<Api> {
    const { accessToken } = await this.call<{ accessToken: string }>('POST', '/api/v1/auth/login', LOGIN);
    return new Api(this.port, accessToken);
  }

  /** A path below /api/v1. */
  get<Answer>(path: string): Promise<Answer> {
    return this.call('GET', `/api/v1${path}`);
  }

  /** @returns the id of a new product with so many in stock */
  async createProduct(quantity: number): Promise<string> {
    const body = { name: `The last ${quantity}`, price: '10.00', cost: '4.00', initialStock: { quantity: String(quantity) } };
    return (await this.call<{ id: string }>('POST', '/api/v1/products', body)).id;
  }

  /** Paths of the first pages of a list, by their cursors. */
  async pages(path: string, count: number): Promise<string[]> {
    const paths = [path];
    while (paths.length < count) {
      const { pagination } = await this.call<{ pagination: { nextCursor: string | null } }>('GET', paths.at(-1)!);
      if (pagination.nextCursor === null) break;
      paths.push(`${path}&cursor=${encodeURIComponent(pagination.nextCursor)}`);
    }
    return paths;
  }

  async isSound(): Promise<boolean> {
    const report = await this.call<{ healthy: boolean; invariants: Array<{ id: string; violations: number; examples: unknown[] }> }>(
      'GET',
      '/api/v1/integrity',
    );
    for (const { id, violations, examples } of report.invariants)
      if (violations > 0) process.stderr.write(`${id}: ${violations} violations, such as ${JSON.stringify(examples[0])}\n`);
    return report.healthy;
  }

  private async call<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`, {
      method,
      headers: { 'Content-Type': 'application/json', ...(this.token !== '' && { Authorization: `Bearer ${this.token}` }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Answer;
  }
}
