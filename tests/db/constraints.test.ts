import { connect, type DatabaseClient } from '../../src/db/client';
import { constraintError, namedConstraints } from '../../src/db/constraints';
import { toAppError } from '../../src/db/db-errors';
import { HotLane } from '../../src/db/hot-lane';
import { UnitOfWork } from '../../src/db/unit-of-work';
import { Prisma } from '../../src/generated/prisma/client';
import { asOrganization } from '../../src/kernel/context';
import { newId } from '../../src/kernel/ids';
import { healthyData, key } from '../integrity/healthy-data';
import { freshDatabase, queryOnce, type TestDatabase } from '../support/database';

/**
 * Rules that no request can break, because an earlier layer refuses what would: they are answered as 500 and logged, since a person could do
 * nothing about them. A new rule stands here, or gets its sentence in src/db/constraints.ts.
 */
const ONLY_A_MISTAKE_OF_OURS: readonly RegExp[] = [
  // No field takes NaN, and closed lists are closed in the schemas and state machines.
  /_no_nan_check$/,
  /_(status|kind|actor_kind|role|verdict|disposition)_check$/,
  // Never reported: the function behind it names the rule that was broken.
  /_sound_check$/,
  // The service makes an admin unlimited before the row is written.
  /^(memberships|invitations)_admin_unlimited_check$/,
  // Fields with the same limits, or normalized when they are read.
  /^(organizations|stores|products|orders)_currency_check$/,
  /^(users|customers|invitations)_email_lower_check$/,
  /^(products_(price|cost|reorder)|customers_(credit_limit|payment_terms)|tax_rates_rate|units_factor|idempotency_keys_key)_check$/,
  // Computed here, never sent.
  /^categories_(level|not_own_parent)_check$/,
  /^number_series_next_value_check$/,
  /^orders_(placed|one_discount_form|discount|amounts|total|paid|refunded|refunded_in_full)_check$/,
  /^order_lines_(quantity|prices|discounts|total|open|returned)_check$/,
  /^(payments|refunds|returns|return_lines)_amounts_check$/,
  /^shipment_lines_quantity_check$/,
  /^stock_movements_(quantity|adjustment_reason)_check$/,
  /^stock_levels_(reserved|value)_check$/,
  /^stock_reservations_(quantity|open_while_active)_check$/,
  /^events_sealed_whole_check$/,
  /^orders_(cancelled_amount|returned_amount|money_adds_up)_check$/,
  /^payments_refunds_add_up_check$/,
  /^invitations_(accepted_whole|one_end)_check$/,
  /^login_challenges_session_check$/,
  /^mails_(attempts|content)_check$/,
  /^throttles_(count|wait)_check$/,
  /^two_factors_(last_step|secret)_check$/,
  // The services compute both sides, under the order's lock.
  /^stock_movements_(direction|cost)_check$/,
  /^stock_levels_(given_back|unmoved)_check$/,
  /^stock_reservations_ended_check$/,
  /^orders_(lines_add_up|nothing_held|one_currency|imported_whole)_check$/,
  /^order_lines_(frozen|one_order|shipments_add_up|returns_add_up)_check$/,
  /^payments_refunded_check$/,
  /^refunds_one_order_check$/,
  // Only words of such a length are taken from a product.
  /^product_vocabulary_word_check$/,
];
/** Keys over values that the system gives out itself. */
const KEYS_OF_OUR_OWN: readonly RegExp[] = [
  /^(order|return)_lines_line_number_key$/,
  /^stock_notes_document_line_key$/,
  /^stock_reservations_order_line_key$/,
  /^events_position_key$/,
  /^invitations_token_hash_key$/,
];

let database: TestDatabase;
let client: DatabaseClient;
let unitOfWork: UnitOfWork;
beforeAll(async () => {
  database = await freshDatabase();
  client = connect(database.runtimeUrl, 2);
  unitOfWork = new UnitOfWork(client.prisma, () => undefined);
  await queryOnce(database.superuserUrl, healthyData());
});
afterAll(async () => {
  await client.close();
  await database.drop();
});

const without = (names: readonly string[], known: readonly RegExp[]): string[] =>
  names.filter((name) => !namedConstraints.has(name) && !known.some((pattern) => pattern.test(name)));
const namesIn = async (sql: string): Promise<string[]> =>
  (await queryOnce<{ name: string }>(database.superuserUrl, sql)).map(({ name }) => name);

const CHECKS = `
  SELECT conname AS name FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype = 'c'
  UNION SELECT m[1] FROM pg_proc, regexp_matches(prosrc, '''([a-z0-9_]+_check)''', 'g') AS m WHERE pronamespace = 'public'::regnamespace`;
const KEYS = `
  SELECT c.relname AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
  WHERE c.relnamespace = 'public'::regnamespace AND i.indisunique AND NOT i.indisprimary`;
const REFERENCES = `SELECT conname AS name FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype = 'f'`;

