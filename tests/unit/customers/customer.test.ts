import { anonymised, PERSONAL_FIELDS, type Customer } from '../../../src/modules/customers/domain/customer';
import { customerAnonymised, customerCreated, customerUpdated } from '../../../src/modules/customers/customers.events';

const address = { line1: '12 Mill Lane', line2: null, city: 'Leeds', region: null, postalCode: 'LS1 4DL', country: 'GB' };
const ada: Customer = {
  id: '01a1fdc2-0000-7000-8000-000000000001',
  code: 'C-1',
  name: 'Ada Byron',
  email: 'ada@example.com',
  phone: '0113',
  company: 'Analytical',
  billingAddress: address,
  shippingAddress: address,
  country: 'GB',
  taxNumber: 'GB1',
  paymentTerms: 30,
  creditLimit: '100',
  notes: 'likes engines',
  anonymisedAt: null,
  version: 1,
};

describe('CAT-3: a customer to be forgotten', () => {
  it('keeps nothing that names or describes the person', () => {
    const forgotten = anonymised(ada, new Date(0));
    expect(forgotten.name).toBe('Deleted customer');
    for (const field of PERSONAL_FIELDS) expect(field === 'name' || forgotten[field] === null).toBe(true);
    expect(forgotten.creditLimit).toBe('100');
  });

  it('events carry personal data apart from the rest', () => {
    const created = customerCreated(ada);
    expect(created.after).toEqual({ country: 'GB', paymentTerms: 30, creditLimit: '100' });
    expect(JSON.stringify(created.after)).not.toMatch(/Ada|Leeds|engines/);
    expect(created.personal).toMatchObject({ after: { name: 'Ada Byron', billingAddress: address } });
    const updated = customerUpdated(ada, 2, {
      before: { name: 'Ada Byron', paymentTerms: 30 },
      after: { name: 'Ada King', paymentTerms: 14 },
    });
    expect(updated).toMatchObject({ before: { paymentTerms: 30 }, after: { paymentTerms: 14 } });
    expect(updated.personal).toEqual({ before: { name: 'Ada Byron' }, after: { name: 'Ada King' } });
    expect(customerUpdated(ada, 2, { before: { paymentTerms: 30 }, after: { paymentTerms: 14 } }).personal).toBeUndefined();
    expect(customerAnonymised(ada)).not.toHaveProperty('personal');
  });
});
