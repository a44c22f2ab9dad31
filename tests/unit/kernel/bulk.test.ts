import { acceptedOf, errorOf, proceed, requireAll, RowsRejected, type Attempt } from '../../../src/kernel/bulk';
import { Duplicate } from '../../../src/kernel/common-errors';
import { refusalOf } from '../../support/refusal';

const refused: Attempt<number> = { refusal: new Duplicate('again', { value: 7 }) };
const rows: ReadonlyArray<Attempt<number>> = [{ value: 1 }, refused, { value: 3 }];

test('a step is taken by the rows that are not refused, and refuses its own row only', () => {
  const next = proceed(rows, (value) => {
    if (value === 3) throw new Duplicate('three');
    return value * 10;
  });
  expect(next[0]).toEqual({ value: 10 });
  expect(next[1]).toBe(refused);
  expect(next[2]).toMatchObject({ refusal: { code: 'DUPLICATE', message: 'three' } });
  expect(acceptedOf(next)).toEqual([10]);
});

test('a fault is no refusal', () => {
  const step = (): never => {
    throw new TypeError('a mistake');
  };
  expect(() => proceed(rows, step)).toThrow(TypeError);
});

test('atomic: any refused row refuses all, and all of them are told', () => {
  expect(() => requireAll('continue', rows)).not.toThrow();
  expect(() => requireAll('atomic', [{ value: 1 }])).not.toThrow();
  const one = refusalOf(() => requireAll('atomic', rows));
  expect(one).toBeInstanceOf(RowsRejected);
  expect(one).toMatchObject({
    status: 422,
    message: '1 row was refused, so none was written; row 1: again',
    details: { rejected: 1, rows: [{ index: 1, error: { code: 'DUPLICATE', message: 'again', details: { value: 7 } } }] },
  });
  expect(refusalOf(() => requireAll('atomic', [refused, refused])).message).toMatch(/^2 of 2 rows were refused/);
});

test('an error without details has none', () => {
  expect(errorOf(new Duplicate('again'))).toEqual({ code: 'DUPLICATE', message: 'again' });
});
