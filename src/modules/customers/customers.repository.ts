import type { UnitOfWork } from '../../db/unit-of-work';
import { Prisma } from '../../generated/prisma/client';
import type { Address } from '../../kernel/address';
import { currentOrganizationId } from '../../kernel/context';
import type { Customer, NewCustomer } from './domain/customer';
import { CustomerNotFound } from './customers.errors';

export class CustomersRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  private get tx(): Prisma.TransactionClient {
    return this.unitOfWork.transaction;
  }

  /**
   * `update` holds off other changes of the customer; `delete` (FOR UPDATE) also new documents that would refer to it.
   * @throws CustomerNotFound
   */
  async lock(customerId: string, purpose: 'update' | 'delete' = 'update'): Promise<Customer> {
    const strength = purpose === 'update' ? Prisma.sql`FOR NO KEY UPDATE` : Prisma.sql`FOR UPDATE`;
    const [customer] = await this.tx.$queryRaw<Customer[]>`
      SELECT id::text, code, name, email, phone, company, billing_address AS "billingAddress", shipping_address AS "shippingAddress", country,
        tax_number AS "taxNumber", payment_terms AS "paymentTerms", trim_scale(credit_limit)::text AS "creditLimit", notes, anonymised_at AS "anonymisedAt", version
      FROM customers WHERE organization_id = ${currentOrganizationId()}::uuid AND id = ${customerId}::uuid ${strength}`;
    if (!customer) throw new CustomerNotFound(`There is no customer ${customerId}`);
    return customer;
  }

  /** Credit limits are amounts in this. */
  async currency(): Promise<string> {
    const { currency } = await this.unitOfWork.client.organization.findFirstOrThrow({
      where: { id: currentOrganizationId() },
      select: { currency: true },
    });
    return currency;
  }

  /** Documents of it, or a login that is or may be (somebody is invited to be this customer): they go on referring to it. */
  async isReferredTo(customerId: string, now: Date): Promise<boolean> {
    const [row] = await this.tx.$queryRaw<Array<{ found: boolean }>>`
      SELECT EXISTS (SELECT FROM orders d WHERE d.organization_id = o.id AND d.customer_id = c.id)
        OR EXISTS (SELECT FROM returns d WHERE d.organization_id = o.id AND d.customer_id = c.id)
        OR EXISTS (SELECT FROM payments d WHERE d.organization_id = o.id AND d.customer_id = c.id)
        OR EXISTS (SELECT FROM refunds d WHERE d.organization_id = o.id AND d.customer_id = c.id)
        OR EXISTS (SELECT FROM memberships m WHERE m.organization_id = o.id AND m.customer_id = c.id)
        OR EXISTS (SELECT FROM invitations i WHERE i.organization_id = o.id AND i.customer_id = c.id
          AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > ${now}) AS found
      FROM (SELECT ${currentOrganizationId()}::uuid AS id) o, (SELECT ${customerId}::uuid AS id) c`;
    return row!.found;
  }

  async insert({ billingAddress, shippingAddress, ...columns }: Customer, now: Date): Promise<void> {
    await this.tx.customer.create({
      data: {
        organizationId: currentOrganizationId(),
        ...columns,
        billingAddress: jsonOf(billingAddress),
        shippingAddress: jsonOf(shippingAddress),
        createdAt: now,
        updatedAt: now,
      },
      select: { id: true },
    });
  }

  /** The e-mail addresses and codes among those asked for that customers have already. */
  async taken(wanted: ReadonlyArray<Pick<NewCustomer, 'email' | 'code'>>): Promise<{ emails: Set<string>; codes: Set<string> }> {
    const emails = wanted.flatMap(({ email }) => email ?? []);
    const codes = wanted.flatMap(({ code }) => code ?? []);
    const rows = await this.unitOfWork.client.customer.findMany({
      where: { organizationId: currentOrganizationId(), OR: [{ email: { in: emails } }, { code: { in: codes } }] },
      select: { email: true, code: true },
    });
    return { emails: new Set(rows.flatMap(({ email }) => email ?? [])), codes: new Set(rows.flatMap(({ code }) => code ?? [])) };
  }

  /** Writes those whose e-mail address and code nobody has taken at the same moment; answers their ids. */
  async insertMany(customers: readonly Customer[], now: Date): Promise<Set<string>> {
    const rows = await this.tx.$queryRaw<Array<{ id: string }>>`
      INSERT INTO customers (organization_id, id, code, name, email, phone, company, billing_address, shipping_address, country, tax_number, payment_terms, credit_limit,
        notes, created_at, updated_at)
      SELECT ${currentOrganizationId()}::uuid, c.id, c.code, c.name, c.email, c.phone, c.company, c."billingAddress", c."shippingAddress", c.country, c."taxNumber",
        c."paymentTerms", c."creditLimit", c.notes, ${now}, ${now}
      FROM jsonb_to_recordset(${JSON.stringify(customers)}::jsonb) AS c (id uuid, code text, name text, email text, phone text, company text, "billingAddress" jsonb,
        "shippingAddress" jsonb, country text, "taxNumber" text, "paymentTerms" integer, "creditLimit" numeric, notes text)
      ORDER BY c.email, c.code
      ON CONFLICT DO NOTHING RETURNING id::text`;
    return new Set(rows.map(({ id }) => id));
  }

  async save({ id, billingAddress, shippingAddress, ...columns }: Customer, now: Date): Promise<void> {
    await this.tx.customer.updateMany({
      where: { organizationId: currentOrganizationId(), id },
      data: { ...columns, billingAddress: jsonOf(billingAddress), shippingAddress: jsonOf(shippingAddress), updatedAt: now },
    });
  }

  async remove(customerId: string): Promise<void> {
    await this.tx.customer.deleteMany({ where: { organizationId: currentOrganizationId(), id: customerId } });
  }

  /** The events stay, with a hash that no longer proves anything about anybody. */
  async erasePersonalData(customerId: string): Promise<void> {
    const organizationId = currentOrganizationId();
    await this.tx.$executeRaw`
      DELETE FROM event_personal_data d USING events e
      WHERE d.organization_id = ${organizationId}::uuid AND e.organization_id = ${organizationId}::uuid AND e.id = d.event_id
        AND e.aggregate_id = ${customerId}::uuid`;
  }
}

const jsonOf = (address: Address | null) => (address === null ? Prisma.DbNull : { ...address });
