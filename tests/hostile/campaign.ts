import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Agent, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as fc from 'fast-check';
import type { AnyField } from '../../src/http/fields/field';
import { createLimitedServer } from '../../src/http/server/server-limits';
import { type SignedUp, type TestApp } from '../support/app';
import { HOSTILE_REQUESTS, withValueAt } from './hostile-requests';
import { HOSTILE_VALUES } from './hostile-values';
import { inputsOf, operationsOf, placesOf, requestOf, type Input, type Operation } from './operations';
import { knownIds } from './known-ids';
import { complaintsAbout } from './verdict';
import { send, type Answer, type Request } from './wire';

export interface CampaignOptions {
  readonly app: TestApp;
  readonly seed: number;
  /** Inputs an operation: made from its shapes (half of them spoilt), and odd ones from the list (all of them when there are fewer). */
  readonly generated: number;
  readonly hostile: number;
  /** A fresh organization after so many operations: what was changed and deleted meanwhile would leave little to refuse. */
  readonly organizationEvery: number;
  /** Only operations whose name matches: to replay. */
  readonly only?: RegExp;
  readonly timeoutMs?: number;
}

/** As lines to read: what was wrong, what was sent, what was answered. */
export interface Finding {
  readonly kind: string;
  readonly text: string;
}

export interface CampaignReport {
  readonly operations: number;
  readonly requests: number;
  readonly findings: readonly Finding[];
  /** How often each status was answered. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Operations that never took anything: their inputs prove little. */
  readonly neverTaken: readonly string[];
  readonly slowest: { readonly operation: string; readonly input: string; readonly milliseconds: number };
}

const ORDER = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
/** What is tried last, because it ends the session or leaves nothing to try. */
const orderOf = ({ method, path }: Operation): number => ORDER.indexOf(method) + (/logout|revoke|archive|cancel/.test(path) ? 10 : 0);

