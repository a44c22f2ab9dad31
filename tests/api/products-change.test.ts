import { idOfNew, type Requests, startTestApp, type TestApp } from '../support/app';
import { createProduct, type ProductAnswer } from '../support/products';
import { tally } from '../support/tally';

let app: TestApp;
let admin: Requests;
beforeAll(async () => {
  app = await startTestApp();
  admin = app.as((await app.signUp({ currency: 'GBP' })).token);
});
afterAll(() => app.close());

const created = (body: object, requests = admin): Promise<ProductAnswer> => createProduct(requests, body);
const idOf = (path: string, body: object): Promise<string> => idOfNew(admin, path, body);

describe('a change of a product', () => {
  it('touches what is given, writes one event, and nothing when nothing changes', async () => {
    const { id } = await created({ name: 'Mug', price: '4', description: 'Blue', attributes: { size: 'L' } });
    const { body } = await admin.patch(`/products/${id}`, { price: '4.5', description: null, supplier: 'Potter' }).expect(200);
    expect(body).toMatchObject({
      name: 'Mug',
      price: '4.50',
      description: null,
      supplier: 'Potter',
      attributes: { size: 'L' },
      version: 2,
    });
    const same = await admin.patch(`/products/${id}`, { price: 4.5, name: 'Mug', attributes: { size: 'L' } }).expect(200);
    expect(same.body.version).toBe(2);
    const [event] = await app.sql('SELECT type, before, after FROM events WHERE aggregate_id = $1 AND aggregate_version = 2', [id]);
    expect(event).toEqual({
      type: 'product.updated',
      before: { price: '4', description: 'Blue', supplier: null },
      after: { price: '4.5', description: null, supplier: 'Potter' },
    });
    await admin.patch(`/products/${id}`, {}).expect(400);
    await admin.patch(`/products/${id}`, { version: 7 }).expect(400);
  });

  it('by PUT empties what is left out, but for SKU, unit, status, price and cost', async () => {
    const categoryId = await idOf('/categories', { name: 'Cups' });
    const product = await created({
      sku: 'CUP',
      name: 'Cup',
      price: '4',
      cost: '2',
      categoryId,
      description: 'x',
      barcode: 'cup',
      allowsBackorder: true,
    });
    const { body } = await admin.put(`/products/${product.id}`, { name: 'Tea cup' }).expect(200);
    expect(body).toMatchObject({
      sku: 'CUP',
      name: 'Tea cup',
      price: '4.00',
      cost: '2.00',
      status: 'published',
      category: null,
      description: null,
      barcode: null,
      allowsBackorder: false,
    });
    expect((await admin.put(`/products/${product.id}`, { name: 'Tea cup', category: 'cups' }).expect(200)).body).toMatchObject({
      category: { id: categoryId },
    });
    await admin.put(`/products/${product.id}`, { price: '5' }).expect(400);
  });

  it('cannot take another product’s SKU', async () => {
    await created({ sku: 'TAKEN', name: 'A' });
    const { id } = await created({ name: 'B' });
    await admin.patch(`/products/${id}`, { sku: 'taken' }).expect(409);
  });

  it('a published product keeps its price', async () => {
    const { id } = await created({ name: 'Bell', price: '4' });
    const { body } = await admin.patch(`/products/${id}`, { price: null }).expect(409);
    expect(body.error.code).toBe('PRODUCT_NOT_PUBLISHABLE');
    const draft = await admin.patch(`/products/${id}`, { price: null, status: 'draft' }).expect(200);
    expect(draft.body).toMatchObject({ price: null, status: 'draft', version: 2 });
  });

  it('QTY-3: the unit changes while nothing was moved, and not after', async () => {
    const kg = await idOf('/units', { code: 'kg', name: 'Kilogram', category: 'mass' });
    const { id, unit } = await created({ name: 'Flour' });
    expect((await admin.patch(`/products/${id}`, { unitId: kg, reorderLevel: '0.5' }).expect(200)).body).toMatchObject({
      unit: { id: kg },
      reorderLevel: '0.5',
    });
    await admin.patch(`/products/${id}`, { unitId: unit.id }).expect(400); // half a piece
    const moved = await created({ name: 'Sugar', quantity: 2 });
    const { body } = await admin.patch(`/products/${moved.id}`, { unitId: kg }).expect(409);
    expect(body.error.code).toBe('PRODUCT_UNIT_FROZEN');
    await admin.patch(`/products/${moved.id}`, { tracksStock: false }).expect(409);
  });

  it('QTY-5: the unit must be allowed by the category, whichever of the two changes', async () => {
    const litre = await idOf('/units', { code: 'l', name: 'Litre', category: 'volume' });
    const categoryId = await idOf('/categories', { name: 'Oils', allowedUnitIds: [litre] });
    const piece = await created({ name: 'Bottle' });
    const { body } = await admin.patch(`/products/${piece.id}`, { categoryId }).expect(422);
    expect(body.error).toMatchObject({ code: 'UNIT_NOT_ALLOWED', details: { allowed: [litre] } });
    await admin.patch(`/products/${piece.id}`, { categoryId, unitId: litre }).expect(200);
    await admin.patch(`/products/${piece.id}`, { unitId: piece.unit.id }).expect(422);
  });

  it('C-6: 100 PATCHes with one If-Match: 1 × 200, 99 × 412', async () => {
    const { id } = await created({ name: 'Contested', price: '1' });
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) => admin.patch(`/products/${id}`, { price: String(n + 2) }).set('If-Match', '"1"')),
    );
    expect(tally(answers)).toEqual({ '200': 1, '412 VERSION_MISMATCH': 99 });
    expect(await app.eventsOf('product', id)).toEqual(['product.created', 'product.updated']);
  });

  it('a wrong If-Match tells the version there is', async () => {
    const { id } = await created({ name: 'Stale' });
    const { body } = await admin.patch(`/products/${id}`, { name: 'New' }).set('If-Match', '"3"').expect(412);
    expect(body.error).toMatchObject({ code: 'VERSION_MISMATCH', details: { expected: 3, current: 1 } });
    await admin.delete(`/products/${id}`).set('If-Match', '"3"').expect(412);
    await admin.post(`/products/${id}/archive`).set('If-Match', '"3"').expect(412);
  });
});

