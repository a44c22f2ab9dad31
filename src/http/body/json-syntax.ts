/** Where JSON text stops being JSON, told in our own words: the engine's message differs by version and quotes the body. */

const TOKEN =
  /[ \t\n\r]*(?:([{}[\],:])|("[ !#-[\]-\uffff]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[ !#-[\]-\uffff]*)*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/y;

const SPACE = /[ \t\n\r]*/y;

type Expected = 'value' | 'value or ]' | 'key or }' | 'key' | ':' | ', or ]' | ', or }' | 'end';

/** Offset of the first character that can't be right. Called only for text that JSON.parse refused. */
export function syntaxErrorOffset(text: string): number {
  const nesting: ('[' | '{')[] = [];
  let expected: Expected = 'value';
  const afterValue = (): Expected => (nesting.length === 0 ? 'end' : nesting.at(-1) === '[' ? ', or ]' : ', or }');
  TOKEN.lastIndex = 0;
  let offset = 0;
  for (;;) {
    const match = TOKEN.exec(text);
    if (match === null) break;
    const [whole, mark, string, other] = match;
    const start = offset + whole.length - (mark ?? string ?? other ?? '').length;
    const next: Expected | undefined = step(mark ?? (string === undefined ? 'literal' : 'string'), expected, nesting, afterValue);
    if (next === undefined) return start;
    expected = next;
    offset = TOKEN.lastIndex;
  }
  SPACE.lastIndex = offset;
  SPACE.exec(text);
  return SPACE.lastIndex;
}

/** What may follow the token; undefined when the token itself is wrong. */
function step(token: string, expected: Expected, nesting: ('[' | '{')[], afterValue: () => Expected): Expected | undefined {
  const value = expected === 'value' || expected === 'value or ]';
  switch (token) {
    case '[':
    case '{':
      if (!value) return undefined;
      nesting.push(token);
      return token === '[' ? 'value or ]' : 'key or }';
    case ']':
      if (expected !== 'value or ]' && expected !== ', or ]') return undefined;
      nesting.pop();
      return afterValue();
    case '}':
      if (expected !== 'key or }' && expected !== ', or }') return undefined;
      nesting.pop();
      return afterValue();
    case ',':
      return expected === ', or ]' ? 'value' : expected === ', or }' ? 'key' : undefined;
    case ':':
      return expected === ':' ? 'value' : undefined;
    case 'string':
      if (expected === 'key' || expected === 'key or }') return ':';
      return value ? afterValue() : undefined;
    default:
      return value ? afterValue() : undefined;
  }
}

/** "line 2, column 14", counted from 1. */
export function positionOf(text: string, offset: number): string {
  let line = 1;
  let start = 0;
  for (let end = text.indexOf('\n'); end !== -1 && end < offset; end = text.indexOf('\n', start)) {
    line++;
    start = end + 1;
  }
  return `line ${line}, column ${offset - start + 1}`;
}
