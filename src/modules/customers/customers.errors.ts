import { failure } from '../../kernel/app-error';

export class CustomerNotFound extends failure('CUSTOMER_NOT_FOUND', 404, 'No such customer') {}
export class CustomerAnonymised extends failure('CUSTOMER_ANONYMISED', 409, 'The customer was deleted; only the documents are kept') {}
