import type { Call } from '../../http/endpoint';
import { answerPage, pageWanted } from '../../http/lists/raw-list';
import { rawJson } from '../../http/reply';
import { Forbidden, InvalidInput } from '../../kernel/common-errors';
import type { Principal } from '../../kernel/context';
import { Decimal } from '../../kernel/decimal';
import { LEVEL_SORTS, LOW_STOCK_SORTS, type InventoryQueries } from './inventory.queries';
import type {
  AdjustedView,
  LevelList,
  LevelView,
  LowStockList,
  LowStockView,
  MovementList,
  MovementView,
  NewAdjustment,
  ProductAdjustment,
  ProductParams,
  ProductStockView,
  StockChange,
} from './inventory.schemas';
import type { InventoryService } from './inventory.service';
import { MOVEMENT_SORTS, type LedgerQueries } from './ledger.queries';
import type { Adjustment } from './stock.service';

export class InventoryController {
  constructor(
    private readonly inventory: InventoryService,
    private readonly queries: InventoryQueries,
    private readonly ledger: LedgerQueries,
  ) {}

  levels = async ({ query }: Call<{ query: LevelList }>) => {
    const wanted = pageWanted(query, LEVEL_SORTS);
    return answerPage<LevelView>(await this.queries.levels(wanted), wanted);
  };

  product = async ({ params }: Call<{ params: ProductParams }>) => rawJson<ProductStockView>(await this.queries.product(params.productId));

  movements = async ({ query }: Call<{ query: MovementList }>) => {
    const wanted = pageWanted(query, MOVEMENT_SORTS);
    return answerPage<MovementView>(await this.ledger.movements(wanted), wanted);
  };

  lowStock = async ({ query }: Call<{ query: LowStockList }>) => {
    const wanted = pageWanted(query, LOW_STOCK_SORTS);
    return answerPage<LowStockView>(await this.queries.lowStock(wanted), wanted);
  };

  adjust = async ({ body, principal }: Call<{ body: NewAdjustment }>) =>
    rawJson<AdjustedView>(await this.inventory.adjust(adjustmentOf(body, principal)));

  adjustProduct = async ({ params, body, principal }: Call<{ params: ProductParams; body: ProductAdjustment }>) =>
    rawJson<AdjustedView>(await this.inventory.adjustProduct(adjustmentOf({ ...body, ...params }, principal)));

  changeProduct = async ({ params, body, principal }: Call<{ params: ProductParams; body: StockChange }>) =>
    rawJson<AdjustedView>(await this.inventory.adjustProduct(adjustmentOf({ reason: 'correction', ...body, ...params }, principal)));
}

function adjustmentOf({ quantity, setTo, unitCost, ...rest }: NewAdjustment, { permissions }: Principal): Adjustment {
  if (unitCost !== undefined && !permissions.has('prices:write'))
    throw new Forbidden('Giving a cost needs the permission prices:write', { permission: 'prices:write' });
  return { ...rest, change: changeOf(quantity, setTo), ...(unitCost !== undefined && { unitCost: new Decimal(unitCost) }) };
}

function changeOf(quantity: string | undefined, setTo: string | undefined): Adjustment['change'] {
  if (quantity !== undefined && setTo === undefined) return { by: new Decimal(quantity) };
  if (setTo !== undefined && quantity === undefined) return { to: new Decimal(setTo) };
  const message = quantity === undefined ? 'is required, unless setTo is sent' : 'cannot be sent with setTo';
  throw new InvalidInput('Send either quantity or setTo', { issues: [{ path: 'body.quantity', message }] });
}
