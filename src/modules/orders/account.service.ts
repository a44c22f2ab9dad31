import type { JsonPage, PageWanted } from '../../db/json-page';
import type { UnitOfWork } from '../../db/unit-of-work';
import type { AccountQueries, StatementPeriod } from './account.queries';
import type { OrdersQueries, OrdersWanted } from './orders.queries';

/** What a customer ordered and owes. */
export class AccountService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly account: AccountQueries,
    private readonly queries: Pick<OrdersQueries, 'list'>,
  ) {}

  /** @throws CustomerNotFound */
  async orders(customerId: string, wanted: Omit<OrdersWanted, 'customerId'>): Promise<JsonPage> {
    await this.account.requireCustomer(customerId);
    return this.queries.list({ ...wanted, customerId });
  }

  /** Head and entries of one moment, so that they add up. @throws CustomerNotFound */
  statement(customerId: string, wanted: StatementPeriod & PageWanted): Promise<{ head: string; page: JsonPage }> {
    return this.unitOfWork.read(async () => ({
      head: await this.account.head(customerId, wanted),
      page: await this.account.page(customerId, wanted),
    }));
  }
}
