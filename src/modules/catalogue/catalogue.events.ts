import type { DomainEvent, Json } from '../../events/event';
import type { Category, MovedCategory } from './categories.repository';
import type { Product } from './products.repository';
import type { Unit } from './units.repository';

/** What changed, old and new. */
export interface Difference {
  readonly before: Json;
  readonly after: Json;
}

interface Versioned {
  readonly id: string;
  readonly version: number;
}

const created = (aggregateType: string, { id, version, ...after }: Versioned): DomainEvent => ({
  type: `${aggregateType}.created`,
  aggregateType,
  aggregateId: id,
  aggregateVersion: version,
  after,
});

const changed = (type: string, aggregateType: string, id: string, version: number, difference: Difference): DomainEvent => ({
  type,
  aggregateType,
  aggregateId: id,
  aggregateVersion: version,
  ...difference,
});

const deleted = (aggregateType: string, { id, version, ...before }: Versioned): DomainEvent => ({
  type: `${aggregateType}.deleted`,
  aggregateType,
  aggregateId: id,
  aggregateVersion: version + 1,
  before,
});

export const unitCreated = (unit: Unit): DomainEvent => created('unit', unit);
export const unitUpdated = (id: string, version: number, difference: Difference): DomainEvent =>
  changed('unit.updated', 'unit', id, version, difference);
export const unitDeleted = (unit: Unit): DomainEvent => deleted('unit', unit);

export const categoryCreated = (category: Category): DomainEvent => created('category', category);
export const categoryUpdated = (id: string, version: number, difference: Difference): DomainEvent =>
  changed('category.updated', 'category', id, version, difference);
/** Of the category that got another parent; whatever else changed with it is in the difference too. */
export const categoryMoved = (id: string, version: number, difference: Difference): DomainEvent =>
  changed('category.moved', 'category', id, version, difference);
/** Of one below it, which moved along. */
export const categoryMovedAlong = ({ id, version, before, after }: MovedCategory): DomainEvent =>
  changed('category.moved', 'category', id, version, { before: { ...before }, after: { ...after } });
export const categoryDeleted = (category: Category): DomainEvent => deleted('category', category);

export const productCreated = (product: Product): DomainEvent => created('product', product);
/** A change of the status alone has a type of its own. */
export const productChanged = (id: string, version: number, difference: Difference): DomainEvent => {
  const statusOnly = Object.keys(difference.after).every((field) => field === 'status');
  return changed(statusOnly ? 'product.status_changed' : 'product.updated', 'product', id, version, difference);
};
export const productDeleted = (product: Product): DomainEvent => deleted('product', product);
