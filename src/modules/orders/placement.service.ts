import { judgeClaim } from '../../db/idempotency';
import type { Lane } from '../../db/hot-lane';
import type { Clock } from '../../kernel/clock';
import { UnusableReference } from '../../kernel/common-errors';
import { isDryRun } from '../../kernel/context';
import { type Decimal, ZERO } from '../../kernel/decimal';
import type { Answer, IdempotencyClaim } from '../../kernel/idempotency';
import { newId } from '../../kernel/ids';
import { requireStore } from '../../kernel/store-access';
import { keyOf, shortages, sumDemand, type Demand, type StockLevel } from '../inventory/domain/stock-level';
import { storeNotUsable } from '../inventory/inventory.errors';
import { insufficientStock } from '../inventory/stock.service';
import type { Address } from '../../kernel/address';
import type { Order } from './domain/order';
import { compose, draftLines, type RequestedLine } from './domain/order-composition';
import { assertWithinCredit } from './domain/order-money';
import { paymentStatus } from './domain/order-status';
import { assertTotal, type EnteredDiscount } from './domain/order-totals';
import type { NumberBlocks } from './number-blocks';
import { orderDrafted, orderPlaced } from './orders.events';
import type { PlacementFacts, PlacementRepository, PlacementStore } from './placement.repository';

export interface RequestedOrder extends EnteredDiscount {
  /** The oldest store the caller may use when left out. */
  readonly storeId?: string;
  readonly customerId?: string;
  /** Of a buyer whose customer is looked for by this name. */
  readonly customerName?: string;
  readonly guestName?: string;
  readonly items: readonly RequestedLine[];
  readonly shippingAmount: Decimal;
  readonly billingAddress?: Address;
  readonly shippingAddress?: Address;
  /** YYYY-MM-DD */
  readonly dueDate?: string;
  readonly notes?: string;
  /** A number of the caller's own. */
  readonly number?: string;
  readonly externalReference?: string;
  /** What the caller believes the total to be; checked. */
  readonly expectedTotal?: Decimal;
}

export interface PlacementRequest {
  readonly order: RequestedOrder;
  /** A draft has no number and reserves nothing. */
  readonly draft: boolean;
  readonly claim?: IdempotencyClaim;
  /** The answer to give, and to store under the key. */
  readonly answerOf: (order: Order) => Answer;
}

export type Placed = { readonly order: Order; readonly answer: Answer } | { readonly replayed: Answer };

/**
 * Places an order, the hottest command of the house: 1. one round trip takes the idempotency key, reads parties and products and locks the
 * stock levels in lock order; 2. prices, totals and shortages are decided here; 3. one statement reserves the stock, writes order, lines,
 * reservations, event and the answer to store, and commits. A refusal has written nothing.
 */
export class PlacementService {
  constructor(
    private readonly placements: PlacementRepository,
    private readonly numbers: NumberBlocks,
    private readonly clock: Clock,
    private readonly onPlaced: () => void,
  ) {}

  async place(request: PlacementRequest): Promise<Placed> {
    if (request.draft) return this.placements.run((lane) => this.attempt(lane, request, null));
    const { number: own } = request.order;
    if (own !== undefined) return this.counted(await this.placements.run((lane) => this.attempt(lane, request, own)));
    const attempt = (number: string) => this.placements.run((lane) => this.attempt(lane, request, number));
    return this.counted(await this.numbers.lend(attempt, (placed) => 'order' in placed));
  }

  private counted(placed: Placed): Placed {
    if ('order' in placed && !isDryRun()) this.onPlaced();
    return placed;
  }

  private async attempt(lane: Lane, request: PlacementRequest, number: string | null): Promise<Placed> {
    const { order: requested, claim, draft } = request;
    const question = {
      claim,
      storeId: requested.storeId,
      customerId: requested.customerId,
      productIds: [...new Set(requested.items.map((item) => item.productId))].sort(),
      unitIds: [...new Set(requested.items.flatMap((item) => item.unitId ?? []))],
      lock: !draft,
    };
    let facts = await this.placements.learn(lane, question);
    const stored = claim && facts.claim ? judgeClaim(claim, facts.claim) : undefined;
    if (stored) return { replayed: stored };

    const order = this.composed(request, facts, number);
    if (facts.credit !== null && !draft) assertWithinCredit(facts.credit, order);
    const demands = draft ? [] : demandOf(order);
    const unheld = demands.filter(
      ({ productId }) => facts.products.get(productId)!.allowsBackorder && !facts.products.get(productId)!.hasLevel,
    );
    if (unheld.length > 0) {
      await this.placements.ensureLevels(
        lane,
        order.store.id,
        unheld.map((demand) => demand.productId),
      );
      facts = await this.placements.learn(lane, { ...question, claim: undefined });
    }
    const short = shortages(demands, levelsOf(facts, order.store.id));
    if (short.length > 0) throw insufficientStock(short, facts.products);

    const now = this.clock.now();
    const answer = request.answerOf(order);
    const event = draft ? orderDrafted(order) : orderPlaced(order);
    await this.placements.write(lane, { order, demands, event, stored: claim && { claim, answer } }, now);
    return { order, answer };
  }

