import { failure } from '../../../kernel/app-error';

export const MAX_LEVEL = 10;

export class CategoryCycle extends failure('CATEGORY_CYCLE', 409, 'A category cannot be moved below itself') {}
export class CategoryTooDeep extends failure('CATEGORY_TOO_DEEP', 409, `Categories nest at most ${MAX_LEVEL} levels deep`) {}

/** Where a category stands: level 1 is a root; the path holds the ids from the root down to itself, each followed by '/'. */
export interface Place {
  readonly level: number;
  readonly path: string;
}

interface Node extends Place {
  readonly id: string;
}

/** The place of a category directly below `parent`; null makes it a root. @throws CategoryTooDeep */
export function placeBelow(parent: Place | null, id: string): Place {
  const level = (parent?.level ?? 0) + 1;
  requireLevel(level);
  return { level, path: `${parent?.path ?? ''}${id}/` };
}

/**
 * The new place of a category that moves with everything below it.
 * @param deepestLevel the deepest level in its subtree now
 * @throws CategoryCycle, CategoryTooDeep
 */
export function moveBelow(parent: Node | null, moved: Node, deepestLevel: number): Place {
  if (parent?.path.startsWith(moved.path)) {
    const what = parent.id === moved.id ? 'itself' : 'a category below it';
    throw new CategoryCycle(`Category ${moved.id} cannot be moved below ${what}`, { categoryId: moved.id, parentId: parent.id });
  }
  const place = placeBelow(parent, moved.id);
  requireLevel(deepestLevel + place.level - moved.level);
  return place;
}

function requireLevel(level: number): void {
  if (level > MAX_LEVEL) throw new CategoryTooDeep(`This would make ${level} levels of categories; at most ${MAX_LEVEL} are possible`);
}

/** Puts each node into its parent's `children`, keeping the order. Nodes whose parent is not among them become roots. */
export function nest<T extends { readonly id: string; readonly parentId: string | null }>(flat: readonly T[]): Array<Nested<T>> {
  const nodes = new Map(flat.map((node) => [node.id, { ...node, children: [] as Array<Nested<T>> }]));
  const roots: Array<Nested<T>> = [];
  for (const node of nodes.values()) {
    const parent = node.parentId === null ? undefined : nodes.get(node.parentId);
    (parent?.children ?? roots).push(node);
  }
  return roots;
}

export type Nested<T> = T & { children: Array<Nested<T>> };
