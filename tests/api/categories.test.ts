import { newId } from '../../src/kernel/ids';
import { type Requests, type SignedUp, startTestApp, type TestApp } from '../support/app';

let app: TestApp;
let owner: SignedUp;
let admin: Requests;
beforeAll(async () => {
  app = await startTestApp();
  owner = await app.signUp();
  admin = app.as(owner.token);
});
afterAll(() => app.close());

interface Category {
  id: string;
  code: string;
  name: string;
  parentId: string | null;
  level: number;
  path: string[];
  version: number;
}
const created = async (body: object): Promise<Category> => (await admin.post('/categories', body).expect(201)).body as Category;
const read = async (id: string): Promise<Category> => (await admin.get(`/categories/${id}`).expect(200)).body as Category;
/** One below the other; the first is a root. */
async function chain(length: number, name = 'Level'): Promise<Category[]> {
  const categories: Category[] = [];
  for (let level = 1; level <= length; level++) {
    categories.push(await created({ name: `${name} ${level}`, parentId: categories.at(-1)?.id ?? null }));
  }
  return categories;
}

describe('categories', () => {
  it('are created, read, changed, replaced and deleted', async () => {
    const { body, headers } = await admin.post('/categories', { name: 'Café & Bar' }).expect(201);
    expect(body).toEqual({
      id: expect.any(String),
      code: 'CAFE-BAR',
      name: 'Café & Bar',
      parentId: null,
      level: 1,
      path: [body.id],
      allowedUnitIds: [],
      taxRateId: null,
      version: 1,
      createdAt: expect.any(String),
      updatedAt: body.createdAt,
    });
    expect(headers['etag']).toBe('"1"');
    expect(await read(body.id)).toEqual(body);

    const changed = await admin.patch(`/categories/${body.id}`, { code: 'BAR' }).expect(200);
    expect(changed.body).toMatchObject({ code: 'BAR', name: 'Café & Bar', version: 2 });
    const replaced = await admin.put(`/categories/${body.id}`, { name: 'Bar' }).expect(200);
    expect(replaced.body).toMatchObject({ code: 'BAR', name: 'Bar', version: 3 });
    await admin.patch(`/categories/${body.id}`, { name: 'Bar' }).expect(200);
    await admin.patch(`/categories/${body.id}`, {}).expect(400);

    await admin.delete(`/categories/${body.id}`).expect(204);
    await admin.get(`/categories/${body.id}`).expect(404);
    const events = await app.sql<{ type: string }>('SELECT type FROM events WHERE aggregate_id = $1 ORDER BY aggregate_version', [body.id]);
    expect(events.map((event) => event.type)).toEqual(['category.created', 'category.updated', 'category.updated', 'category.deleted']);
  });

  it('a code made from the name is made unique; one that is given must be', async () => {
    expect((await created({ name: 'Twins' })).code).toBe('TWINS');
    expect((await created({ name: 'twins!' })).code).toBe('TWINS-2');
    const { body } = await admin.post('/categories', { name: 'Other', code: 'TWINS' }).expect(409);
    expect(body.error.code).toBe('DUPLICATE');
  });

  it('same names at the same moment get codes of their own', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => admin.post('/categories', { name: 'Rush' })));
    expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 201));
    expect(new Set(answers.map((answer) => (answer.body as Category).code)).size).toBe(answers.length);
  });

  it('CAT-2: level and path are kept when a subtree moves, each of its categories with one event', async () => {
    const [a, b, c] = (await chain(3, 'Move')) as [Category, Category, Category];
    const target = await created({ name: 'Target' });
    expect(c).toMatchObject({ level: 3, path: [a.id, b.id, c.id] });

    const moved = await admin.patch(`/categories/${b.id}`, { parentId: target.id, name: 'Moved' }).expect(200);
    expect(moved.body).toMatchObject({ name: 'Moved', parentId: target.id, level: 2, path: [target.id, b.id], version: 2 });
    expect(await read(c.id)).toMatchObject({ parentId: b.id, level: 3, path: [target.id, b.id, c.id], version: 2 });
    expect(await read(a.id)).toMatchObject({ version: 1 });

    const root = await admin.patch(`/categories/${b.id}`, { parentId: null }).expect(200);
    expect(root.body).toMatchObject({ parentId: null, level: 1, path: [b.id] });
    expect(await read(c.id)).toMatchObject({ level: 2, path: [b.id, c.id], version: 3 });
    const events = await app.sql<{ type: string; before: object }>(
      'SELECT type, before FROM events WHERE aggregate_id = $1 ORDER BY aggregate_version',
      [c.id],
    );
    expect(events.map((event) => event.type)).toEqual(['category.created', 'category.moved', 'category.moved']);
    expect(events[1]!.before).toEqual({ level: 3, path: `${a.id}/${b.id}/${c.id}/` });
  });

  it('refuse cycles and more than ten levels', async () => {
    const deep = await chain(10, 'Deep');
    const tooDeep = await admin.post('/categories', { name: 'Eleven', parentId: deep[9]!.id }).expect(409);
    expect(tooDeep.body.error.code).toBe('CATEGORY_TOO_DEEP');
    const cycle = await admin.patch(`/categories/${deep[2]!.id}`, { parentId: deep[7]!.id }).expect(409);
    expect(cycle.body.error.code).toBe('CATEGORY_CYCLE');
    await admin.patch(`/categories/${deep[2]!.id}`, { parentId: deep[2]!.id }).expect(409);
    const two = await chain(2, 'Two');
    await admin.patch(`/categories/${two[0]!.id}`, { parentId: deep[8]!.id }).expect(409);
    await admin.patch(`/categories/${two[0]!.id}`, { parentId: deep[7]!.id }).expect(200);
  });

  it('two moves that are fine one by one make no cycle together', async () => {
    for (let round = 0; round < 8; round++) {
      const a = await created({ name: `A ${round}` });
      const b = await created({ name: `B ${round}` });
      const answers = await Promise.all([
        admin.patch(`/categories/${a.id}`, { parentId: b.id }),
        admin.patch(`/categories/${b.id}`, { parentId: a.id }),
      ]);
      expect(answers.map((answer) => answer.status).sort((x, y) => x - y)).toEqual([200, 409]);
    }
  });

  it('a referenced parent, unit or tax rate must exist in the organization', async () => {
    const stranger = app.as((await app.signUp()).token);
    const foreign = (await stranger.post('/categories', { name: 'Foreign' }).expect(201)).body as Category;
    for (const parentId of [newId(), foreign.id]) {
      const { body } = await admin.post('/categories', { name: 'Orphan', parentId }).expect(422);
      expect(body.error).toMatchObject({ code: 'UNUSABLE_REFERENCE', details: { field: 'parentId', id: parentId } });
    }
    const unknown = newId();
    const units = await admin.post('/categories', { name: 'Orphan', allowedUnitIds: [unknown] }).expect(422);
    expect(units.body.error.details).toEqual({ field: 'allowedUnitIds', id: unknown });
    const rate = await admin.post('/categories', { name: 'Orphan', taxRateId: unknown }).expect(422);
    expect(rate.body.error.details).toEqual({ field: 'taxRateId', id: unknown });
  });

  it('QTY-5: allowed units bind products, and cannot leave out what products use', async () => {
    const litre = (await admin.post('/units', { code: 'l', name: 'Litre', category: 'volume' }).expect(201)).body as { id: string };
    const pint = (await admin.post('/units', { code: 'pt', name: 'Pint', category: 'volume', factor: '0.568261' }).expect(201)).body as {
      id: string;
    };
    const category = await created({ name: 'Drinks', allowedUnitIds: [litre.id, pint.id, litre.id] });
    expect(category).toMatchObject({ allowedUnitIds: [litre.id, pint.id].sort() });
    const refused = await admin.post('/products', { name: 'Ale', categoryId: category.id }).expect(422);
    expect(refused.body.error.code).toBe('UNIT_NOT_ALLOWED');
    await admin.post('/products', { name: 'Ale', categoryId: category.id, unitId: pint.id }).expect(201);
    const narrowed = await admin.patch(`/categories/${category.id}`, { allowedUnitIds: [litre.id] }).expect(409);
    expect(narrowed.body.error).toMatchObject({ code: 'ALLOWED_UNITS_IN_USE', details: { products: 1 } });
    await admin.patch(`/categories/${category.id}`, { allowedUnitIds: [pint.id] }).expect(200);
    expect((await admin.patch(`/categories/${category.id}`, { allowedUnitIds: [] }).expect(200)).body).toMatchObject({
      allowedUnitIds: [],
    });
  });

  it('with children or products cannot be deleted', async () => {
    const [parent, child] = (await chain(2, 'Kept')) as [Category, Category];
    await admin.post('/products', { name: 'Thing', categoryId: child.id }).expect(201);
    const withChild = await admin.delete(`/categories/${parent.id}`).expect(409);
    expect(withChild.body.error).toMatchObject({ code: 'CATEGORY_IN_USE', details: { children: 1, products: 0 } });
    const withProduct = await admin.delete(`/categories/${child.id}`).expect(409);
    expect(withProduct.body.error.details).toEqual({ children: 0, products: 1 });
  });

  it('honour If-Match, and answer 304 to If-None-Match', async () => {
    const { id } = await created({ name: 'Versioned' });
    await admin.patch(`/categories/${id}`, { name: 'New' }).set('If-Match', '"2"').expect(412);
    await admin.patch(`/categories/${id}`, { name: 'New' }).set('If-Match', '"1"').expect(200);
    await admin.get(`/categories/${id}`).set('If-None-Match', '"2"').expect(304);
    await admin.delete(`/categories/${id}`).set('If-Match', '"1"').expect(412);
  });

  it('are listed page by page in both directions, filtered, and as a tree', async () => {
    const other = await app.signUp();
    const requests = app.as(other.token);
    const root = (await requests.post('/categories', { name: 'Root' }).expect(201)).body as Category;
    for (const name of ['e', 'c', 'a', 'd', 'b']) await requests.post('/categories', { name, parentId: root.id }).expect(201);

    const names = (body: { data: Category[] }): string => body.data.map((category) => category.name).join('');
    const first = (await requests.get(`/categories?parentId=${root.id}&pageSize=2`).expect(200)).body;
    expect(names(first)).toBe('ab');
    const second = (await requests.get(`/categories?parentId=${root.id}&pageSize=2&cursor=${first.pagination.nextCursor}`).expect(200))
      .body;
    expect(names(second)).toBe('cd');
    const back = (await requests.get(`/categories?parentId=${root.id}&pageSize=2&cursor=${second.pagination.previousCursor}`).expect(200))
      .body;
    expect(names(back)).toBe('ab');
    const last = (await requests.get(`/categories?parentId=${root.id}&pageSize=2&cursor=${second.pagination.nextCursor}`).expect(200)).body;
    expect(names(last)).toBe('e');
    expect(last.pagination.nextCursor).toBeNull();
    const numbered = (await requests.get(`/categories?parentId=${root.id}&pageSize=2&page=2&sort=-code`).expect(200)).body;
    expect(names(numbered)).toBe('cb');
    expect(numbered.pagination).toMatchObject({ page: 2, total: 5, nextCursor: null });
    expect(names((await requests.get('/categories?q=oO').expect(200)).body)).toBe('Root');
    expect(names((await requests.get('/categories?q=%25').expect(200)).body)).toBe('');
    await requests.get('/categories?sort=level').expect(400);

    const tree = (await requests.get('/categories/tree').expect(200)).body as { data: Array<{ name: string; children: Category[] }> };
    expect(tree.data).toHaveLength(1);
    expect(tree.data[0]).toMatchObject({ name: 'Root', level: 1 });
    expect(names({ data: tree.data[0]!.children })).toBe('abcde');
  });

  it('another organization sees none of them', async () => {
    const category = await created({ name: 'Secret' });
    const stranger = app.as((await app.signUp()).token);
    const unknownId = newId();
    for (const method of ['get', 'put', 'patch', 'delete'] as const) {
      const body = method === 'put' || method === 'patch' ? { name: 'Mine' } : undefined;
      const foreign = await stranger[method](`/categories/${category.id}`, body).expect(404);
      const unknown = await stranger[method](`/categories/${unknownId}`, body).expect(404);
      expect(foreign.body.error.message.replace(category.id, unknownId)).toBe(unknown.body.error.message);
    }
    expect((await stranger.get('/categories/tree').expect(200)).body.data).toEqual([]);
  });

  it.each([
    ['manager', 200, 201, 204],
    ['staff', 200, 403, 403],
    ['viewer', 200, 403, 403],
    ['customer', 200, 403, 403],
  ] as const)('%s may read: %i, create: %i, delete: %i', async (role, reading, creating, removing) => {
    const member = app.as(await app.member(owner.organizationId, role));
    const { id } = await created({ name: `For ${role}` });
    for (const path of ['/categories', '/categories/tree', `/categories/${id}`]) await member.get(path).expect(reading);
    await member.post('/categories', { name: 'Mine' }).expect(creating);
    await member.patch(`/categories/${id}`, { name: 'Mine' }).expect(creating === 201 ? 200 : 403);
    await member.put(`/categories/${id}`, { name: 'Mine' }).expect(creating === 201 ? 200 : 403);
    await member.delete(`/categories/${id}`).expect(removing);
  });
});
