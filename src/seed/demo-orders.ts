import type { Container } from '../container';
import type { SettableClock } from '../kernel/clock';
import { Decimal, ZERO } from '../kernel/decimal';
import type { Order } from '../modules/orders/domain/order';
import type { DemoFate, DemoOrder } from './demo-history';

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

/** Ids by the names the data uses. */
export interface DemoCompany {
  readonly stores: Readonly<Record<DemoOrder['store'], string>>;
  readonly products: ReadonlyMap<string, string>;
  readonly customers: readonly string[];
}

type Step =
  | 'confirmed'
  | 'processing'
  | 'part of it'
  | 'shipped'
  | 'delivered'
  | 'completed'
  | 'cancelled'
  | 'half paid'
  | 'paid'
  | 'part returned'
  | 'refunded';

const SOLD: readonly Step[] = ['confirmed', 'processing', 'shipped', 'delivered', 'paid'];

/** What is done to an order, in order, until its fate is reached. */
const STEPS: Readonly<Record<DemoFate, readonly Step[]>> = {
  draft: [],
  pending: [],
  confirmed: ['confirmed'],
  processing: ['confirmed', 'half paid', 'processing'],
  'part-shipped': ['confirmed', 'part of it'],
  shipped: ['confirmed', 'processing', 'half paid', 'shipped'],
  delivered: SOLD,
  completed: [...SOLD, 'completed'],
  returned: [...SOLD, 'part returned', 'completed'],
  refunded: [...SOLD, 'refunded'],
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
  const { placement } = container.modules.orders;
  clock.set(new Date(placedAt));
  const placed = await placement.place({
    order: requested(company, demo),
    draft: demo.fate === 'draft',
    answerOf: () => ({ status: 201, body: '', headers: {} }),
  });
  if (!('order' in placed)) throw new Error('an order without a key cannot be a repetition');

  for (const [index, step] of STEPS[demo.fate].entries()) {
    clock.set(new Date(Math.min(placedAt + (index + 1) * 9 * HOUR, today.getTime())));
    await take(step, container, placed.order);
  }
}

/** People in the shop pay by card, businesses by transfer. */
async function take(step: Step, container: Container, { id, number, total, customer, lines }: Order): Promise<void> {
  const { fulfilment, lifecycle, payments, returns } = container.modules.orders;
  const method = customer === null ? 'card' : 'bank_transfer';
  switch (step) {
    case 'part of it':
      await fulfilment.ship(id, { items: halfOf(lines), carrier: 'Avon Couriers', trackingNumber: `AC${number}` });
      return;
    case 'half paid':
      await payments.pay(id, { amount: total.div(2).toDecimalPlaces(2), method });
      return;
    case 'paid':
      await payments.pay(id, { method });
      return;
    case 'part returned': {
      const items = [{ itemId: lines[0]!.id, quantity: new Decimal(1), disposition: 'restock' as const }];
      const { made } = await returns.take(id, { items, reason: 'Ordered the wrong one' });
      await payments.refund(id, { returnId: made.id, reason: 'Returned' });
      return;
    }
    case 'refunded':
      await payments.refund(id, { reason: 'Arrived broken, not worth sending back' });
      await lifecycle.changeStatus(id, { status: 'refunded' });
      return;
    case 'cancelled':
      await lifecycle.cancel(id, { reason: 'The customer changed their mind' });
      return;
    case 'confirmed':
    case 'processing':
    case 'shipped':
    case 'delivered':
    case 'completed':
      await lifecycle.changeStatus(id, { status: step });
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
const halfOf = (lines: Order['lines']) => lines.map((line) => ({ itemId: line.id, quantity: line.quantity.div(2).ceil() }));
