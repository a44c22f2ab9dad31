import { apiDocument } from '../../src/description/api-document';
import { collectionPlan } from '../../src/description/postman-plan';
import type { AnyEndpoint, Endpoint } from '../../src/http/endpoint';
import { parseInput, type Issue } from '../../src/http/fields/field';
import { declaredEndpoints } from './declared';

let endpoints: readonly AnyEndpoint[];

beforeAll(async () => {
  endpoints = await declaredEndpoints();
});

const routes = (): Endpoint[] => endpoints.filter((endpoint): endpoint is Endpoint => endpoint.kind === 'json');
const named = ({ method, path }: AnyEndpoint): string => `${method.toUpperCase()} ${path}`;

function issuesOf({ spec }: Endpoint, body: unknown): Issue[] {
  const issues: Issue[] = [];
  parseInput('body', spec.body!.joi, body, issues);
  return issues;
}

test('every declared example is accepted by its own schema', () => {
  const examples = routes().filter(({ spec }) => spec.example !== undefined);
  expect(examples.length).toBeGreaterThan(20);
  for (const endpoint of examples) expect([named(endpoint), issuesOf(endpoint, endpoint.spec.example)]).toEqual([named(endpoint), []]);
});

test('every body that must say something has an example', () => {
  const without = routes().filter((endpoint) => {
    const { body, example } = endpoint.spec;
    return body !== undefined && example === undefined && issuesOf(endpoint, {}).length > 0;
  });
  expect(without.map(named)).toEqual([]);
});

test('every operation says what it does in one line', () => {
  for (const endpoint of endpoints) {
    const { summary, description } = endpoint.spec;
    expect([named(endpoint), summary]).toEqual([named(endpoint), expect.stringMatching(/^[A-Z].{4,120}[^.\s]$/)]);
    expect([named(endpoint), description ?? 'Nothing more.']).toEqual([named(endpoint), expect.stringMatching(/^[^\s][\s\S]+[^\s]$/)]);
  }
});

test('patterns mean the same in every language', () => {
  // Python, Java and .NET have digits and letters of every script in \d and \w, Go knows no looking around.
  const dialect = /\\[dDwWbB]|\(\?[=!<]/;
  const texts = JSON.stringify(apiDocument(endpoints)).matchAll(/"pattern":("(?:[^"\\]|\\.)*")/g);
  const patterns = new Set([...texts].map(([, text]) => JSON.parse(text!) as string));
  expect(patterns.size).toBeGreaterThan(10);
  expect([...patterns].filter((pattern) => dialect.test(pattern))).toEqual([]);
});

test('an operation on one resource tells how it is answered when there is none', () => {
  const silent = routes().filter(({ spec }) => spec.params !== undefined && spec.fails?.some(({ status }) => status === 404) !== true);
  expect(silent.map(named)).toEqual([]);
});

test('a code always comes with the same status', () => {
  const known = new Map<string, number>();
  for (const { code, status } of endpoints.flatMap(({ spec }) => spec.fails ?? [])) {
    expect([code, status]).toEqual([code, known.get(code) ?? status]);
    known.set(code, status);
  }
});

describe('the Postman flow', () => {
  /** What variables of the flow stand for while their values are not known. */
  const filled = (body: unknown): unknown =>
    JSON.parse(
      JSON.stringify(body)
        .replaceAll(/\{\{\w*Id\}\}/g, '0190a000-0000-7000-8000-000000000001')
        .replaceAll('{{email}}', 'ada@example.com')
        .replaceAll(/\{\{\$?\w+\}\}/g, 'x'),
    );
  const { flow, keep } = collectionPlan({ email: '', password: '' });
  const byId = (operationId: string): Endpoint => routes().find(({ spec }) => spec.operationId === operationId)!;

  test('sends what its operations take', () => {
    for (const step of flow.steps) {
      if (step.body === undefined) continue;
      expect([step.name, issuesOf(byId(step.operationId), filled(step.body))]).toEqual([step.name, []]);
    }
  });

  test('uses no variable before an answer has set it', () => {
    const known = new Set(['baseUrl', 'email', 'password', 'accessToken']);
    for (const step of flow.steps) {
      const { path } = byId(step.operationId);
      const parameters = [...path.matchAll(/:(\w+)/g)].map(([, name]) => step.parameters?.[name!] ?? `{{${name}}}`);
      const sent = JSON.stringify([parameters, step.body ?? null, step.headers ?? null]);
      const unknown = [...sent.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name!).filter((name) => !known.has(name));
      expect([step.name, unknown]).toEqual([step.name, []]);
      for (const name of Object.keys({ ...(step.status === undefined && keep[step.operationId]), ...step.keep })) known.add(name);
    }
  });
});
