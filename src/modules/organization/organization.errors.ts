import { failure } from '../../kernel/app-error';

export class CurrencyFixed extends failure('CURRENCY_FIXED', 409, 'Prices and documents are already kept in the currency') {}

export class StoreNotFound extends failure('STORE_NOT_FOUND', 404, 'No such store') {}
export class StoreArchived extends failure('STORE_ARCHIVED', 409, 'An archived store cannot be changed') {}
/** details: { productsInStock, openOrders } */
export class StoreInUse extends failure('STORE_IN_USE', 409, 'The store still has stock or open orders') {}
export class LastStore extends failure('LAST_STORE', 409, 'An organization keeps at least one store in use') {}

export class TaxRateNotFound extends failure('TAX_RATE_NOT_FOUND', 404, 'No such tax rate') {}
export class TaxRateArchived extends failure('TAX_RATE_ARCHIVED', 409, 'An archived tax rate cannot be changed') {}
export class AmbiguousOrganization extends failure('AMBIGUOUS_ORGANIZATION', 409, 'More than one organization has this name') {}
