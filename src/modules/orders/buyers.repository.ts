import type { UnitOfWork } from '../../db/unit-of-work';
import { currentOrganizationId } from '../../kernel/context';
import type { Order } from './domain/order';

/** The customers that orders are for, for commands in a unit of work. */
export class BuyersRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Null when there is none or it was anonymised. */
  async customer(customerId: string): Promise<Order['customer']> {
    return this.unitOfWork.client.customer.findFirst({
      where: { organizationId: currentOrganizationId(), id: customerId, anonymisedAt: null },
      select: { id: true, name: true },
    });
  }

  /** The id of the customer of exactly this name, when there is just one. */
  async customerNamed(name: string): Promise<string | undefined> {
    const rows = await this.unitOfWork.client.customer.findMany({
      where: { organizationId: currentOrganizationId(), name, anonymisedAt: null },
      select: { id: true },
      take: 2,
    });
    return rows.length === 1 ? rows[0]!.id : undefined;
  }
}
