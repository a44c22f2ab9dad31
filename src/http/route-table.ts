/**
 * Finds a route in as many steps as the path has segments, however many routes there are. Static segments win over parameters.
 */
interface Node<E> {
  readonly fixed: Map<string, Node<E>>;
  parameter: Node<E> | undefined;
  readonly methods: Map<string, { readonly endpoint: E; readonly names: readonly string[] }>;
}

const node = <E>(): Node<E> => ({ fixed: new Map(), parameter: undefined, methods: new Map() });

export interface RouteMatch<E> {
  readonly endpoint: E;
  readonly params: Record<string, string>;
}

export class RouteTable<E extends { readonly method: string; readonly path: string }> {
  private readonly root = node<E>();

  constructor(endpoints: readonly E[]) {
    for (const endpoint of endpoints) this.add(endpoint);
  }

  private add(endpoint: E): void {
    const names: string[] = [];
    let at = this.root;
    for (const segment of endpoint.path.slice(1).split('/')) {
      if (segment.startsWith(':')) {
        names.push(segment.slice(1));
        at = at.parameter ??= node();
      } else {
        let next = at.fixed.get(segment);
        if (next === undefined) at.fixed.set(segment, (next = node()));
        at = next;
      }
    }
    const method = endpoint.method.toUpperCase();
    if (at.methods.has(method)) throw new Error(`${method} ${endpoint.path} is declared twice`);
    at.methods.set(method, { endpoint, names });
  }

  /** The route, or the methods the path knows (none: no such path). `path` starts with a slash and is still percent-encoded. */
  find(method: string, path: string): RouteMatch<E> | { readonly allowed: readonly string[] } {
    const end = path.length > 1 && path.endsWith('/') ? path.length - 1 : path.length;
    const segments = path.slice(1, end).split('/');
    const values: string[] = [];
    const found = descend(this.root, segments, 0, values);
    if (found === undefined) return { allowed: [] };
    const route = found.methods.get(method === 'HEAD' ? 'GET' : method);
    if (route === undefined) {
      const allowed = [...found.methods.keys()];
      return { allowed: found.methods.has('GET') ? [...allowed, 'HEAD', 'OPTIONS'] : [...allowed, 'OPTIONS'] };
    }
    const params: Record<string, string> = {};
    for (let index = 0; index < route.names.length; index++) params[route.names[index]!] = decode(values[index]!);
    return { endpoint: route.endpoint, params };
  }
}

/** Depth first, static before parameter; `values` collects what parameters matched. */
function descend<E>(at: Node<E>, segments: readonly string[], index: number, values: string[]): Node<E> | undefined {
  if (index === segments.length) return at.methods.size > 0 ? at : undefined;
  const segment = segments[index]!;
  const fixed = at.fixed.get(segment);
  if (fixed !== undefined) {
    const found = descend(fixed, segments, index + 1, values);
    if (found !== undefined) return found;
  }
  if (at.parameter === undefined || segment === '') return undefined;
  values.push(segment);
  const found = descend(at.parameter, segments, index + 1, values);
  if (found === undefined) values.pop();
  return found;
}

/** Text that is not percent-encoded UTF-8 stays as it is: no id or code looks like that, so its field refuses it. */
function decode(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