describe('CAT-1: the status of a product', () => {
  it('moves by PATCH and by verbs, with one event each', async () => {
    const { id } = await created({ name: 'Vase', price: '9' });
    const status = async (request: Promise<{ body: ProductAnswer }>): Promise<string> => (await request).body.status;
    expect(await status(admin.post(`/products/${id}/unpublish`).expect(200))).toBe('draft');
    expect(await status(admin.post(`/products/${id}/publish`).expect(200))).toBe('published');
    expect(await status(admin.post(`/products/${id}/publish`).expect(200))).toBe('published');
    expect(await status(admin.post(`/products/${id}/archive`).expect(200))).toBe('archived');
    const { body } = await admin.post(`/products/${id}/publish`).expect(409);
    expect(body.error).toMatchObject({ code: 'ILLEGAL_TRANSITION', details: { from: 'archived', to: 'published', allowed: ['draft'] } });
    expect(await status(admin.patch(`/products/${id}/status`, { status: 'draft' }).expect(200))).toBe('draft');
    await admin.patch(`/products/${id}/status`, { status: 'sold' }).expect(400);
    expect(await app.eventsOf('product', id)).toEqual(['product.created', ...Array.from({ length: 4 }, () => 'product.status_changed')]);
  });

  it('publishing needs a price', async () => {
    const { id } = await created({ name: 'Priceless' });
    const { body } = await admin.post(`/products/${id}/publish`).expect(409);
    expect(body.error.code).toBe('PRODUCT_NOT_PUBLISHABLE');
  });

  it('STK-15: DELETE removes what was never used and archives the rest', async () => {
    const unused = await created({ name: 'Unused', price: '1', quantity: 0 });
    await admin.delete(`/products/${unused.id}`).expect(204);
    await admin.get(`/products/${unused.id}`).expect(404);
    expect(await app.eventsOf('product', unused.id)).toEqual(['product.created', 'product.deleted']);

    const used = await created({ name: 'Used', quantity: 1 });
    await admin.delete(`/products/${used.id}`).expect(204);
    await admin.delete(`/products/${used.id}`).expect(204);
    expect((await admin.get(`/products/${used.id}`).expect(200)).body).toMatchObject({ status: 'archived', version: 2 });
    expect(await app.eventsOf('product', used.id)).toEqual(['product.created', 'product.status_changed']);
  });
});
