/** Parses params, query and body of a call by the route's shapes. Every issue of all three is told at once. */
import { parse as parseQueryText } from 'node:querystring';
import { InvalidInput } from '../kernel/common-errors';
import { InputSchema, type AnyField, type Issue } from './fields/field';

const MOST_ISSUES = 50;
const NOTHING: Readonly<Record<string, never>> = Object.freeze({});

export interface ParsedInput {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

/** The shapes of one route, compiled once. */
export class InputParser {
  private readonly params: InputSchema | undefined;
  private readonly query: InputSchema | undefined;
  private readonly body: InputSchema | undefined;

  constructor(shapes: { readonly params?: AnyField; readonly query?: AnyField; readonly body?: AnyField }) {
    this.params = shapes.params && new InputSchema('params', shapes.params.joi.tailor('text'));
    this.query = shapes.query && new InputSchema('query', shapes.query.joi.tailor('text'));
    this.body = shapes.body && new InputSchema('body', shapes.body.joi);
  }

  /** `query` is the text after the question mark. @throws InvalidInput */
  parse(params: Record<string, string>, query: string, body: unknown): ParsedInput {
    const issues: Issue[] = [];
    const input = {
      params: this.params === undefined ? NOTHING : this.params.parse(params, issues),
      query: this.parseQuery(query, issues),
      body: this.body === undefined ? NOTHING : this.body.parse(body === undefined ? NOTHING : body, issues),
    };
    if (issues.length > 0) throw invalid(issues);
    return input;
  }

  private parseQuery(text: string, issues: Issue[]): unknown {
    if (text === '' && this.query === undefined) return NOTHING;
    const values = text === '' ? NOTHING : parseQueryText(text);
    const found = issues.length;
    for (const [key, value] of Object.entries(values)) {
      const path = `query.${key.slice(0, 80)}`;
      if (Array.isArray(value)) issues.push({ path, message: 'is given more than once' });
      else if (key.includes('[')) issues.push({ path, message: 'parameters with brackets are not taken' });
      else if (this.query === undefined) issues.push({ path, message: 'this route takes no query' });
    }
    if (issues.length > found) return undefined;
    return this.query === undefined ? NOTHING : this.query.parse(values, issues);
  }
}

/** The refusal that names the first issue and lists them all, up to a limit. */
export function invalid(issues: readonly Issue[]): InvalidInput {
  const [first] = issues;
  const rest = issues.length === 1 ? '' : ` (and ${issues.length - 1} more)`;
  return new InvalidInput(`${first!.path} ${first!.message}${rest}`, { issues: issues.slice(0, MOST_ISSUES) });
}
