import { closeDocument, type OpenDocument } from './close-document';
import { UnreadableFile } from './import.errors';
import type { ImportMapping } from './mapping';
import { rowReader } from './row-reader';
import { openSource } from './source';
import type { ReadDocument } from './source-document';
import type { FileSurvey } from './survey';

/** Rows of documents that are still open: what keeps the memory in check when the documents of a file lie about in pieces. */
const MOST_OPEN_ROWS = 200_000;

/**
 * The second pass over the file: yields each document when its last row has been read, so that memory holds only those that are still
 * open. The same file and mapping always yield the same documents in the same order.
 * @throws as openSource, UnreadableFile when the documents lie too scattered
 */
export async function* readDocuments(
  path: string,
  mapping: ImportMapping,
  currency: string,
  { lastRows }: Pick<FileSurvey, 'lastRows'>,
): AsyncGenerator<ReadDocument, void> {
  const read = rowReader(mapping, currency);
  const open = new Map<string, OpenDocument>();
  let openRows = 0;
  const { rows: bunches } = await openSource(path, mapping);
  for await (const bunch of bunches) {
    for (const row of bunch) {
      const { documentNumber } = row;
      if (documentNumber === '') {
        yield closeDocument(null, { rows: [row], results: [read(row)] }, mapping);
        continue;
      }
      let document = open.get(documentNumber);
      if (document === undefined) open.set(documentNumber, (document = { rows: [], results: [] }));
      document.rows.push(row);
      document.results.push(read(row));
      if (++openRows > MOST_OPEN_ROWS)
        throw new UnreadableFile(
          `at row ${row.row}, ${MOST_OPEN_ROWS} rows wait for the rest of their documents: sort the file by document number`,
        );
      if (lastRows.get(documentNumber) !== row.row) continue;
      open.delete(documentNumber);
      openRows -= document.rows.length;
      yield closeDocument(documentNumber, document, mapping);
    }
  }
  if (open.size > 0) throw new Error('the file changed while it was read');
}

/** Documents in groups for set-based writing: each full group has `documents` of them or holds at least `rows` rows. */
export async function* inGroups(
  source: AsyncIterable<ReadDocument>,
  most: { readonly documents: number; readonly rows: number },
): AsyncGenerator<ReadDocument[], void> {
  let group: ReadDocument[] = [];
  let rows = 0;
  for await (const document of source) {
    group.push(document);
    rows += document.rejected ? document.rows.length : document.sourceRows.length;
    if (group.length < most.documents && rows < most.rows) continue;
    yield group;
    group = [];
    rows = 0;
  }
  if (group.length > 0) yield group;
}
