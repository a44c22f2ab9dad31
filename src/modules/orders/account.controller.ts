import type { Call } from '../../http/endpoint';
import { answerPage, pageWanted } from '../../http/lists/raw-list';
import { rawJson } from '../../http/reply';
import { invalidField } from '../../kernel/common-errors';
import { STATEMENT_SORTS } from './account.queries';
import type { CustomerParams, StatementQuery, StatementView } from './account.schemas';
import type { AccountService } from './account.service';
import { ORDER_SORTS } from './orders.queries';
import type { CustomerOrderList, OrderSummary } from './orders.schemas';

export class AccountController {
  constructor(private readonly account: AccountService) {}

  orders = async ({ params, query }: Call<{ params: CustomerParams; query: CustomerOrderList }>) => {
    const wanted = pageWanted(query, ORDER_SORTS);
    return answerPage<OrderSummary>(await this.account.orders(params.customerId, wanted), wanted);
  };

  statement = async ({ params, query }: Call<{ params: CustomerParams; query: StatementQuery }>) => {
    if (query.from !== undefined && query.to !== undefined && query.to < query.from)
      throw invalidField('query.to', 'must not be before from');
    const wanted = pageWanted(query, STATEMENT_SORTS);
    const { head, page } = await this.account.statement(params.customerId, wanted);
    const { text } = answerPage(page, wanted);
    return rawJson<StatementView>(`${head.slice(0, -1)},${text.slice(1)}`);
  };
}
