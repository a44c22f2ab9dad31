import { failure } from '../../kernel/app-error';

export class UnitNotFound extends failure('UNIT_NOT_FOUND', 404, 'No such unit') {}
export class UnitInUse extends failure('UNIT_IN_USE', 409, 'Products or categories still use the unit') {}
export class UnitFrozen extends failure(
  'UNIT_FROZEN',
  409,
  'Factor, category and wholeness of a unit stay as they are once a product uses it',
) {}
export class CategoryNotFound extends failure('CATEGORY_NOT_FOUND', 404, 'No such category') {}
/** details: { children, products } */
export class CategoryInUse extends failure('CATEGORY_IN_USE', 409, 'The category still has children or products') {}
/** QTY-5 */
export class UnitNotAllowed extends failure('UNIT_NOT_ALLOWED', 422, 'The category does not allow this unit') {}
/** QTY-5, from the other side. details: { products } */
export class AllowedUnitsInUse extends failure('ALLOWED_UNITS_IN_USE', 409, 'Products of the category use units outside of the list') {}
export class ProductNotFound extends failure('PRODUCT_NOT_FOUND', 404, 'No such product') {}
/** QTY-3 */
export class ProductUnitFrozen extends failure(
  'PRODUCT_UNIT_FROZEN',
  409,
  'The stock unit of a product cannot change once it was moved or ordered',
) {}
/** Beside QTY-3 */
export class ProductTrackingFrozen extends failure(
  'PRODUCT_TRACKING_FROZEN',
  409,
  'Whether a product tracks stock cannot change once it was moved, or while open orders hold it',
) {}
