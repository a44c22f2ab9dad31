import type { Decimal } from '../../kernel/decimal';
import type { Condition, ImportMapping, Kind } from './mapping';
import type { RowFields } from './source-row';

/** What a row is, by the mapping's rules. */
export interface Judgement {
  readonly kind: Kind;
  /** Of not_imported rows: why not, in the report's words. */
  readonly label?: string;
}

export interface RowNumbers {
  readonly quantity: Decimal;
  readonly unitPrice: Decimal;
}

type Test = (fields: RowFields, numbers: RowNumbers) => boolean;

/** The mapping's `kinds` as a function: the first rule whose conditions all hold; undefined when none does. */
export function judgeBy(mapping: ImportMapping): (fields: RowFields, numbers: RowNumbers) => Judgement | undefined {
  const rules = mapping.kinds.map(({ kind, label, when }) => ({
    judgement: label === undefined ? { kind } : { kind, label },
    tests: when.map(testOf),
  }));
  return (fields, numbers) => rules.find(({ tests }) => tests.every((test) => test(fields, numbers)))?.judgement;
}

type Tester = (value: string, field: Condition['field']) => Test;

const signOf = (field: Condition['field'], numbers: RowNumbers): number =>
  (field === 'quantity' ? numbers.quantity : numbers.unitPrice).comparedTo(0);

const TESTERS: Readonly<Record<Condition['is'], Tester>> = {
  equal: (value, field) => (fields) => fields[field] === value,
  startingWith: (value, field) => (fields) => fields[field].startsWith(value),
  empty: (_value, field) => (fields) => fields[field] === '',
  positive: (_value, field) => (_fields, numbers) => signOf(field, numbers) > 0,
  negative: (_value, field) => (_fields, numbers) => signOf(field, numbers) < 0,
  zero: (_value, field) => (_fields, numbers) => signOf(field, numbers) === 0,
};

const testOf = ({ field, is, value = '' }: Condition): Test => TESTERS[is](value, field);

/** Whether a product code (in lower case) stands for a service: the mapping's `serviceCodes`. */
export function servicesOf({ serviceCodes }: ImportMapping): (productKey: string) => boolean {
  const codes = serviceCodes.map((code) => code.toLowerCase());
  const whole = new Set(codes.filter((code) => !code.endsWith('*')));
  const beginnings = codes.filter((code) => code.endsWith('*')).map((code) => code.slice(0, -1));
  return (productKey) => whole.has(productKey) || beginnings.some((beginning) => productKey.startsWith(beginning));
}
