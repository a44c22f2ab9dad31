import { changesOf, sentenceOf, visibleAggregates, type LoggedEvent } from '../../../src/modules/dashboard/domain/activity';
import { permissionsOf } from '../../../src/kernel/permissions';

const OF = '0198c0de-0000-7000-8000-000000000002';
const event = (type: string, aggregateType: string, rest: Partial<LoggedEvent> = {}): LoggedEvent => ({
  id: '0198c0de-0000-7000-8000-000000000001',
  type,
  aggregateType,
  aggregateId: OF,
  label: null,
  actorKind: 'user',
  actorId: '0198c0de-0000-7000-8000-000000000003',
  actorName: 'Ada',
  payload: {},
  before: null,
  after: null,
  storeName: null,
  occurredAt: '2026-11-21T10:00:00.000Z',
  recordedAt: '2026-11-21T10:00:00.000Z',
  ...rest,
});

const order = { label: 'SO-1001', storeName: 'Main', payload: { currency: 'EUR' } };
const lamp = { label: 'Lamp (L-1)' };

describe('sentences of activity', () => {
  it.each<[LoggedEvent, string]>([
    [event('order.placed', 'order', { ...order, after: { total: '12.5' } }), 'Ada placed order SO-1001 at Main over 12.50 EUR'],
    [event('order.drafted', 'order', { ...order, label: null, after: { total: '0' } }), 'Ada drafted an order at Main over 0.00 EUR'],
    [event('order.cancelled', 'order', order), 'Ada cancelled order SO-1001'],
    [
      event('order.status_changed', 'order', { ...order, before: { status: 'pending' }, after: { status: 'confirmed' } }),
      'Ada moved order SO-1001 from pending to confirmed',
    ],
    [event('product.created', 'product', lamp), 'Ada added product Lamp (L-1)'],
    [
      event('product.updated', 'product', {
        ...lamp,
        before: { price: '1', reorderLevel: null, name: 'X' },
        after: { price: '2', reorderLevel: '5', name: 'Lamp' },
      }),
      'Ada changed price, reorder level and name of product Lamp (L-1)',
    ],
    [event('customer.updated', 'customer', { label: 'Grace' }), 'Ada changed customer Grace'],
    [
      event('stock.adjusted', 'stock_level', {
        ...lamp,
        storeName: 'Main',
        payload: { quantity: '-2', reason: 'initial_stock' },
        after: { onHand: '98' },
      }),
      'Ada adjusted the stock of Lamp (L-1) at Main by -2 to 98 (initial stock)',
    ],
    [event('tax_rate.archived', 'tax_rate', { label: 'VAT' }), 'Ada archived tax rate VAT'],
    [event('membership.created', 'membership', { label: 'Grace', after: { role: 'staff' } }), 'Ada made Grace staff'],
    [event('session.started', 'session'), 'Ada signed in'],
    [event('session.ended', 'session', { payload: { reason: 'logout' } }), 'Ada signed out'],
    [
      event('session.ended', 'session', { payload: { reason: 'refresh_token_reused' } }),
      'Ada was signed out: a used refresh token came back',
    ],
    [event('user.registered', 'user', { actorKind: 'anonymous', actorName: null }), 'A visitor registered'],
    [event('user.registered', 'user', { actorKind: 'anonymous', actorName: null, label: 'Grace' }), 'A visitor registered as Grace'],
    [event('user.registered', 'user', { actorKind: 'system', actorName: null, label: 'Grace' }), 'The system registered Grace'],
    [
      event('import.completed', 'import', { label: 'orders.csv', actorKind: 'system', actorName: null }),
      'The system completed import orders.csv',
    ],
    [event('order.item_added', 'order', order), 'Ada added an item to order SO-1001'],
    [event('order.part_shipped', 'order', { ...order, actorName: null }), 'Somebody who is gone shipped part of order SO-1001'],
    [event('order.payment_recorded', 'order', order), 'Ada recorded the payment of order SO-1001'],
    [event('two_factor.enabled', 'two_factor', { actorId: OF, label: 'Ada' }), 'Ada turned on the second factor'],
    [
      event('two_factor.disabled', 'two_factor', { label: 'Grace', actorKind: 'system', actorName: null }),
      'The system turned off the second factor of Grace',
    ],
    [event('two_factor.recovery_code_used', 'two_factor', { actorId: OF, label: 'Ada' }), 'Ada used a recovery code'],
    [
      event('password_reset.requested', 'password_reset', { label: 'Grace', actorKind: 'anonymous', actorName: null }),
      'A visitor asked to reset the password of Grace',
    ],
    [event('invitation.created', 'invitation', { after: { role: 'staff' } }), 'Ada invited somebody as staff'],
    [event('invitation.accepted', 'invitation'), 'Ada accepted an invitation'],
    [event('invitation.revoked', 'invitation'), 'Ada revoked an invitation'],
    [event('profile.updated', 'user', { label: 'Ada' }), 'Ada changed the profile of user Ada'],
  ])('%#', (given, sentence) => {
    expect(sentenceOf(given)).toBe(sentence);
  });

  it('lists what was changed, as text, and nothing that is no plain value', () => {
    expect(changesOf({ before: { price: '1', lines: [1] }, after: { price: '2', lines: [2], isDefault: true } })).toEqual([
      { field: 'price', from: '1', to: '2' },
      { field: 'lines', from: null, to: null },
      { field: 'isDefault', from: null, to: 'true' },
    ]);
    expect(changesOf({ before: { description: null }, after: { description: 'x'.repeat(300) } })).toEqual([
      { field: 'description', from: null, to: `${'x'.repeat(199)}…` },
    ]);
    expect(changesOf({ before: null, after: { price: '2' } })).toEqual([]);
  });

  it('shows what one may read', () => {
    const viewer = visibleAggregates(permissionsOf('viewer'));
    expect(viewer).toEqual(expect.arrayContaining(['order', 'product', 'customer', 'stock_level']));
    expect(viewer).not.toContain('session');
    expect(visibleAggregates(permissionsOf('admin'))).toEqual(expect.arrayContaining(['session', 'membership', 'user']));
    expect(visibleAggregates(new Set(['dashboard:read']))).toEqual([]);
  });
});
