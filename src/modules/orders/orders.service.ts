import type { Address } from '../../kernel/address';
import { Forbidden, UnusableReference } from '../../kernel/common-errors';
import { isCustomer, onlyCustomer } from '../../kernel/own-orders';
import type { Decimal } from '../../kernel/decimal';
import { formatMoney } from '../../kernel/money';
import type { BuyersRepository } from './buyers.repository';
import type { Order } from './domain/order';
import { withLines } from './domain/order-change';
import { assertTotal, type EnteredDiscount } from './domain/order-totals';
import { assertChangeable, type ItemsService, type ReplacedItem } from './items.service';
import type { Change, OrderChanges } from './order-changes';
import { CustomerHasPaid } from './orders.errors';
import type { OrdersRepository } from './orders.repository';
import { assertNamed, type Placed, type PlacementRequest, type PlacementService, type RequestedOrder } from './placement.service';

/** What is left out is emptied. The store stays. */
export interface OrderReplacement extends EnteredDiscount {
  readonly customerId?: string | undefined;
  /** Of a buyer who is no customer, or whose customer is looked for by this name. */
  readonly customerName?: string | undefined;
  readonly items: readonly ReplacedItem[];
  readonly shippingAmount: Decimal;
  readonly billingAddress?: Address | undefined;
  readonly shippingAddress?: Address | undefined;
  /** YYYY-MM-DD */
  readonly dueDate?: string | undefined;
  readonly notes?: string | undefined;
  readonly externalReference?: string | undefined;
  readonly expectedTotal?: Decimal | undefined;
}

type Buyer = { readonly customerId: string } | { readonly guestName: string } | Record<string, never>;

/** Orders as a whole: placing and replacing them. */
export class OrdersService {
  constructor(
    private readonly placement: PlacementService,
    private readonly changes: OrderChanges,
    private readonly items: Pick<ItemsService, 'replaced' | 'changed'>,
    private readonly buyers: BuyersRepository,
    private readonly orders: Pick<OrdersRepository, 'find'>,
  ) {}

  /** @throws OrderNotFound */
  read(orderId: string): Promise<Order> {
    return this.orders.find(orderId);
  }

  /** A buyer may be named: the customer of exactly that name, when there is one, else a guest. */
  async place({ order: asked, ...request }: PlacementRequest): Promise<Placed> {
    const order = isCustomer() ? ownOrder(asked, request.draft) : asked;
    if (order.customerId !== undefined || order.customerName === undefined) return this.placement.place({ ...request, order });
    const { customerName, ...rest } = order;
    return this.placement.place({ ...request, order: { ...rest, ...(await this.buyer(undefined, customerName)) } });
  }

  /** ORD-9: header and items of an order that may still change. @throws ItemsFrozen, CustomerHasPaid, and what changing items throws */
  async replace(orderId: string, wanted: OrderReplacement, expectedVersion?: number): Promise<Order> {
    const buyer = await this.buyer(wanted.customerId, wanted.customerName);
    const replacing = async (order: Order): Promise<Change> => {
      assertChangeable(order);
      const customer = 'customerId' in buyer ? await this.customer(order, buyer.customerId) : null;
      assertNamed(customer, wanted.customerName);
      assertSamePayer(order, customer?.id ?? null);
      const header: Order = {
        ...order,
        customer,
        guestName: 'guestName' in buyer ? buyer.guestName : null,
        discountPercent: wanted.discountPercent ?? null,
        discountAmount: wanted.discountAmount ?? null,
        shippingAmount: wanted.shippingAmount,
        billingAddress: wanted.billingAddress ?? null,
        shippingAddress: wanted.shippingAddress ?? null,
        dueDate: wanted.dueDate ?? null,
        notes: wanted.notes ?? null,
        externalReference: wanted.externalReference ?? null,
      };
      const after = withLines(header, await this.items.replaced(order, wanted.items));
      assertTotal(after.total, wanted.expectedTotal, order.currency);
      return this.items.changed(order, after, 'order.updated');
    };
    return this.changes.run(orderId, expectedVersion, replacing, 'customerId' in buyer ? { customerId: buyer.customerId } : undefined);
  }

  /** The customer that the order has stays, even when it was anonymised since (CAT-3). @throws UnusableReference */
  private async customer(order: Order, customerId: string): Promise<Order['customer']> {
    const customer = order.customer?.id === customerId ? order.customer : await this.buyers.customer(customerId);
    if (customer === null) throw new UnusableReference(`There is no customer ${customerId}`, { field: 'customerId', id: customerId });
    return customer;
  }

  private async buyer(customerId: string | undefined, customerName: string | undefined): Promise<Buyer> {
    if (customerId !== undefined) return { customerId };
    if (customerName === undefined) return {};
    const known = await this.buyers.customerNamed(customerName);
    return known === undefined ? { guestName: customerName } : { customerId: known };
  }
}

/** What was paid is in the account of the order's customer, so the order stays there too. @throws CustomerHasPaid */
function assertSamePayer({ customer, paidAmount, currency }: Order, buyer: string | null): void {
  const customerId = customer?.id ?? null;
  if (paidAmount.isZero() || buyer === customerId) return;
  const paid = formatMoney(paidAmount, currency);
  throw new CustomerHasPaid(`${paid} ${currency} was paid for the order, so its customer stays`, { customerId, paid });
}

/** ORD-10: customers order for themselves. @throws Forbidden */
function ownOrder(asked: RequestedOrder, draft: boolean): RequestedOrder {
  const customerId = onlyCustomer();
  if (customerId == null) throw new Forbidden('Your login is not linked to a customer of the shop yet, so it cannot order');
  if ((asked.customerId !== undefined && asked.customerId !== customerId) || asked.customerName !== undefined)
    throw new Forbidden('Customers order for themselves: leave customerId and customerName out');
  if (asked.number !== undefined) throw new Forbidden('The shop gives the number of an order');
  if (draft) throw new Forbidden('Drafts are for the shop, which alone can place them: leave draft out');
  if (asked.dueDate !== undefined || !asked.shippingAmount.isZero())
    throw new Forbidden('The shop says what shipping costs and when an order is due: leave shippingAmount and dueDate out');
  return { ...asked, customerId };
}
