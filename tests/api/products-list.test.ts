import { type Requests, startTestApp, type TestApp } from '../support/app';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

interface Product {
  name: string;
}
const created = (body: object, requests: Requests) => requests.post('/products', body).expect(201);

describe('the list of products', () => {
  let requests: Requests;
  let childId: string;
  const names = async (query: string): Promise<string> =>
    ((await requests.get(`/products?${query}`).expect(200)).body as { data: Product[] }).data.map((product) => product.name).join(' ');

  beforeAll(async () => {
    requests = app.as((await app.signUp()).token);
    const parent = (await requests.post('/categories', { name: 'Toys' }).expect(201)).body as { id: string };
    childId = ((await requests.post('/categories', { name: 'Puzzles', parentId: parent.id }).expect(201)).body as { id: string }).id;
    await created({ sku: 'd', name: 'Ant', price: '3', reorderLevel: '5', quantity: 5, category: 'toys' }, requests);
    await created({ sku: 'B', name: 'Bee', price: '2.5', reorderLevel: '5', quantity: 6, category: 'puzzles' }, requests);
    await created({ sku: 'c', name: 'Cat', price: '20', description: '100% wool_', quantity: 1 }, requests);
    await created({ sku: 'a', name: 'Dog', barcode: 'X-77', reorderLevel: '0' }, requests);
  });

  it.each([
    ['', 'Ant Bee Cat Dog'],
    ['sort=-name', 'Dog Cat Bee Ant'],
    ['sort=sku', 'Dog Bee Cat Ant'],
    ['sort=price', 'Dog Bee Ant Cat'],
    ['sort=-price', 'Cat Ant Bee Dog'],
    ['sort=createdAt', 'Ant Bee Cat Dog'],
    ['sort=-createdAt', 'Dog Cat Bee Ant'],
    ['q=BE', 'Bee'],
    ['q=100%25', 'Cat'],
    ['q=_', ''],
    ['q=x-7', 'Dog'],
    ['status=draft', 'Dog'],
    ['status=draft,published', 'Ant Bee Cat Dog'],
    ['category=Toys', 'Ant Bee'],
    ['category=PUZZLES', 'Bee'],
    ['category=nothing', ''],
    ['lowStock=true', 'Ant Dog'],
    ['lowStock=false', 'Bee Cat'],
    ['lowStock=true&status=published&q=a', 'Ant'],
  ])('?%s', async (query, expected) => {
    expect(await names(query)).toBe(expected);
  });

  it('filters by the id of a category', async () => {
    expect(await names(`category=${childId}`)).toBe('Bee');
  });

  it.each(['name', '-name', 'sku', '-price', 'price', 'createdAt', '-createdAt'])(
    'pages forth and back by %s, without a gap',
    async (sort) => {
      const forth: string[] = [];
      const back: string[] = [];
      let cursor: string | null = null;
      let previous: string | null = null;
      do {
        const { body } = await requests.get(`/products?sort=${sort}&pageSize=3${cursor === null ? '' : `&cursor=${cursor}`}`).expect(200);
        forth.push(...(body.data as Product[]).map((product) => product.name));
        cursor = body.pagination.nextCursor as string | null;
        previous = body.pagination.previousCursor as string | null;
      } while (cursor !== null);
      expect(forth.join(' ')).toBe(await names(`sort=${sort}`));
      const { body } = await requests.get(`/products?sort=${sort}&pageSize=3&cursor=${previous}`).expect(200);
      back.push(...(body.data as Product[]).map((product) => product.name));
      expect(back).toEqual(forth.slice(0, 3));
      expect(body.pagination.previousCursor).toBeNull();
    },
  );

  it('by page numbers tells the total', async () => {
    const { body } = await requests.get('/products?page=2&pageSize=3').expect(200);
    expect(body.data).toHaveLength(1);
    expect(body.pagination).toEqual({ pageSize: 3, nextCursor: null, page: 2, total: 4 });
  });

  it.each(['sort=cost', 'pageSize=0', 'pageSize=201', 'cursor=abc', 'status=sold', 'lowStock=maybe', 'page=1&cursor=x', 'limit=5'])(
    'refuses ?%s',
    async (query) => {
      await requests.get(`/products?${query}`).expect(400);
    },
  );
});
