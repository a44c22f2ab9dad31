import type { Call } from '../../http/endpoint';
import { readCursor } from '../../http/lists/cursor';
import { answerPage } from '../../http/lists/raw-list';
import { rawJson } from '../../http/reply';
import { invalidField } from '../../kernel/common-errors';
import type { CustomerParams, StatementQuery, StatementView } from './account.schemas';
import type { AccountService } from './account.service';
import { ORDER_KEY_KINDS } from './orders.controller';
import type { CustomerOrderList, OrderSummary } from './orders.schemas';

export class AccountController {
  constructor(private readonly account: AccountService) {}

  orders = async ({ params, query }: Call<{ params: CustomerParams; query: CustomerOrderList }>) => {
    const seek = readCursor(query.cursor, query.sort, [ORDER_KEY_KINDS[query.sort.by], 'id']);
    const wanted = { ...query, sortBy: query.sort.by, descending: query.sort.descending, seek };
    return answerPage<OrderSummary>(await this.account.orders(params.customerId, wanted), query, seek);
  };

  statement = async ({ params, query }: Call<{ params: CustomerParams; query: StatementQuery }>) => {
    if (query.from !== undefined && query.to !== undefined && query.to < query.from)
      throw invalidField('query.to', 'must not be before from');
    const seek = readCursor(query.cursor, query.sort, ['instant', 'id']);
    const { head, page } = await this.account.statement(params.customerId, { ...query, descending: query.sort.descending, seek });
    const { text } = answerPage(page, query, seek);
    return rawJson<StatementView>(`${head.slice(0, -1)},${text.slice(1)}`);
  };
}
