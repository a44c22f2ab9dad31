import {
  bool,
  describe,
  id,
  instantView,
  int,
  named,
  optional,
  quantityOrZero,
  quantitySum,
  rate,
  shape,
  text,
  type Infer,
} from '../../http/fields/fields';
import { listQuery, pageOf } from '../../http/lists/paging';

const code = () => text(20, { pattern: /^\S+$/, hint: 'must not contain spaces' });
const factor = () => describe(rate(), 'How many of the base unit of its category one of this unit is, as decimal text');

const fields = {
  code: code(),
  name: text(100),
  category: describe(text(50), 'Units convert only inside one category, such as mass or count'),
  factor: factor(),
  isWhole: describe(bool(), 'Whole units refuse fractions'),
};

export const unitParams = shape({ unitId: id() });
export const newUnit = named('NewUnit', shape({ ...fields, factor: optional(factor()), isWhole: optional(bool()) }));
export const unitReplacement = named('UnitReplacement', shape(fields));
export const unitView = named(
  'Unit',
  shape({ id: id(), ...fields, version: int(1, 2 ** 31 - 1), createdAt: instantView(), updatedAt: instantView() }),
);
/** A unit inside of another resource. */
export const unitSummary = named('UnitSummary', shape({ id: id(), code: code(), name: text(100), isWhole: bool() }));
export const unitList = listQuery({ sort: ['code', 'name'], default: 'code' }, { q: optional(text(100)), category: optional(text(50)) });
export const unitPage = pageOf('UnitPage', unitView);

export const conversionQuery = shape({
  from: describe(text(36), 'Id or code of a unit'),
  to: describe(text(36), 'Id or code of a unit of the same category'),
  quantity: quantityOrZero(),
});
export const conversionView = named(
  'UnitConversion',
  shape({ from: unitSummary, to: unitSummary, quantity: quantityOrZero(), result: describe(quantitySum(), 'Rounded to six decimals') }),
);

export type UnitParams = Infer<typeof unitParams>;
export type NewUnit = Infer<typeof newUnit>;
export type UnitReplacement = Infer<typeof unitReplacement>;
export type UnitView = Infer<typeof unitView>;
export type UnitList = Infer<typeof unitList>;
export type ConversionQuery = Infer<typeof conversionQuery>;
export type ConversionView = Infer<typeof conversionView>;
