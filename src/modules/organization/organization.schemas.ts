import { addressInput, addressView } from '../../http/fields/address-fields';
import {
  bool,
  describe,
  id,
  instantView,
  int,
  list,
  named,
  nullable,
  oneOf,
  optional,
  partial,
  percent,
  shape,
  text,
  withDefault,
  type Infer,
} from '../../http/fields/fields';
import { currency, timeZone } from '../../http/fields/locale-fields';
import { listQuery, pageOf } from '../../http/lists/paging';
import { STORE_KINDS } from './domain/store-kind';

const version = int(1, 2 ** 31 - 1);
const stamps = { version, createdAt: instantView(), updatedAt: instantView() };
const archived = () => describe(withDefault(bool(), false), 'The archived ones instead of those in use');

const organization = { name: text(120), currency: currency(), timeZone: timeZone() };
export const organizationChanges = named('OrganizationChanges', partial(organization));
export const organizationView = named('Organization', shape({ id: id(), ...organization, ...stamps }));

const storeCode = () => text(20, { pattern: /^[A-Za-z0-9_.-]+$/, hint: 'must be letters, digits, dots, dashes or underscores' });
const kind = () => oneOf(...STORE_KINDS);
const store = { code: storeCode(), name: text(120), kind: kind(), currency: currency(), address: nullable(addressInput) };
export const storeParams = shape({ storeId: id() });
export const newStore = named(
  'NewStore',
  shape({
    ...store,
    kind: withDefault(kind(), 'shop'),
    currency: describe(optional(currency()), "The organization's when left out"),
    address: optional(nullable(addressInput)),
  }),
);
export const storeChanges = named('StoreChanges', partial(store));
export const storeView = named(
  'Store',
  shape({ id: id(), ...store, address: nullable(addressView), archivedAt: nullable(instantView()), ...stamps }),
);
export const storeList = listQuery({ sort: ['createdAt', 'name', 'code'], default: 'createdAt' }, { archived: archived() });
export const storePage = pageOf('StorePage', storeView);

const taxRate = {
  name: text(60),
  rate: describe(percent(), 'Per cent as decimal text: 20 is 20 %'),
  inclusive: withDefault(bool(), false),
  isDefault: withDefault(bool(), false),
  categoryIds: describe(
    optional(list(id(), { max: 1000 })),
    'The categories whose products have this rate; unchanged when left out. A category has one rate at most.',
  ),
};
export const taxRateParams = shape({ taxRateId: id() });
export const taxRateInput = named('TaxRateInput', shape(taxRate));
export const taxRateView = named(
  'TaxRate',
  shape({
    id: id(),
    name: text(60),
    rate: percent(),
    inclusive: bool(),
    isDefault: bool(),
    categoryIds: list(id(), { max: 100_000 }),
    archivedAt: nullable(instantView()),
    ...stamps,
  }),
);
export const taxRateList = listQuery({ sort: ['name', 'rate'], default: 'name' }, { archived: archived() });
export const taxRatePage = pageOf('TaxRatePage', taxRateView);

export type OrganizationChangesBody = Infer<typeof organizationChanges>;
export type OrganizationView = Infer<typeof organizationView>;
export type StoreParams = Infer<typeof storeParams>;
export type NewStore = Infer<typeof newStore>;
export type StoreChangesBody = Infer<typeof storeChanges>;
export type StoreView = Infer<typeof storeView>;
export type StoreList = Infer<typeof storeList>;
export type TaxRateParams = Infer<typeof taxRateParams>;
export type TaxRateInput = Infer<typeof taxRateInput>;
export type TaxRateView = Infer<typeof taxRateView>;
export type TaxRateList = Infer<typeof taxRateList>;
