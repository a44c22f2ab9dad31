import type { Container } from '../container';
import type { SettableClock } from '../kernel/clock';
import { Decimal, ZERO } from '../kernel/decimal';
import type { Order } from '../modules/orders/domain/order';
import type { DemoFate, DemoOrder } from './demo-data';

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

/** Ids by the names the data uses. */
export interface DemoCompany {
  readonly stores: Readonly<Record<DemoOrder['store'], string>>;
  readonly products: ReadonlyMap<string, string>;
  readonly customers: readonly string[];
}

type Step = 'confirmed' | 'processing' | 'part of it' | 'shipped' | 'delivered' | 'completed' | 'cancelled';

/** What is done to an order, in order, until its fate is reached. */
const STEPS: Readonly<Record<DemoFate, readonly Step[]>> = {
  draft: [],
  pending: [],
  confirmed: ['confirmed'],
  processing: ['confirmed', 'processing'],
  'part-shipped': ['confirmed', 'part of it'],
  shipped: ['confirmed', 'processing', 'shipped'],
  delivered: ['confirmed', 'processing', 'shipped', 'delivered'],
  completed: ['confirmed', 'processing', 'shipped', 'delivered', 'completed'],
  cancelled: ['cancelled'],
};

/** Places the order on its day and leads it to its fate, some hours between the steps but never past today. */
export async function playOrder(
  container: Container,
  clock: SettableClock,
  company: DemoCompany,
  demo: DemoOrder,
  today: Date,
): Promise<void> {
  const placedAt = today.getTime() - demo.daysAgo * DAY - 3 * HOUR;
  const { placement, fulfilment, lifecycle } = container.modules.orders;
  clock.set(new Date(placedAt));
  const placed = await placement.place({
    order: requested(company, demo),
    draft: demo.fate === 'draft',
    answerOf: () => ({ status: 201, body: '', headers: {} }),
  });
  if (!('order' in placed)) throw new Error('an order without a key cannot be a repetition');

  for (const [index, step] of STEPS[demo.fate].entries()) {
    clock.set(new Date(Math.min(placedAt + (index + 1) * 9 * HOUR, today.getTime())));
    if (step === 'part of it')
      await fulfilment.ship(placed.order.id, {
        items: halfOf(placed.order),
        carrier: 'Avon Couriers',
        trackingNumber: `AC${placed.order.number}`,
      });
    else if (step === 'cancelled') await lifecycle.cancel(placed.order.id, { reason: 'The customer changed their mind' });
    else await lifecycle.changeStatus(placed.order.id, { status: step });
  }
}

function requested(company: DemoCompany, demo: DemoOrder) {
  return {
    storeId: company.stores[demo.store],
    ...(demo.customer === null ? { guestName: 'At the counter' } : { customerId: company.customers[demo.customer]! }),
    items: demo.items.map(([sku, quantity]) => ({ productId: company.products.get(sku)!, quantity: new Decimal(quantity) })),
    ...(demo.discountPercent !== undefined && { discountPercent: new Decimal(demo.discountPercent) }),
    shippingAmount: demo.shippingAmount === undefined ? ZERO : new Decimal(demo.shippingAmount),
  };
}

/** Half of every line, in whole units. */
const halfOf = (order: Order) => order.lines.map((line) => ({ itemId: line.id, quantity: line.quantity.div(2).ceil() }));