/** I-1, I-2: sends each operation of the route table what it should take, what it nearly should, and what it never should. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignReport> {
  const server = createLimitedServer(options.app.express).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await new Campaign(options, server).run();
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

class Campaign {
  private readonly agent = new Agent({ keepAlive: true });
  private readonly port: number;
  private readonly findings: Finding[] = [];
  private readonly statuses: Record<string, number> = {};
  private readonly taken = new Set<string>();
  private readonly lines = new Map<string, AnyField>();
  private requests = 0;
  private slowest = { operation: '', input: '', milliseconds: 0 };
  private owner!: SignedUp;
  private token = '';

  constructor(
    private readonly options: CampaignOptions,
    server: Server,
  ) {
    this.port = (server.address() as AddressInfo).port;
  }

  async run(): Promise<CampaignReport> {
    const { app, only, organizationEvery } = this.options;
    const { operations, components } = operationsOf(app.container.endpoints);
    for (const { method, path, spec } of app.container.endpoints)
      if ('line' in spec) this.lines.set(`${method.toUpperCase()} ${path}`, spec.line);
    const chosen = operations.filter(({ name }) => only === undefined || only.test(name)).toSorted((a, b) => orderOf(a) - orderOf(b));
    for (const [index, operation] of chosen.entries()) {
      if (index % organizationEvery === 0) await this.settle(operations, components);
      await this.tryOut(operation, components);
    }
    this.agent.destroy();
    return {
      operations: chosen.length,
      requests: this.requests,
      findings: this.findings,
      statuses: this.statuses,
      neverTaken: chosen.map(({ name }) => name).filter((name) => !this.taken.has(name)),
      slowest: this.slowest,
    };
  }

  /** A new organization with a little of everything: what the declared examples make, with ids that exist. */
  private async settle(operations: readonly Operation[], components: ReturnType<typeof operationsOf>['components']): Promise<void> {
    const { app, seed } = this.options;
    this.owner = await app.signUp();
    this.token = this.owner.token;
    const as = app.as(this.token);
    const product = (await as.post('/products', { name: 'Lamp', price: '12.50', cost: '4', initialStock: { quantity: '1000' } })).body as {
      id: string;
    };
    await as.post('/customers', { name: 'Grace', email: 'grace@example.com' });
    await as.post('/orders', { items: [{ productId: product.id, quantity: '3' }] });
    const makers = operations.filter(
      ({ method, path, isPublic, body }) => method === 'POST' && !path.includes(':') && !isPublic && body !== undefined,
    );
    for (const operation of makers) {
      const inputs = fc.sample(inputsOf(operation, components, await this.ids()), { numRuns: 3, seed });
      for (const input of inputs) await send(this.port, this.agent, this.signed(operation, requestOf(operation, input)), 10_000);
    }
  }

  private async ids(): Promise<(field: string) => readonly string[]> {
    return knownIds(this.options.app, this.owner.organizationId);
  }

  private async tryOut(operation: Operation, components: ReturnType<typeof operationsOf>['components']): Promise<void> {
    const seed = this.options.seed ^ createHash('sha256').update(operation.name).digest().readInt32BE();
    const { generated } = this.options;
    const hostile = Math.min(this.options.hostile, HOSTILE_REQUESTS.length);
    const inputs = fc.sample(inputsOf(operation, components, await this.ids()), { numRuns: generated + hostile, seed });
    const places = placesOf(operation, components);
    const odds = fc.sample(fc.tuple(fc.nat(), fc.nat(), fc.nat()), { numRuns: generated, seed });

    for (let n = 0; n < generated; n++) {
      const spoilt = n % 2 === 1 && places.length > 0;
      const [place, value] = odds[n]!;
      const input = spoilt ? spoil(inputs[n]!, places[place % places.length]!, value) : inputs[n]!;
      await this.trySending(operation, spoilt ? 'spoilt' : 'as declared', requestOf(operation, input, headersFor(n)));
    }
    const start = Math.abs(seed) % HOSTILE_REQUESTS.length;
    for (let n = 0; n < hostile; n++) {
      const { name, make } = HOSTILE_REQUESTS[(start + n) % HOSTILE_REQUESTS.length]!;
      const request = make(operation, inputs[generated + n]!, places[n % Math.max(1, places.length)]);
      if (request !== undefined) await this.trySending(operation, name, request);
    }
  }

  private async trySending(operation: Operation, input: string, unsigned: Request): Promise<void> {
    const sent = this.signed(operation, unsigned);
    this.requests++;
    let answer: Answer;
    try {
      answer = await send(this.port, this.agent, sent, this.options.timeoutMs ?? 10_000);
    } catch (error) {
      this.found(operation, input, [`no answer: ${String(error)}`], sent, '');
      return;
    }
    this.statuses[answer.status] = (this.statuses[answer.status] ?? 0) + 1;
    if (answer.status < 300) this.taken.add(operation.name);
    if (answer.milliseconds > this.slowest.milliseconds)
      this.slowest = { operation: operation.name, input, milliseconds: answer.milliseconds };
    const complaints = complaintsAbout(sent, answer, this.lines.get(operation.name));
    if (complaints.length > 0) this.found(operation, input, complaints, sent, answer.text);
    if (answer.status === 401 && !operation.isPublic) this.token = await this.options.app.member(this.owner.organizationId, 'admin');
  }

  private signed(operation: Operation, request: Request): Request {
    const headers = operation.isPublic ? request.headers : { Authorization: `Bearer ${this.token}`, ...request.headers };
    const [upload] = operation.uploads;
    return upload === undefined || request.body !== undefined
      ? { ...request, headers }
      : { ...request, headers: { 'Content-Type': upload, ...headers }, body: '{"number":"1"}\n' };
  }

  private found(operation: Operation, input: string, complaints: readonly string[], sent: Request, answer: string): void {
    const body = sent.body === undefined ? '' : ` ${sent.body.toString().slice(0, 600)}`;
    const { Authorization: _secret, ...headers } = sent.headers;
    this.findings.push({
      kind: `${operation.name}: ${complaints[0]}`,
      text: [
        `${operation.name}, sent ${input}: ${complaints.join('; ')}`,
        `  ${sent.method} ${sent.target.slice(0, 300)} ${JSON.stringify(headers).slice(0, 300)}${body}`,
        `  ${answer.slice(0, 500)}`,
      ].join('\n'),
    });
  }
}

const spoil = (input: Input, place: readonly (string | number)[], pick: number): Input => {
  const { json } = HOSTILE_VALUES[pick % HOSTILE_VALUES.length]!;
  // Deleting is one way of spoiling.
  return withValueAt(input, place, pick % 7 === 0 ? undefined : json);
};

const headersFor = (n: number): Request['headers'] => ({
  ...(n % 5 === 2 && { 'Idempotency-Key': `campaign-${n}` }),
  ...(n % 7 === 3 && { 'If-Match': '"1"' }),
});
