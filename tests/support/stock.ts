import { idOfNew, type Requests, type SignedUp, type TestApp } from './app';

export interface LevelAnswer {
  readonly productId: string;
  readonly storeId: string;
  readonly onHand: string;
  readonly reserved: string;
  readonly available: string;
  readonly value: string;
}

export interface MovementAnswer {
  readonly id: string;
  readonly productId: string;
  readonly storeId: string;
  readonly kind: string;
  readonly quantity: string;
  readonly unitCost: string;
  readonly value: string;
  readonly quantityAfter: string;
  readonly valueAfter: string;
  readonly occurredAt: string;
}

export interface AdjustedAnswer {
  readonly level: LevelAnswer;
  readonly movement: MovementAnswer | null;
}

/** An organization whose stock is played with. */
export interface StockRoom {
  readonly owner: SignedUp;
  readonly admin: Requests;
  /** A new product's id. Costs nothing unless told otherwise. */
  product(fields?: object): Promise<string>;
  store(code: string): Promise<string>;
  /** An adjustment that must succeed. */
  adjust(body: object): Promise<AdjustedAnswer>;
  /** Of the product in the only store that ever held it. */
  level(productId: string): Promise<LevelAnswer>;
}

export async function stockRoom(app: TestApp, organization: Parameters<TestApp['signUp']>[0] = {}): Promise<StockRoom> {
  const owner = await app.signUp(organization);
  const admin = app.as(owner.token);
  const idOf = (path: string, body: object): Promise<string> => idOfNew(admin, path, body);
  let made = 0;
  return {
    owner,
    admin,
    product: (fields = {}) => idOf('/products', { name: `Thing ${++made}`, price: '10', ...fields }),
    store: (code) => idOf('/stores', { code, name: code }),
    adjust: async (body) => (await admin.post('/inventory/adjust-stock', body).expect(200)).body as AdjustedAnswer,
    level: async (productId) => {
      const { levels } = (await admin.get(`/inventory/${productId}`).expect(200)).body as { levels: LevelAnswer[] };
      expect(levels).toHaveLength(1);
      return levels[0]!;
    },
  };
}