  private composed({ order: requested, draft }: PlacementRequest, facts: PlacementFacts, number: string | null): Order {
    const store = usable(facts.store, requested.storeId);
    if (requested.customerId !== undefined && facts.customer === null)
      throw new UnusableReference(`There is no customer ${requested.customerId}`, { field: 'customerId', id: requested.customerId });
    assertNamed(facts.customer, requested.customerName);
    const composition = compose(draftLines(requested.items, facts, store.currency), {
      discountPercent: requested.discountPercent,
      discountAmount: requested.discountAmount,
      currency: store.currency,
      shippingAmount: requested.shippingAmount,
    });
    assertTotal(composition.total, requested.expectedTotal, store.currency);
    const now = this.clock.now();
    const { customer } = facts;
    return {
      id: newId(),
      number,
      externalReference: requested.externalReference ?? null,
      status: draft ? 'draft' : 'pending',
      fulfilmentStatus: 'unfulfilled',
      paymentStatus: paymentStatus({ total: composition.total, paid: ZERO, refunded: ZERO }),
      store: { id: store.id, code: store.code, name: store.name },
      customer: customer && { id: customer.id, name: customer.name },
      guestName: customer ? null : (requested.guestName ?? null),
      currency: store.currency,
      discountPercent: requested.discountPercent ?? null,
      discountAmount: requested.discountAmount ?? null,
      lines: composition.lines,
      subtotal: composition.subtotal,
      discountTotal: composition.discountTotal,
      shippingAmount: composition.shippingAmount,
      taxTotal: composition.taxTotal,
      taxIncluded: composition.taxIncluded,
      total: composition.total,
      cancelledAmount: ZERO,
      cancelledTax: ZERO,
      returnedAmount: ZERO,
      returnedTax: ZERO,
      paidAmount: ZERO,
      refundedAmount: ZERO,
      returnRefundedAmount: ZERO,
      billingAddress: requested.billingAddress ?? customer?.billingAddress ?? null,
      shippingAddress: requested.shippingAddress ?? customer?.shippingAddress ?? null,
      notes: requested.notes ?? null,
      dueDate: requested.dueDate ?? null,
      orderedAt: draft ? null : now,
      version: 1,
      createdAt: now,
      updatedAt: now,
    };
  }
}

/** A buyer who is told by id and by name has to be one person: nothing that was sent is passed over. @throws UnusableReference */
export function assertNamed(customer: Order['customer'], name: string | undefined): void {
  if (customer === null || name === undefined || customer.name === name) return;
  throw new UnusableReference(`Customer ${customer.id} is ${customer.name}, not ${name}`, { field: 'customerName', id: customer.id });
}

function usable(store: PlacementStore | null, asked: string | undefined): PlacementStore {
  if (store) {
    requireStore(store.id);
    return store;
  }
  throw storeNotUsable(asked);
}

/** STK-6: lines of one product count together. Services take no stock. */
const demandOf = (order: Order): Demand[] =>
  sumDemand(
    order.lines
      .filter((line) => line.tracksStock)
      .map((line) => ({ productId: line.productId, storeId: order.store.id, quantity: line.quantity })),
  );

function levelsOf(facts: PlacementFacts, storeId: string): Map<string, StockLevel> {
  const levels = new Map<string, StockLevel>();
  for (const product of facts.products.values()) {
    if (!product.hasLevel) continue;
    const level = {
      productId: product.id,
      storeId,
      onHand: product.onHand,
      reserved: product.reserved,
      value: ZERO,
      allowsBackorder: product.allowsBackorder,
    };
    levels.set(keyOf(level), level);
  }
  return levels;
}
