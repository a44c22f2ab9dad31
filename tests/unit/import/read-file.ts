import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readDocuments } from '../../../src/modules/import/documents';
import { parseMapping, type ImportMapping } from '../../../src/modules/import/mapping';
import { mappingFrom } from '../../../src/modules/import/shipped-mappings';
import type { ReadDocument, RejectedDocument, SourceDocument } from '../../../src/modules/import/source-document';
import { surveyFile, type FileSurvey } from '../../../src/modules/import/survey';

const root = resolve(__dirname, '../../..');
export const fixture = (name: string): string => join(root, 'tests/fixtures/import', name);
export const shipped = (name: string): Promise<ImportMapping> => mappingFrom(join(root, 'src/modules/import/mappings', name));

/** A mapping with columns of one letter or two. */
export const SHORT = parseMapping({
  columns: { documentNumber: 'no', productCode: 'sku', quantity: 'q', date: 'd', unitPrice: 'p', description: 'text', customerCode: 'c' },
  date: { format: 'yyyy-MM-dd', timeZone: 'UTC' },
  kinds: [
    { kind: 'stock_note', when: [{ field: 'unitPrice', is: 'zero' }] },
    { kind: 'return', when: [{ field: 'documentNumber', is: 'startingWith', value: 'R' }] },
    { kind: 'sale', when: [] },
  ],
});
export const SHORT_HEADER = 'no,sku,q,d,p,text,c';

export async function withFile<T>(content: string | Buffer, work: (path: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'quartermaster-import-'));
  try {
    const path = join(folder, 'file');
    await writeFile(path, content);
    return await work(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

export async function documentsOf(
  path: string,
  mapping: ImportMapping,
  currency = 'GBP',
): Promise<{ survey: FileSurvey; documents: ReadDocument[] }> {
  const survey = await surveyFile(path, mapping);
  const documents: ReadDocument[] = [];
  for await (const document of readDocuments(path, mapping, currency, survey)) documents.push(document);
  return { survey, documents };
}

/** Documents of CSV rows under SHORT_HEADER. */
export const documentsIn = (...rows: string[]): Promise<ReadDocument[]> =>
  withFile([SHORT_HEADER, ...rows].join('\n'), async (path) => (await documentsOf(path, SHORT)).documents);

export function good(document: ReadDocument | undefined): SourceDocument {
  if (document === undefined || document.rejected) throw new Error(`not a good document: ${JSON.stringify(document)}`);
  return document;
}

export function rejected(document: ReadDocument | undefined): RejectedDocument {
  if (document === undefined || !document.rejected) throw new Error(`not a rejected document: ${JSON.stringify(document)}`);
  return document;
}
