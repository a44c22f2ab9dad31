import { bulkOf, verdictsOf } from '../../http/bulk';
import { addressInput, addressView, country } from '../../http/fields/address-fields';
import { custom, Field } from '../../http/fields/field';
import {
  countryCode,
  describe,
  email,
  id,
  instantView,
  int,
  money,
  named,
  nullable,
  optional,
  partial,
  shape,
  text,
  type Infer,
} from '../../http/fields/fields';
import { listQuery, pageOf } from '../../http/lists/paging';
import { LONGEST_TERM, paymentTermDays } from './domain/payment-terms';

/** Days, or what people write for them; becomes days. */
const paymentTerms = (): Field<number> =>
  new Field(
    custom((value) => {
      const days = typeof value === 'number' || typeof value === 'string' ? paymentTermDays(String(value)) : undefined;
      return days === undefined ? { problem: `must be 0 to ${LONGEST_TERM} days, or text such as "Net 30"` } : { value: days };
    }),
    () => ({
      anyOf: [
        { type: 'integer', minimum: 0, maximum: LONGEST_TERM },
        { type: 'string', maxLength: 20 },
      ],
      description: 'Days until an invoice is due, or text such as "Net 30"; 30 when left out',
      examples: [30, 'Net 30'],
    }),
  );

const name = () => text(200);
const code = () => describe(text(64), 'Its number in another system');
const phone = () => text(50);
const company = () => text(200);
const taxNumber = () => text(50);
const notes = () => text(5000, { min: 0 });
const days = () => describe(int(0, LONGEST_TERM), 'Days until an invoice is due');

const changeable = {
  code: optional(nullable(code())),
  email: optional(nullable(email())),
  phone: optional(nullable(phone())),
  company: optional(nullable(company())),
  billingAddress: optional(nullable(addressInput)),
  shippingAddress: optional(nullable(addressInput)),
  country: optional(
    describe(nullable(country()), 'That of the billing address, else of the shipping address, when a new customer has none'),
  ),
  taxNumber: optional(nullable(taxNumber())),
  paymentTerms: optional(paymentTerms()),
  creditLimit: optional(
    describe(
      nullable(money()),
      'How much open orders may owe, in the organization’s currency; null is no limit. Setting it needs the permission prices:write',
    ),
  ),
  notes: optional(nullable(notes())),
};

export const customerParams = shape({ customerId: id() });
export const newCustomer = named('NewCustomer', shape({ name: name(), ...changeable }));
export const newCustomers = bulkOf('NewCustomers', newCustomer);
export const customerVerdicts = verdictsOf('CustomerVerdicts', { id: optional(id()) });
export const customerReplacement = named('CustomerReplacement', shape({ name: name(), ...changeable }));
export const customerChanges = named('CustomerChanges', partial({ name: name(), ...changeable }));
export const customerView = named(
  'Customer',
  shape({
    id: id(),
    code: nullable(code()),
    name: name(),
    email: nullable(email()),
    phone: nullable(phone()),
    company: nullable(company()),
    billingAddress: nullable(addressView),
    shippingAddress: nullable(addressView),
    country: nullable(countryCode()),
    taxNumber: nullable(taxNumber()),
    paymentTerms: days(),
    creditLimit: nullable(money()),
    notes: nullable(notes()),
    anonymisedAt: describe(nullable(instantView()), 'When it was deleted; only its documents are kept then'),
    version: int(1, 2 ** 31 - 1),
    createdAt: instantView(),
    updatedAt: instantView(),
  }),
);

export const customerList = listQuery(
  { sort: ['name', 'createdAt'], default: 'name' },
  {
    q: optional(describe(text(100), 'Part of name, company, e-mail, phone or code')),
    email: optional(email()),
    country: optional(country()),
  },
);
export const customerPage = pageOf('CustomerPage', customerView);

export type CustomerParams = Infer<typeof customerParams>;
export type NewCustomerBody = Infer<typeof newCustomer>;
export type NewCustomersBody = Infer<typeof newCustomers>;
export type CustomerVerdicts = Infer<typeof customerVerdicts>;
export type CustomerReplacement = Infer<typeof customerReplacement>;
export type CustomerChanges = Infer<typeof customerChanges>;
export type CustomerView = Infer<typeof customerView>;
export type CustomerList = Infer<typeof customerList>;
