/** Other paths to the same routes: a prefix is rewritten before the route is looked up, so that nothing behind it knows of the other one. */
export interface PathAlias {
  /** Below /api/v1, like `to`. The path itself and everything below it. */
  readonly from: `/${string}`;
  readonly to: `/${string}`;
  /** Where a POST goes instead. */
  readonly post?: `/${string}`;
}

const covers = ({ from }: PathAlias, path: string): boolean =>
  path.startsWith(from) && (path.length === from.length || path[from.length] === '/');

/** The path a request is for. It is not rewritten twice. */
export function canonicalPath(aliases: readonly PathAlias[], method: string, path: string): string {
  const alias = aliases.find((candidate) => covers(candidate, path));
  if (alias === undefined) return path;
  return (method === 'POST' ? (alias.post ?? alias.to) : alias.to) + path.slice(alias.from.length);
}

/** @throws Error for an alias that leads nowhere, or hides a route */
export function checkAliases(aliases: readonly PathAlias[], paths: readonly string[]): void {
  for (const alias of aliases) {
    for (const target of [alias.to, alias.post ?? alias.to])
      if (!paths.includes(target)) throw new Error(`${alias.from} leads to ${target}, which is no route`);
    const hidden = paths.find((path) => covers(alias, path));
    if (hidden !== undefined) throw new Error(`The route ${hidden} cannot be reached: ${alias.from} is another path to ${alias.to}`);
  }
}
