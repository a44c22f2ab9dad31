import type { HotLane } from '../../../src/db/hot-lane';
import { asOrganization } from '../../../src/kernel/context';
import { newId } from '../../../src/kernel/ids';
import { NumberBlocks } from '../../../src/modules/orders/number-blocks';

/** A series whose every number somebody else has used by the time it is tried. */
const lane = { run: async () => [{ number: 'SO-000001' }, { number: 'SO-000002' }] } as unknown as HotLane;
const taken = Object.assign(new Error('duplicate key value violates unique constraint "orders_number_key"'), {
  code: '23505',
  constraint: 'orders_number_key',
});

test('NUM-2: who sent no number is told to try again, not that a number is taken', async () => {
  let tries = 0;
  const refused = asOrganization(newId(), () =>
    new NumberBlocks(lane).lend(async () => {
      tries++;
      throw taken;
    }),
  );
  await expect(refused).rejects.toMatchObject({ code: 'UNAVAILABLE', status: 503, headers: { 'Retry-After': '1' } });
  expect(tries).toBe(5);
});
