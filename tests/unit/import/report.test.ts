import { rejectWhole } from '../../../src/modules/import/close-document';
import { ImportReport } from '../../../src/modules/import/report';
import { reportText } from '../../../src/modules/import/report-text';
import type { FileCounts } from '../../../src/modules/import/survey';
import { documentsIn, good } from './read-file';

const FILE: FileCounts = {
  rows: 1009,
  documents: 5,
  productCodes: 4,
  products: 3,
  customers: 2,
  rowsWithoutCustomer: 1,
  countries: 1,
};

function full(): ImportReport {
  const report = new ImportReport(FILE);
  report.add({
    documentNumber: 'N1',
    verdict: 'imported',
    kinds: [{ kind: 'sale', rows: 1000, total: '1234567.125', roundedTotal: '1234567.13' }],
  });
  report.add({
    documentNumber: 'N2',
    verdict: 'imported',
    kinds: [
      { kind: 'sale', rows: 2, total: '0.1', roundedTotal: '0.1' },
      { kind: 'stock_note', rows: 1, total: '0', roundedTotal: '0' },
    ],
  });
  report.add({ documentNumber: 'N3', verdict: 'unchanged', kinds: [{ kind: 'sale', rows: 2, total: '5', roundedTotal: '5' }] });
  report.add({
    documentNumber: 'N4',
    verdict: 'not_imported',
    kinds: [{ kind: 'not_imported', label: 'bad debt', rows: 1, total: '-11062.06', roundedTotal: '-11062.06' }],
  });
  report.add({
    documentNumber: 'N5',
    verdict: 'rejected',
    kinds: [{ kind: 'rejected', rows: 2, total: '3', roundedTotal: '3', unreadable: 1 }],
    reason: { code: 'bad_date', message: '' },
  });
  report.add({
    documentNumber: null,
    verdict: 'rejected',
    kinds: [{ kind: 'rejected', rows: 1, total: '0', roundedTotal: '0', unreadable: 1 }],
    reason: { code: 'malformed', message: '' },
  });
  return report;
}

it('accounts for every row by kind', () => {
  expect(full().toJSON()).toEqual({
    file: FILE,
    verdicts: { imported: 2, unchanged: 1, rejected: 1, not_imported: 1 },
    kinds: [
      { kind: 'sale', unchanged: false, rows: 1002, documents: 2, total: '1234567.225', roundedTotal: '1234567.23' },
      { kind: 'sale', unchanged: true, rows: 2, documents: 1, total: '5', roundedTotal: '5' },
      { kind: 'stock_note', unchanged: false, rows: 1, documents: 1, total: '0', roundedTotal: '0' },
      { kind: 'not_imported', label: 'bad debt', unchanged: false, rows: 1, documents: 1, total: '-11062.06', roundedTotal: '-11062.06' },
      { kind: 'rejected', unchanged: false, rows: 3, documents: 1, total: '3', roundedTotal: '3', unreadable: 2 },
    ],
    reasons: { bad_date: 1, malformed: 1 },
    sum: { rows: 1009, documents: 5, total: '1223513.165', roundedTotal: '1223513.17' },
    balanced: true,
  });
});

it('prints a table', () => {
  const text = reportText(full().toJSON());
  expect(text).toContain('sale                    1,002          2  1,234,567.225   1,234,567.23');
  expect(text).toContain('not imported: bad debt');
  expect(text).toContain('2 rejected rows have no readable amount');
  expect(text).toContain('Every row of the file is accounted for.');
});

it('says so when rows are missing', () => {
  const report = new ImportReport(FILE);
  report.add({ documentNumber: 'N1', verdict: 'imported', kinds: [{ kind: 'sale', rows: 1000, total: '1', roundedTotal: '1' }] });
  expect(report.toJSON().balanced).toBe(false);
  expect(reportText(report.toJSON())).toContain('NOT BALANCED: the file has 1,009 rows in 5 documents, this accounts for 1,000 in 1.');
});

it('counts a good document that is refused later as rejected', async () => {
  const [document] = await documentsIn('N,A,2,2026-01-01,1.005,,', 'N,A,1,2026-01-01,0,,');
  const refused = rejectWhole(good(document), { code: 'different_content', message: 'there is another' });
  expect(refused.kinds).toEqual([{ kind: 'rejected', rows: 2, total: '2.01', roundedTotal: '2.01' }]);
  expect(refused.rows).toHaveLength(2);
});
