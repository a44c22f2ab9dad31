import { createHash } from 'node:crypto';
import type { ImportMapping } from './mapping';
import { openSource, type SourceFormat, type SourceOptions } from './source';
import { identity } from './source-row';

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
}

/** The first pass. @throws as openSource */
export async function surveyFile(
  path: string,
  mapping: ImportMapping,
  { maxBytes }: Pick<SourceOptions, 'maxBytes'> = {},
): Promise<FileSurvey> {
  const hash = createHash('sha256');
  const onBytes = (bytes: Buffer): void => void hash.update(bytes);
  const { format, rows: bunches } = await openSource(path, mapping, { onBytes, ...(maxBytes !== undefined && { maxBytes }) });
  const lastRows = new Map<string, number>();
  const productCodes = new Set<string>();
  const customers = new Set<string>();
  const countries = new Set<string>();
  let rows = 0;
  let rowsWithoutCustomer = 0;
  for await (const bunch of bunches) {
    for (const { row, documentNumber, fields } of bunch) {
      rows = row;
      if (documentNumber !== '') lastRows.set(documentNumber, row);
      if (fields === undefined) continue;
      if (fields.productCode !== '') productCodes.add(fields.productCode);
      if (fields.customerCode === '') rowsWithoutCustomer++;
      else customers.add(identity(fields.customerCode, 'customerCode', mapping));
      if (fields.country !== '') countries.add(fields.country);
    }
  }
  const products = new Set([...productCodes].map((code) => code.toLowerCase())).size;
  const counts = {
    rows,
    documents: lastRows.size,
    productCodes: productCodes.size,
    products,
    customers: customers.size,
    rowsWithoutCustomer,
    countries: countries.size,
  };
  return { sha256: hash.digest(), format, counts, lastRows };
}
