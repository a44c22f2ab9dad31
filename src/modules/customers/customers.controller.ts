import { presentVerdicts, rowParser } from '../../http/bulk';
import type { Call } from '../../http/endpoint';
import { answerPage, pageWanted } from '../../http/lists/raw-list';
import { rawJson } from '../../http/reply';
import { proceed } from '../../kernel/bulk';
import type { Principal } from '../../kernel/context';
import { storedAddress, type Address, type AddressInput } from '../../kernel/address';
import { CUSTOMER_SORTS, type CustomersQueries } from './customers.queries';
import {
  newCustomer,
  type CustomerChanges,
  type CustomerList,
  type CustomerParams,
  type CustomerReplacement,
  type CustomerVerdicts,
  type CustomerView,
  type NewCustomerBody,
  type NewCustomersBody,
} from './customers.schemas';
import type { CustomersService } from './customers.service';
import { STANDARD_PAYMENT_TERMS, type CustomerChange, type CustomerRights } from './domain/customer';

/** What a replacement leaves out goes back to this. */
const EMPTY: CustomerChange = {
  code: null,
  email: null,
  phone: null,
  company: null,
  billingAddress: null,
  shippingAddress: null,
  taxNumber: null,
  paymentTerms: STANDARD_PAYMENT_TERMS,
  creditLimit: null,
  notes: null,
};

const parseRows = rowParser(newCustomer);

export class CustomersController {
  constructor(
    private readonly customers: CustomersService,
    private readonly queries: CustomersQueries,
  ) {}

  list = async ({ query }: Call<{ query: CustomerList }>) => {
    const wanted = pageWanted(query, CUSTOMER_SORTS);
    return answerPage<CustomerView>(await this.queries.list(wanted), wanted);
  };

  read = async ({ params }: Call<{ params: CustomerParams }>) => {
    const { json, version } = await this.queries.read(params.customerId);
    return rawJson<CustomerView>(json, { version });
  };

  create = async ({ body, principal, request }: Call<{ body: NewCustomerBody }>) => {
    const { id, json, version } = await this.customers.create(withStoredAddresses(body), rightsOf(principal));
    return rawJson<CustomerView>(json, { version, status: 201, headers: { Location: `${request.path}/${id}` } });
  };

  createMany = async ({ body, principal }: Call<{ body: NewCustomersBody }>): Promise<CustomerVerdicts> => {
    const rows = proceed(await parseRows(body.rows), withStoredAddresses);
    return presentVerdicts(await this.customers.createMany(rows, body.mode, rightsOf(principal)));
  };

  replace = ({ params, body, principal, expectedVersion }: Call<{ params: CustomerParams; body: CustomerReplacement }>) => {
    const country = body.billingAddress?.country ?? body.shippingAddress?.country ?? null;
    return this.update(params.customerId, { ...EMPTY, country, ...withStoredAddresses(body) }, expectedVersion, principal);
  };

  change = ({ params, body, principal, expectedVersion }: Call<{ params: CustomerParams; body: CustomerChanges }>) =>
    this.update(params.customerId, withStoredAddresses(body), expectedVersion, principal);

  remove = ({ params, expectedVersion }: Call<{ params: CustomerParams }>) => this.customers.remove(params.customerId, expectedVersion);

  private async update(customerId: string, change: CustomerChange, expectedVersion: number | undefined, principal: Principal) {
    const { json, version } = await this.customers.update(customerId, change, expectedVersion, rightsOf(principal));
    return rawJson<CustomerView>(json, { version });
  }
}

const rightsOf = ({ permissions }: Principal): CustomerRights => ({ maySetCreditLimit: permissions.has('prices:write') });

type Stored<T> = Omit<T, 'billingAddress' | 'shippingAddress'> & { billingAddress?: Address | null; shippingAddress?: Address | null };

function withStoredAddresses<T extends { billingAddress?: AddressInput | null; shippingAddress?: AddressInput | null }>(
  body: T,
): Stored<T> {
  const { billingAddress, shippingAddress, ...rest } = body;
  return {
    ...rest,
    ...(billingAddress !== undefined && { billingAddress: billingAddress && storedAddress(billingAddress) }),
    ...(shippingAddress !== undefined && { shippingAddress: shippingAddress && storedAddress(shippingAddress) }),
  };
}
