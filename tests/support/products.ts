import type { Requests } from './app';

/** What tests look at of a product that was answered. */
export interface ProductAnswer {
  id: string;
  sku: string;
  name: string;
  status: string;
  version: number;
  unit: { id: string };
  stock: { onHand: string };
}

export const createProduct = async (requests: Requests, body: object): Promise<ProductAnswer> =>
  (await requests.post('/products', body).expect(201)).body as ProductAnswer;
