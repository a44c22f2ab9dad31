import type { Call } from '../../http/endpoint';
import { answerPage, pageWanted } from '../../http/lists/raw-list';
import { Decimal } from '../../kernel/decimal';
import { type OrderDocumentsQueries, PAYMENT_SORTS, REFUND_SORTS, RETURN_SORTS } from './order-documents.queries';
import type { OrderParams } from './orders.schemas';
import { presentOrder } from './orders.view';
import type { NewPaymentBody, NewRefundBody, PaymentList, PaymentView, RefundList, RefundView } from './payments.schemas';
import type { PaymentsService } from './payments.service';
import type { NewReturnBody, ReturnList, ReturnView } from './returns.schemas';
import type { ReturnsService } from './returns.service';
import { presentPayment, presentRefund, presentReturn } from './settlement.view';

/** What settles an order after it was placed: money that comes and goes, goods that come back. */
export class SettlementController {
  constructor(
    private readonly payments: PaymentsService,
    private readonly returns: ReturnsService,
    private readonly documents: OrderDocumentsQueries,
  ) {}

  listPayments = async ({ params, query }: Call<{ params: OrderParams; query: PaymentList }>) => {
    const wanted = pageWanted(query, PAYMENT_SORTS);
    return answerPage<PaymentView>(await this.documents.payments(params.orderId, wanted), wanted);
  };

  pay = async ({ params, body, expectedVersion }: Call<{ params: OrderParams; body: NewPaymentBody }>) => {
    const { order, made } = await this.payments.pay(params.orderId, withAmount(body), expectedVersion);
    return { payment: presentPayment(made), order: presentOrder(order) };
  };

  listRefunds = async ({ params, query }: Call<{ params: OrderParams; query: RefundList }>) => {
    const wanted = pageWanted(query, REFUND_SORTS);
    return answerPage<RefundView>(await this.documents.refunds(params.orderId, wanted), wanted);
  };

  refund = async ({ params, body, expectedVersion }: Call<{ params: OrderParams; body: NewRefundBody }>) => {
    const { order, made } = await this.payments.refund(params.orderId, withAmount(body), expectedVersion);
    return { refunds: made.map(presentRefund), order: presentOrder(order) };
  };

  listReturns = async ({ params, query }: Call<{ params: OrderParams; query: ReturnList }>) => {
    const wanted = pageWanted(query, RETURN_SORTS);
    return answerPage<ReturnView>(await this.documents.returns(params.orderId, wanted), wanted);
  };

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
