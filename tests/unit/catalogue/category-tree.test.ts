import {
  CategoryCycle,
  CategoryTooDeep,
  MAX_LEVEL,
  moveBelow,
  nest,
  placeBelow,
  type Place,
} from '../../../src/modules/catalogue/domain/category-tree';
import { refusalOf } from '../../support/refusal';

/** Places in a chain: a is the root, b below it, and so on. */
function chain(ids: string): Array<Place & { id: string }> {
  const nodes: Array<Place & { id: string }> = [];
  for (const id of ids) nodes.push({ id, ...placeBelow(nodes.at(-1) ?? null, id) });
  return nodes;
}

describe('CAT-2: the category tree', () => {
  const [a, b, c] = chain('abc') as [Place & { id: string }, Place & { id: string }, Place & { id: string }];

  it('keeps level and path', () => {
    expect(a).toEqual({ id: 'a', level: 1, path: 'a/' });
    expect(c).toEqual({ id: 'c', level: 3, path: 'a/b/c/' });
  });

  it('moves a category below another one, or to the top', () => {
    const other = { id: 'x', ...placeBelow(null, 'x') };
    expect(moveBelow(other, b, 3)).toEqual({ level: 2, path: 'x/b/' });
    expect(moveBelow(null, b, 3)).toEqual({ level: 1, path: 'b/' });
  });

  it.each([
    ['itself', () => moveBelow(b, b, 3)],
    ['its child', () => moveBelow(c, b, 3)],
    ['its grandchild', () => moveBelow(c, a, 3)],
  ])('refuses to move a category below %s', (_, move) => {
    expect(refusalOf(move)).toBeInstanceOf(CategoryCycle);
  });

  it('a category whose id begins like another one is not below it', () => {
    const short = { id: 'a', ...placeBelow(null, 'a') };
    const long = { id: 'ab', ...placeBelow(null, 'ab') };
    expect(moveBelow(long, short, 1)).toEqual({ level: 2, path: 'ab/a/' });
  });

  it(`nests at most ${MAX_LEVEL} levels, also when a whole subtree moves`, () => {
    const deepest = chain('abcdefghij').at(-1)!;
    expect(deepest.level).toBe(MAX_LEVEL);
    expect(refusalOf(() => placeBelow(deepest, 'k'))).toBeInstanceOf(CategoryTooDeep);
    const ninth = chain('klmnopqrs').at(-1)!;
    expect(refusalOf(() => moveBelow(ninth, b, 3))).toBeInstanceOf(CategoryTooDeep);
    expect(moveBelow(ninth, b, 2).level).toBe(MAX_LEVEL);
  });

  it('nests a flat list, keeping its order', () => {
    const flat = [
      { id: 'c', parentId: 'a' },
      { id: 'a', parentId: null },
      { id: 'b', parentId: 'a' },
      { id: 'd', parentId: null },
    ];
    expect(nest(flat)).toEqual([
      {
        id: 'a',
        parentId: null,
        children: [
          { id: 'c', parentId: 'a', children: [] },
          { id: 'b', parentId: 'a', children: [] },
        ],
      },
      { id: 'd', parentId: null, children: [] },
    ]);
  });
});
