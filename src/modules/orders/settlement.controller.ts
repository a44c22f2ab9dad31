import type { Call } from '../../http/endpoint';
import { rawJson } from '../../http/reply';
import { Decimal } from '../../kernel/decimal';
import type { OrderDocumentsQueries } from './order-documents.queries';
import type { OrderParams } from './orders.schemas';
import { presentOrder } from './orders.view';
import type { NewPaymentBody, NewRefundBody, PaymentsView, RefundsView } from './payments.schemas';
import type { PaymentsService } from './payments.service';
import type { NewReturnBody, ReturnsView } from './returns.schemas';
import type { ReturnsService } from './returns.service';
import { presentPayment, presentRefund, presentReturn } from './settlement.view';

/** What settles an order after it was placed: money that comes and goes, goods that come back. */
export class SettlementController {
  constructor(
    private readonly payments: PaymentsService,
    private readonly returns: ReturnsService,
    private readonly documents: OrderDocumentsQueries,
  ) {}

  listPayments = async ({ params }: Call<{ params: OrderParams }>) => rawJson<PaymentsView>(await this.documents.payments(params.orderId));

  pay = async ({ params, body, expectedVersion }: Call<{ params: OrderParams; body: NewPaymentBody }>) => {
    const { order, made } = await this.payments.pay(params.orderId, withAmount(body), expectedVersion);
    return { payment: presentPayment(made), order: presentOrder(order) };
  };

  listRefunds = async ({ params }: Call<{ params: OrderParams }>) => rawJson<RefundsView>(await this.documents.refunds(params.orderId));

  refund = async ({ params, body, expectedVersion }: Call<{ params: OrderParams; body: NewRefundBody }>) => {
    const { order, made } = await this.payments.refund(params.orderId, withAmount(body), expectedVersion);
    return { refunds: made.map(presentRefund), order: presentOrder(order) };
  };

  listReturns = async ({ params }: Call<{ params: OrderParams }>) => rawJson<ReturnsView>(await this.documents.returns(params.orderId));

  takeBack = async ({ params, body, expectedVersion }: Call<{ params: OrderParams; body: NewReturnBody }>) => {
    const items = body.items.map(({ quantity, ...item }) => ({ ...item, quantity: new Decimal(quantity) }));
    const { order, made } = await this.returns.take(params.orderId, { ...body, items }, expectedVersion);
    return { return: presentReturn(made), order: presentOrder(order) };
  };
}

const withAmount = <T extends { amount?: string }>({ amount, ...rest }: T) => ({
  ...rest,
  ...(amount !== undefined && { amount: new Decimal(amount) }),
});
