import { checkOutput, type AnyField } from '../../src/http/fields/field';
import { Decimal } from '../../src/kernel/decimal';
import { Literal, type Answer, type Request } from './wire';

/** What an answer must never say, whatever was asked: how the house is built. No request of these tests says any of it. */
const INSIDES: readonly RegExp[] = [
  /node_modules|node:internal|\bat (?:async )?[\w.$<>]+ \(|\.[cm]?[jt]s:\d+/,
  /(?:^|[\s"'(:])\/(?:work|home|usr|tmp|root|var|opt|app|srv)\//,
  /\b(?:prisma|joi|express|postgres(?:ql)?|sqlstate|decimal\.?js|libpq|pg_\w+|luxon|bcrypt|openssl|winston|uuidv7)\b/i,
  /\b(?:SELECT|INSERT INTO|DELETE FROM)\b[^]{0,200}\b(?:FROM|VALUES|WHERE)\b/,
  /violates|relation \\?"|column \\?"|constraint \\?"|duplicate key value|syntax error at|invalid input syntax|out of range for type|current transaction/,
  /unexpected (?:token|end of)|cannot read propert|is not a function|is not iterable|of undefined|maximum call stack|\b(?:Type|Range|Syntax|Reference)Error\b|ECONN/i,
];

/** What is wrong with an answer; nothing when all is well. */
export function complaintsAbout(sent: Request, answer: Answer, line?: AnyField): string[] {
  const { status, headers, text } = answer;
  const complaints: string[] = [];
  if (status >= 500) complaints.push(`${status}`);
  const type = (headers['content-type'] ?? '').split(';', 1)[0]!;
  if (/json|text/.test(type))
    for (const pattern of INSIDES) if (pattern.test(text)) complaints.push(`shows the inside: ${pattern.exec(text)![0]}`);
  if (sent.method === 'HEAD' || status === 304 || status === 204) return text === '' ? complaints : [...complaints, 'has a body'];
  if (status >= 400) complaints.push(...misshapen(sent, answer, type));
  else if (type === 'application/json') complaints.push(...unfaithful(sent.said, text));
  else if (type === 'application/x-ndjson' && line !== undefined) complaints.push(...misshapenLines(text, line));
  return complaints;
}

const REFUSAL = new Set(['code', 'message', 'details', 'requestId']);
const PROBLEM = new Set(['type', 'title', 'status', 'detail', 'code', 'details', 'requestId']);

/** Every refusal has one of two shapes, and tells its request id in body and header. */
function misshapen({ headers: asked }: Request, { status, headers, text }: Answer, type: string): string[] {
  const problem = typeof asked['Accept'] === 'string' && asked['Accept'].includes('application/problem+json');
  if (type !== (problem ? 'application/problem+json' : 'application/json')) return [`a refusal of type "${type}": ${text.slice(0, 100)}`];
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return [`a refusal that is no JSON: ${text.slice(0, 100)}`];
  }
  const error = (problem ? parsed : (parsed as { error?: unknown }).error) as Record<string, unknown> | undefined;
  const known = problem ? PROBLEM : REFUSAL;
  const isShaped =
    typeof error === 'object' &&
    Object.keys(error).every((key) => known.has(key)) &&
    typeof error['code'] === 'string' &&
    /^[A-Z][A-Z_]+$/.test(error['code']) &&
    typeof error[problem ? 'detail' : 'message'] === 'string' &&
    (!problem || error['status'] === status) &&
    /^[\w-]{1,64}$/.test(String(error['requestId']));
  if (!isShaped) return [`a refusal of another shape: ${text.slice(0, 200)}`];
  return error['requestId'] === headers['x-request-id'] ? [] : ['the request id of body and header differ'];
}

function misshapenLines(text: string, line: AnyField): string[] {
  return text
    .split('\n')
    .filter((row) => row !== '')
    .flatMap((row) => {
      const value = JSON.parse(row) as { error?: { code?: unknown; requestId?: unknown } };
      if (typeof value.error?.code === 'string' && typeof value.error.requestId === 'string') return [];
      return checkOutput(line, value).map(({ path, message }) => `a line: ${path} ${message}`);
    })
    .slice(0, 3);
}

function unfaithful(said: unknown, text: string): string[] {
  try {
    const answered: unknown = JSON.parse(text);
    return said === undefined ? [] : changed(said, answered, 'body');
  } catch {
    return ['an answer that is no JSON'];
  }
}

/** Names under which another form of what was sent comes back: a code for a name, a normal form, an item's discount with its share of the order's. */
const OF_ANOTHER_FORM = /^(country|category|currency|status|password|code|roles?|url|reason|discountAmount)$/;

/**
 * Where the answer shows a field that was sent under the same name, it shows the same value: as a decimal of equal value, as the text
 * without surrounding space and in NFC, as the same moment. Accepted and silently changed is the worst of all answers.
 */
function changed(said: unknown, answered: unknown, path: string): string[] {
  if (said instanceof Literal) {
    const plain = literalValue(said);
    return plain === undefined ? [`${path}: ${said.text} was taken`] : changed(plain, answered, path);
  }
  if (Array.isArray(said)) {
    if (!Array.isArray(answered) || answered.length !== said.length) return [];
    return said.flatMap((item, index) => changed(item, (answered as unknown[])[index], `${path}.${index}`));
  }
  if (typeof said === 'object' && said !== null) {
    if (typeof answered !== 'object' || answered === null) return [];
    return Object.entries(said).flatMap(([key, value]) =>
      value !== undefined && key in answered && !OF_ANOTHER_FORM.test(key)
        ? changed(value, (answered as Record<string, unknown>)[key], `${path}.${key}`)
        : [],
    );
  }
  return isSame(said as Scalar, answered)
    ? []
    : [`${path} was ${JSON.stringify(said)?.slice(0, 80)}, and is ${JSON.stringify(answered)?.slice(0, 80)}`];
}

/** The decimal of a number literal, as text; undefined for what is no JSON. */
function literalValue({ text }: Literal): string | undefined {
  if (text.startsWith('"')) return undefined; // half a surrogate pair, NUL: never to be taken
  return /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? text : undefined;
}

const DECIMAL = /^\s*-?\d+(\.\d+)?([eE][+-]?\d+)?\s*$/;

type Scalar = string | number | boolean | null;

function isSame(said: Scalar, answered: unknown): boolean {
  if (typeof answered === 'object' && answered !== null) return true; // a reference, answered as the thing it names
  if (said === null || said === '') return answered === null || answered === '';
  if (said === answered) return true;
  if (typeof said === 'boolean') return false;
  const [before, after] = [String(said), String(answered)];
  // "Net 30" is answered as 30.
  if (typeof answered === 'number' && !DECIMAL.test(before)) return before.includes(after);
  if (DECIMAL.test(before) && DECIMAL.test(after)) return new Decimal(before.trim()).eq(after);
  const normal = (text: string): string => text.trim().normalize('NFC').toLowerCase();
  if (normal(before) === normal(after)) return true;
  if (normal(before) === '' && answered === null) return true;
  return /^\d{4}-\d\d-\d\dT/.test(before) && /^\d{4}-\d\d-\d\dT/.test(after) && Date.parse(before) === Date.parse(after);
}
