import {
  firstStatus,
  IllegalProductTransition,
  nextStatus,
  PRODUCT_STATUSES,
  ProductNotPublishable,
  type ProductStatus,
} from '../../../src/modules/catalogue/domain/product-status';
import { refusalOf } from '../../support/refusal';

const priced = { price: '12.5' };
const priceless = { price: null };

describe('CAT-1: the status of a product', () => {
  /** The table of the rule book, written down a second time on purpose. */
  const LEGAL: Record<ProductStatus, string> = { draft: 'published', published: 'draft archived', archived: 'draft' };
  const moves = PRODUCT_STATUSES.flatMap((from) => PRODUCT_STATUSES.map((to) => ({ from, to })));

  it.each(moves)('$from to $to', ({ from, to }) => {
    if (from === to || LEGAL[from].split(' ').includes(to)) {
      expect(nextStatus(from, to, priced)).toBe(to);
    } else {
      const refusal = refusalOf(() => nextStatus(from, to, priced));
      expect(refusal).toBeInstanceOf(IllegalProductTransition);
      expect(refusal.details).toEqual({ from, to, allowed: LEGAL[from].split(' ') });
    }
  });

  it('publishing needs a price', () => {
    expect(refusalOf(() => nextStatus('draft', 'published', priceless))).toBeInstanceOf(ProductNotPublishable);
    expect(nextStatus('published', 'draft', priceless)).toBe('draft');
  });

  it('a published product cannot lose its price', () => {
    expect(refusalOf(() => nextStatus('published', 'published', priceless))).toBeInstanceOf(ProductNotPublishable);
  });

  it('a new product is published when it has a price, else draft, unless the caller says', () => {
    expect(firstStatus(priced, undefined)).toBe('published');
    expect(firstStatus(priceless, undefined)).toBe('draft');
    expect(firstStatus(priced, 'draft')).toBe('draft');
    expect(refusalOf(() => firstStatus(priceless, 'published'))).toBeInstanceOf(ProductNotPublishable);
  });
});
