import { createHash } from 'node:crypto';
import { FirstSight } from './first-sight';
import { UnreadableFile } from './import.errors';
import type { ImportMapping } from './mapping';
import { openSource, type SourceFormat, type SourceOptions } from './source';

/** How many different things the well-formed rows name. */
export interface FileCounts {
  readonly rows: number;
  readonly documents: number;
  /** As written, and without regard to case. */
  readonly productCodes: number;
  readonly products: number;
  readonly customers: number;
  readonly rowsWithoutCustomer: number;
  readonly countries: number;
}

/** What the first pass over a file learns. */
export interface FileSurvey {
  /** SHA-256 of the stored bytes. */
  readonly sha256: Buffer;
  readonly format: SourceFormat;
  readonly counts: FileCounts;
  /** Each document's last row: most documents stand together in a file, but not all. */
  readonly lastRows: ReadonlyMap<string, number>;
  /** What products and customers are made with. */
  readonly firstSight: Pick<FirstSight, 'products' | 'customers'>;
}

/** Documents in one file: each has a place in memory. */
const MOST_DOCUMENTS = 2_000_000;

/** The first pass. @throws as openSource, UnreadableFile when there are too many documents */
export async function surveyFile(
  path: string,
  mapping: ImportMapping,
  { maxBytes }: Pick<SourceOptions, 'maxBytes'> = {},
): Promise<FileSurvey> {
  const hash = createHash('sha256');
  const onBytes = (bytes: Buffer): void => void hash.update(bytes);
  const { format, rows: bunches } = await openSource(path, mapping, { onBytes, ...(maxBytes !== undefined && { maxBytes }) });
  const lastRows = new Map<string, number>();
  const firstSight = new FirstSight(mapping);
  const countries = new Set<string>();
  let rows = 0;
  let rowsWithoutCustomer = 0;
  for await (const bunch of bunches) {
    for (const source of bunch) {
      const { row, documentNumber, fields } = source;
      rows = row;
      if (documentNumber !== '') lastRows.set(documentNumber, row);
      if (fields === undefined) continue;
      firstSight.add(source, fields);
      if (fields.customerCode === '') rowsWithoutCustomer++;
      if (fields.country !== '') countries.add(fields.country);
    }
    if (lastRows.size > MOST_DOCUMENTS) throw new UnreadableFile(`the file holds more than ${MOST_DOCUMENTS} documents: divide it`);
  }
  const counts = {
    rows,
    documents: lastRows.size,
    productCodes: firstSight.productCodes,
    products: firstSight.products.size,
    customers: firstSight.customers.size,
    rowsWithoutCustomer,
    countries: countries.size,
  };
  return { sha256: hash.digest(), format, counts, lastRows, firstSight };
}
