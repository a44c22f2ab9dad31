import { failure } from '../../../kernel/app-error';
import { stateMachine } from '../../../kernel/state-machine';

export const PRODUCT_STATUSES = ['draft', 'published', 'archived'] as const;
export type ProductStatus = (typeof PRODUCT_STATUSES)[number];

/** CAT-1 */
const moves = stateMachine<ProductStatus>({
  draft: ['published'],
  published: ['draft', 'archived'],
  archived: ['draft'],
});

export class IllegalProductTransition extends failure('ILLEGAL_TRANSITION', 409, 'The status does not allow this move') {}
export class ProductNotPublishable extends failure('PRODUCT_NOT_PUBLISHABLE', 409, 'A published product needs a price') {}

interface Priced {
  readonly price: string | null;
}

/** CAT-1: published when it has a price, else draft, unless the caller says. @throws ProductNotPublishable */
export function firstStatus(product: Priced, wanted: 'draft' | 'published' | undefined): ProductStatus {
  const status = wanted ?? (product.price === null ? 'draft' : 'published');
  requirePrice(status, product);
  return status;
}

/**
 * The status after a move; staying where it is always goes. The price is the one it will have then.
 * @throws IllegalProductTransition with the allowed moves, ProductNotPublishable
 */
export function nextStatus(current: ProductStatus, wanted: ProductStatus, product: Priced): ProductStatus {
  if (wanted !== current && !moves.can(current, wanted)) {
    throw new IllegalProductTransition(`A product that is ${current} cannot become ${wanted}`, {
      from: current,
      to: wanted,
      allowed: moves.allowed(current),
    });
  }
  requirePrice(wanted, product);
  return wanted;
}

function requirePrice(status: ProductStatus, { price }: Priced): void {
  if (status === 'published' && price === null) throw new ProductNotPublishable('A product needs a price before it can be published');
}