describe('every named constraint of the catalogue maps to an error', () => {
  it('a rule has its sentence, or no request can break it', async () => {
    const checks = await namesIn(CHECKS);
    expect(checks.length).toBeGreaterThan(60);
    expect(without(checks, ONLY_A_MISTAKE_OF_OURS)).toEqual([]);
  });

  it('a unique key has its sentence, or holds what the system gives out itself', async () => {
    const keys = await namesIn(KEYS);
    expect(keys.length).toBeGreaterThan(15);
    expect(without(keys, KEYS_OF_OUR_OWN)).toEqual([]);
    for (const name of keys) expect(constraintError('23505', name, '')?.status).toBeLessThan(500);
  });

  it('a reference to something that is not there, or is needed, is told to whoever sent it', async () => {
    for (const name of await namesIn(REFERENCES)) {
      expect(constraintError('23503', name, 'insert or update on table')?.code).toBe('UNUSABLE_REFERENCE');
      expect(constraintError('23503', name, 'is still referenced from table')?.code).toBe('IN_USE');
      expect(constraintError('23001', name, '')?.code).toBe('IN_USE');
    }
  });

  it('no sentence is left for a constraint that is gone', async () => {
    const known = new Set([...(await namesIn(CHECKS)), ...(await namesIn(KEYS))]);
    expect([...namedConstraints].filter((name) => !known.has(name))).toEqual([]);
  });
});

/** What an error of the database becomes, sent on each of the ways there are. */
describe('the name is found wherever a layer hides it', () => {
  const inside = <T>(work: () => Promise<T>): Promise<T> => asOrganization(key('organization'), work);
  const told = async (work: () => Promise<unknown>): Promise<string> => {
    const error: unknown = await inside(work).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    const known = toAppError(error);
    return known === undefined ? String(error) : `${known.status} ${known.code}: ${known.message}`;
  };
  const ways = (sql: Prisma.Sql): ReadonlyArray<() => Promise<unknown>> => {
    const lane = new HotLane(client.pool, unitOfWork, () => undefined);
    return [
      () => unitOfWork.client.$executeRaw(sql),
      () => unitOfWork.run(() => unitOfWork.transaction.$executeRaw(sql)),
      () => client.pool.query(sql.text, sql.values),
      () => lane.run((hot) => hot.rows(sql)),
      () => lane.run((hot) => hot.rowsAndCommit(sql)),
    ];
  };
  const organization = Prisma.sql`${key('organization')}::uuid`;

  it.each([
    ['a unique key', Prisma.sql`UPDATE products SET sku = 'lamp'`, '409 DUPLICATE: Another product already has this SKU'],
    ['a CHECK', Prisma.sql`UPDATE products SET price = NULL`, '400 INVALID_INPUT: A published product needs a price'],
    [
      'a rule inside a function',
      Prisma.sql`UPDATE stock_levels SET reserved = on_hand + 1`,
      '409 IN_USE: That much of the stock is reserved for orders',
    ],
    ['a rule of a trigger', Prisma.sql`DELETE FROM orders WHERE id = ${key('order')}::uuid`, '409 IN_USE: Only a draft can be deleted'],
    [
      'a reference to nothing',
      Prisma.sql`UPDATE products SET category_id = ${newId()}::uuid`,
      '422 UNUSABLE_REFERENCE: Something the request refers to does not exist',
    ],
    [
      'a thing that is referred to',
      Prisma.sql`DELETE FROM units WHERE organization_id = ${organization}`,
      '409 IN_USE: Other resources still refer to it',
    ],
    [
      'a number that is too large',
      Prisma.sql`UPDATE products SET price = 1e14`,
      '400 INVALID_INPUT: A value is outside of what can be stored',
    ],
    ['text that is none', Prisma.sql`UPDATE products SET name = ${'a\0b'}`, '400 INVALID_INPUT: A value is outside of what can be stored'],
    ['an id that is none', Prisma.sql`SELECT ${'x'}::uuid`, '400 INVALID_INPUT: A value is outside of what can be stored'],
  ])('%s', async (_, sql, expected) => {
    for (const way of ways(sql)) expect(await told(way)).toBe(expected);
  });

  it('by Prisma’s own calls', async () => {
    const organizationId = key('organization');
    const { product, unit } = client.prisma;
    const where = { organizationId_id: { organizationId, id: key('product') } };
    expect(await told(() => product.update({ where, data: { sku: 'shade' } }))).toBe('409 DUPLICATE: Another product already has this SKU');
    expect(await told(() => product.update({ where, data: { price: null } }))).toBe('400 INVALID_INPUT: A published product needs a price');
    expect(await told(() => unit.deleteMany({ where: { organizationId } }))).toBe('409 IN_USE: Other resources still refer to it');
  });

  it('a mistake of ours is nobody’s input', async () => {
    expect(await told(() => client.pool.query(`UPDATE orders SET paid_amount = total + 1`))).toContain('orders_paid_check');
    expect(await told(() => client.pool.query('SELECT 1 / 0'))).toContain('division by zero');
  });
});
