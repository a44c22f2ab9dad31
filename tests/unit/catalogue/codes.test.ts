import { categoryCode, firstFree, skuFor } from '../../../src/modules/catalogue/domain/codes';

describe('codes made from names', () => {
  it.each([
    ['Kitchen & Dining', 'KITCHEN-DINING'],
    ['  Café-Bar  ', 'CAFE-BAR'],
    ['茶具', '茶具'],
    ['!!!', 'CATEGORY'],
    [`${'x'.repeat(39)} y`, 'X'.repeat(39)],
  ])('%j becomes %j', (name, code) => {
    expect(categoryCode(name)).toBe(code);
  });

  it('a taken code gets a number', () => {
    expect(firstFree('TEA', new Set())).toBe('TEA');
    expect(firstFree('TEA', new Set(['TEA', 'TEA-2', 'TEA-4']))).toBe('TEA-3');
  });

  it('a SKU has a readable head and a random tail', () => {
    expect(skuFor('Oak table, round and large', Uint8Array.of(0, 1, 31, 32, 255, 8))).toBe('OAK-TABLE-ROUND-23Z2ZA');
    expect(skuFor('…', Uint8Array.of(0, 0, 0, 0, 0, 0))).toBe('ITEM-222222');
  });
});
