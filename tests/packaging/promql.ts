/** What an expression of PromQL names that Prometheus brings itself. */
const KEYWORDS = new Set(['and', 'bool', 'by', 'group_left', 'group_right', 'ignoring', 'offset', 'on', 'or', 'unless', 'without']);

export interface Selector {
  readonly name: string;
  /** The labels its matchers look at. */
  readonly labels: readonly string[];
}

/** The series an expression reads: words that are no function, keyword, label or duration. */
export function selectorsIn(expression: string): Selector[] {
  const bare = expression
    .replaceAll(/"[^"]*"/g, '""')
    .replaceAll(/\[[^\]]*\]/g, ' ') // ranges
    .replaceAll(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ');
  return [...bare.matchAll(/([a-zA-Z_:][\w:]*)(?!\w)(?!\s*\()(?:\{([^}]*)\})?/g)]
    .map(([, name, matchers = '']) => ({ name: name!, labels: [...matchers.matchAll(/(\w+)\s*[=!]/g)].map(([, label]) => label!) }))
    .filter(({ name }) => !KEYWORDS.has(name));
}
