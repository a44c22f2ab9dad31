import * as fc from 'fast-check';
import { categoryCode, firstFree, skuFor } from '../../../src/modules/catalogue/domain/codes';

describe('codes made from names', () => {
  it.each([
    ['Kitchen & Dining', 'KITCHEN-DINING'],
    ['  Café-Bar  ', 'CAFE-BAR'],
    ['茶具', '茶具'],
    ['한글 책상', '한글-책상'],
    ['Straße ΐ ǰ', 'STRASSE-Ι-J'],
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

  it('whatever the name, a code is text in NFC, without half a letter', () => {
    expect(skuFor('𝒳'.repeat(9), Uint8Array.of(0, 0, 0, 0, 0, 0))).toBe('XXXXXXXXX-222222');
    expect(skuFor(`a${'𓀀'.repeat(9)}`, Uint8Array.of(0, 0, 0, 0, 0, 0))).toBe(`A${'𓀀'.repeat(7)}-222222`);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.uint8Array({ minLength: 6, maxLength: 6 }), (name, random) => {
        for (const code of [skuFor(name, random), categoryCode(name)]) {
          expect(code).toBe(code.normalize('NFC').trim());
          expect(code).not.toMatch(/[\p{Surrogate}\p{Mark}]/u);
          expect(code.length).toBeLessThanOrEqual(40);
        }
      }),
    );
  });
});
