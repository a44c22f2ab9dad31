import { InvalidMapping } from '../../../src/modules/import/import.errors';
import { mappingHash, parseMapping } from '../../../src/modules/import/mapping';
import { mappingFrom, mappingFromText } from '../../../src/modules/import/shipped-mappings';
import { shipped, withFile } from './read-file';

const input = {
  columns: { documentNumber: 'no', productCode: 'sku', quantity: 'q', date: 'd', unitPrice: 'p' },
  date: { format: 'yyyy-MM-dd', timeZone: 'UTC' },
  kinds: [{ kind: 'sale', when: [] as object[] }],
};

const issuesOf = (value: unknown): string[] => {
  try {
    parseMapping(value);
  } catch (error) {
    if (!(error instanceof InvalidMapping)) throw error;
    return (error.details!['issues'] as { path: string }[]).map(({ path }) => path);
  }
  return [];
};

it('fills in what is left out', () => {
  expect(parseMapping(input)).toMatchObject({
    delimiter: ',',
    decimalMark: '.',
    returnQuantity: 'negative',
    serviceCodes: [],
    countries: {},
  });
});

it.each([
  ['an unknown key', { ...input, colour: 'red' }, ['mapping.colour']],
  ['a missing column', { ...input, columns: { ...input.columns, date: undefined } }, ['mapping.columns.date']],
  ['an unknown time zone', { ...input, date: { format: 'ISO', timeZone: 'Europe/Lundun' } }, ['mapping.date.timeZone']],
  ['a date format without a day', { ...input, date: { format: 'yyyy-MM', timeZone: 'UTC' } }, ['mapping.date.format']],
  ['not_imported without a label', { ...input, kinds: [{ kind: 'not_imported', when: [] }] }, ['mapping.kinds.0.label']],
  [
    'the sign of a text',
    { ...input, kinds: [{ kind: 'sale', when: [{ field: 'productCode', is: 'zero' }] }] },
    ['mapping.kinds.0.when.0.is'],
  ],
  [
    'a condition without its value',
    { ...input, kinds: [{ kind: 'sale', when: [{ field: 'productCode', is: 'equal' }] }] },
    ['mapping.kinds.0.when.0.value'],
  ],
  [
    'a condition on a column that is not mapped',
    { ...input, kinds: [{ kind: 'sale', when: [{ field: 'country', is: 'empty' }] }] },
    ['mapping.kinds.0.when.0.field'],
  ],
])('refuses %s', (_what, value, paths) => {
  expect(issuesOf(value)).toEqual(paths);
});

it('ships mappings that are valid', async () => {
  expect((await shipped('online-retail.json')).currency).toBe('GBP');
  expect((await shipped('order-lines.json')).format).toBeUndefined();
});

it('hashes what the mapping says, whatever the order of its keys', () => {
  const { columns, ...rest } = input;
  expect(mappingHash(parseMapping({ ...rest, columns }))).toEqual(mappingHash(parseMapping(input)));
  expect(mappingHash(parseMapping({ ...input, decimalMark: ',' }))).not.toEqual(mappingHash(parseMapping(input)));
});

describe('tells in words of its own', () => {
  it.each(['online-retial', '/no/such/mapping.json'])('that there is no mapping %s', async (name) => {
    await expect(mappingFrom(name)).rejects.toThrow(
      new InvalidMapping(`there is no mapping ${name}; there are online-retail and order-lines, or name a file of your own`),
    );
  });

  it('that a mapping can not be read', async () => {
    await expect(mappingFrom(__dirname)).rejects.toThrow(
      new InvalidMapping(`the mapping ${__dirname} can't be read: it has to be a file that this account may read`),
    );
  });

  it('where a mapping stops being JSON', async () => {
    await withFile('{\n  "columns": {\n', (path) =>
      expect(mappingFrom(path)).rejects.toThrow(new InvalidMapping(`the mapping ${path} is not JSON: see line 3, column 1`)),
    );
    await expect(mappingFromText('{bad')).rejects.toThrow(new InvalidMapping('the mapping is not JSON: see line 1, column 2'));
  });
});
