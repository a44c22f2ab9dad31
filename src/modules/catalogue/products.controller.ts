import { presentVerdicts, rowParser } from '../../http/bulk';
import type { Call } from '../../http/endpoint';
import { answerPage, pageWanted } from '../../http/lists/raw-list';
import { rawJson } from '../../http/reply';
import { proceed } from '../../kernel/bulk';
import { Forbidden, InvalidInput, invalidField } from '../../kernel/common-errors';
import type { Principal } from '../../kernel/context';
import { Decimal } from '../../kernel/decimal';
import type { ProductStatus } from './domain/product-status';
import type { ProductsBulkService } from './products-bulk.service';
import { PRODUCT_SORTS, type ProductsQueries } from './products.queries';
import {
  newProduct,
  type NewProductBody,
  type NewProductsBody,
  type ProductChanges,
  type ProductList,
  type ProductParams,
  type ProductReplacement,
  type ProductVerdicts,
  type ProductView,
  type StatusChange,
} from './products.schemas';
import type { NewProduct, ProductChange, ProductRights } from './product-rules';
import type { ProductsService } from './products.service';

/** What a replacement leaves out goes back to this. SKU, unit, status, price and cost stay: they can't be empty, or need a permission of their own. */
const EMPTY: ProductChange = {
  description: null,
  reorderLevel: null,
  reorderQuantity: null,
  barcode: null,
  supplier: null,
  attributes: {},
  tracksStock: true,
  allowsBackorder: false,
};

const parseRows = rowParser(newProduct);

export class ProductsController {
  constructor(
    private readonly products: ProductsService,
    private readonly bulk: ProductsBulkService,
    private readonly queries: ProductsQueries,
  ) {}

  list = async ({ query }: Call<{ query: ProductList }>) => {
    if (query.sort.by === 'relevance' && query.q === undefined) throw invalidField('query.sort', 'cannot be relevance without q');
    const wanted = pageWanted(query, PRODUCT_SORTS);
    return answerPage<ProductView>(await this.queries.list(wanted), wanted);
  };

  read = async ({ params }: Call<{ params: ProductParams }>) => {
    const { json, version } = await this.queries.read(params.productId);
    return rawJson<ProductView>(json, { version });
  };

  create = async ({ body, principal, request }: Call<{ body: NewProductBody }>) => {
    const { id, json, version } = await this.products.create(newProductOf(body, principal), rightsOf(principal));
    return rawJson<ProductView>(json, { version, status: 201, headers: { Location: `${request.path}/${id}` } });
  };

  createMany = async ({ body, principal }: Call<{ body: NewProductsBody }>): Promise<ProductVerdicts> => {
    const rows = proceed(await parseRows(body.rows), (row) => newProductOf(row, principal));
    return presentVerdicts(await this.bulk.create(rows, body.mode, rightsOf(principal)));
  };

  replace = ({ params, body, principal, expectedVersion }: Call<{ params: ProductParams; body: ProductReplacement }>) => {
    const category = body.categoryId === undefined && body.category === undefined ? { categoryId: null } : {};
    return this.update(params.productId, { ...EMPTY, ...category, ...oneCategory(body) }, expectedVersion, principal);
  };

  change = ({ params, body, principal, expectedVersion }: Call<{ params: ProductParams; body: ProductChanges }>) =>
    this.update(params.productId, oneCategory(body), expectedVersion, principal);

  changeStatus = ({ params, body, principal, expectedVersion }: Call<{ params: ProductParams; body: StatusChange }>) =>
    this.update(params.productId, body, expectedVersion, principal);

  publish = (call: Call<{ params: ProductParams }>) => this.moveTo('published', call);
  unpublish = (call: Call<{ params: ProductParams }>) => this.moveTo('draft', call);
  archive = (call: Call<{ params: ProductParams }>) => this.moveTo('archived', call);

  remove = ({ params, expectedVersion }: Call<{ params: ProductParams }>) => this.products.remove(params.productId, expectedVersion);

  private moveTo(status: ProductStatus, { params, principal, expectedVersion }: Call<{ params: ProductParams }>) {
    return this.update(params.productId, { status }, expectedVersion, principal);
  }

  private async update(productId: string, change: ProductChange, expectedVersion: number | undefined, principal: Principal) {
    const { json, version } = await this.products.update(productId, change, expectedVersion, rightsOf(principal));
    return rawJson<ProductView>(json, { version });
  }
}

const rightsOf = ({ permissions }: Principal): ProductRights => ({ maySetPrices: permissions.has('prices:write') });

function newProductOf({ initialStock, quantity, ...body }: NewProductBody, { permissions }: Principal): NewProduct {
  if (initialStock !== undefined && quantity !== undefined) throw onlyOne('initialStock', 'quantity');
  const initial = initialStock ?? (quantity === undefined ? undefined : { quantity });
  if (initial === undefined) return oneCategory(body);
  if (!permissions.has('stock:adjust'))
    throw new Forbidden('Initial stock needs the permission stock:adjust', { permission: 'stock:adjust' });
  return { ...oneCategory(body), initialStock: { ...initial, quantity: new Decimal(initial.quantity) } };
}

function oneCategory<T extends { categoryId?: string | null; category?: string | null }>(body: T): T {
  if (body.categoryId !== undefined && body.category !== undefined) throw onlyOne('categoryId', 'category');
  return body;
}

const onlyOne = (one: string, other: string): InvalidInput =>
  new InvalidInput(`Send either ${one} or ${other}, not both`, {
    issues: [{ path: `body.${other}`, message: `cannot be sent with ${one}` }],
  });
