import type { UnitOfWork } from '../../db/unit-of-work';
import type { VersionedJson } from '../../db/versioned-json';
import { changedFields } from '../../events/changed-fields';
import type { EventStore } from '../../events/event-store';
import { acceptedOf, proceed, requireAll, type Attempt, type BulkMode } from '../../kernel/bulk';
import type { Clock } from '../../kernel/clock';
import { Duplicate } from '../../kernel/common-errors';
import { Decimal } from '../../kernel/decimal';
import { requireVersion } from '../../kernel/expected-version';
import { newId } from '../../kernel/ids';
import { assertScale } from '../../kernel/money';
import { CustomerAnonymised } from './customers.errors';
import { customerAnonymised, customerCreated, customerDeleted, customerUpdated } from './customers.events';
import type { CustomersQueries } from './customers.queries';
import type { CustomersRepository } from './customers.repository';
import {
  anonymised,
  composeCustomer,
  requireCreditRight,
  type Customer,
  type CustomerChange,
  type CustomerRights,
  type NewCustomer,
} from './domain/customer';

export interface BulkCustomer {
  readonly id: string;
}

export interface CreatedCustomer extends VersionedJson {
  readonly id: string;
}

export class CustomersService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly customers: CustomersRepository,
    private readonly queries: CustomersQueries,
    private readonly events: EventStore,
    private readonly clock: Clock,
  ) {}

  /** @throws Forbidden */
  create(wanted: NewCustomer, rights: CustomerRights): Promise<CreatedCustomer> {
    return this.unitOfWork.run(async () => {
      requireCreditRight(null, wanted.creditLimit, rights);
      await this.requireScale(wanted.creditLimit);
      const customer = composeCustomer(newId(), wanted);
      await this.customers.insert(customer, this.clock.now());
      await this.events.append(customerCreated(customer));
      return { id: customer.id, ...(await this.queries.read(customer.id)) };
    });
  }

  /**
   * Many new customers in one unit of work, in a few statements however many there are. An e-mail address or code that is taken, or that
   * comes twice (the first row keeps it), refuses its row. A row that comes refused stays so. @throws RowsRejected in atomic mode
   */
  createMany(rows: ReadonlyArray<Attempt<NewCustomer>>, mode: BulkMode, rights: CustomerRights): Promise<Array<Attempt<BulkCustomer>>> {
    return this.unitOfWork.run(async () => {
      const currency = await this.customers.currency();
      const taken = await this.customers.taken(acceptedOf(rows));
      const judged = proceed(rows, (wanted) => {
        requireCreditRight(null, wanted.creditLimit, rights);
        if (wanted.creditLimit) assertScale(new Decimal(wanted.creditLimit), currency, 'creditLimit');
        const customer = composeCustomer(newId(), wanted);
        requireFree('e-mail address', customer.email, taken.emails);
        requireFree('code', customer.code, taken.codes);
        if (customer.email !== null) taken.emails.add(customer.email);
        if (customer.code !== null) taken.codes.add(customer.code);
        return customer;
      });
      requireAll(mode, judged);
      const made = await this.customers.insertMany(acceptedOf(judged), this.clock.now());
      const written = proceed(judged, (customer) => {
        if (!made.has(customer.id)) throw new Duplicate('Another customer has just taken the e-mail address or code');
        return customer;
      });
      requireAll(mode, written);
      await this.events.append(...acceptedOf(written).map(customerCreated));
      return proceed(written, ({ id }) => ({ id }));
    });
  }

  /** Changes what is given. @throws CustomerAnonymised, Forbidden */
  update(customerId: string, change: CustomerChange, expectedVersion: number | undefined, rights: CustomerRights): Promise<VersionedJson> {
    return this.unitOfWork.run(async () => {
      const customer = await this.customers.lock(customerId);
      requireVersion(customer, expectedVersion);
      if (customer.anonymisedAt !== null) throw new CustomerAnonymised(`Customer ${customerId} was deleted; only the documents are kept`);
      requireCreditRight(customer.creditLimit, change.creditLimit, rights);
      await this.requireScale(change.creditLimit);
      const changed: Customer = { ...customer, ...change };
      const difference = changedFields(customer, changed);
      if (difference) {
        const version = customer.version + 1;
        await this.customers.save({ ...changed, version }, this.clock.now());
        await this.events.append(customerUpdated(customer, version, difference));
      }
      return this.queries.read(customerId);
    });
  }

  /** CAT-3: with documents (or a login, or an open invitation to one) the customer becomes nameless, without it disappears. Either way the events forget who it was. */
  remove(customerId: string, expectedVersion: number | undefined): Promise<void> {
    return this.unitOfWork.run(async () => {
      const customer = await this.customers.lock(customerId, 'delete');
      requireVersion(customer, expectedVersion);
      if (customer.anonymisedAt !== null) return;
      await this.customers.erasePersonalData(customerId);
      const now = this.clock.now();
      if (await this.customers.isReferredTo(customerId, now)) {
        await this.customers.save({ ...anonymised(customer, now), version: customer.version + 1 }, now);
        await this.events.append(customerAnonymised(customer));
      } else {
        await this.customers.remove(customerId);
        await this.events.append(customerDeleted(customer));
      }
    });
  }

  /** MON-10 */
  private async requireScale(creditLimit: string | null | undefined): Promise<void> {
    if (creditLimit) assertScale(new Decimal(creditLimit), await this.customers.currency(), 'creditLimit');
  }
}

function requireFree(what: string, value: string | null, taken: ReadonlySet<string>): void {
  if (value !== null && taken.has(value)) throw new Duplicate(`Another customer or an earlier row already has the ${what} ${value}`);
}
