import type { UnitOfWork } from '../../db/unit-of-work';
import type { VersionedJson } from '../../db/versioned-json';
import { changedFields } from '../../events/changed-fields';
import type { EventStore } from '../../events/event-store';
import type { Clock } from '../../kernel/clock';
import { Decimal } from '../../kernel/decimal';
import { requireVersion } from '../../kernel/expected-version';
import { newId } from '../../kernel/ids';
import { assertScale } from '../../kernel/money';
import { CustomerAnonymised } from './customers.errors';
import { customerAnonymised, customerCreated, customerDeleted, customerUpdated } from './customers.events';
import type { CustomersQueries } from './customers.queries';
import type { CustomersRepository } from './customers.repository';
import { anonymised, STANDARD_PAYMENT_TERMS, type Customer } from './domain/customer';

/** Undefined leaves a field as it is. */
export type CustomerChange = Partial<Omit<Customer, 'id' | 'version' | 'anonymisedAt'>>;
export type NewCustomer = CustomerChange & Pick<Customer, 'name'>;

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

  /** The country is that of the billing address, else of the shipping address, when none is named. */
  create(wanted: NewCustomer): Promise<CreatedCustomer> {
    return this.unitOfWork.run(async () => {
      await this.requireScale(wanted.creditLimit);
      const customer: Customer = {
        id: newId(),
        code: wanted.code ?? null,
        name: wanted.name,
        email: wanted.email ?? null,
        phone: wanted.phone ?? null,
        company: wanted.company ?? null,
        billingAddress: wanted.billingAddress ?? null,
        shippingAddress: wanted.shippingAddress ?? null,
        country: wanted.country ?? wanted.billingAddress?.country ?? wanted.shippingAddress?.country ?? null,
        taxNumber: wanted.taxNumber ?? null,
        paymentTerms: wanted.paymentTerms ?? STANDARD_PAYMENT_TERMS,
        creditLimit: wanted.creditLimit ?? null,
        notes: wanted.notes ?? null,
        anonymisedAt: null,
        version: 1,
      };
      await this.customers.insert(customer, this.clock.now());
      await this.events.append(customerCreated(customer));
      return { id: customer.id, ...(await this.queries.read(customer.id)) };
    });
  }

  /** Changes what is given. @throws CustomerAnonymised */
  update(customerId: string, change: CustomerChange, expectedVersion: number | undefined): Promise<VersionedJson> {
    return this.unitOfWork.run(async () => {
      const customer = await this.customers.lock(customerId);
      requireVersion(customer, expectedVersion);
      if (customer.anonymisedAt !== null) throw new CustomerAnonymised(`Customer ${customerId} was deleted; only the documents are kept`);
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

  /** CAT-3: with documents the customer becomes nameless, without it disappears. Either way the events forget who it was. */
  remove(customerId: string, expectedVersion: number | undefined): Promise<void> {
    return this.unitOfWork.run(async () => {
      const customer = await this.customers.lock(customerId, 'delete');
      requireVersion(customer, expectedVersion);
      if (customer.anonymisedAt !== null) return;
      await this.customers.erasePersonalData(customerId);
      if (await this.customers.hasDocuments(customerId)) {
        const now = this.clock.now();
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
