import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { SettableClock } from '../../src/kernel/clock';
import { asOrganization } from '../../src/kernel/context';
import { newId } from '../../src/kernel/ids';
import type { ImportFile, ImportOutcome } from '../../src/modules/import/import.service';
import { mappingFrom } from '../../src/modules/import/shipped-mappings';
import { startTestApp, type TestApp } from '../support/app';

export const INVOICES = resolve(__dirname, '../fixtures/import/invoices.csv');
export const LINES = resolve(__dirname, '../fixtures/import/order-lines.ndjson');
const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';

export interface ImportApp {
  readonly app: TestApp;
  /** Standing still, so that times can be compared. */
  readonly now: Date;
  /** For files of the test. */
  readonly folder: string;
  /** A new organization's id. */
  organization(currency?: string): Promise<string>;
  /** Imports a file, by the mapping of the Online Retail data unless said otherwise. */
  imported(organizationId: string, path: string, options?: Partial<ImportFile>, mapping?: string): Promise<ImportOutcome>;
  /** A file of invoice rows. */
  fileOf(...rows: string[]): Promise<string>;
  close(): Promise<void>;
}

/** The importer as a service of the real application. */
export async function startImportApp(): Promise<ImportApp> {
  const now = new Date();
  const app = await startTestApp({ clock: new SettableClock(now) });
  const folder = await mkdtemp(join(tmpdir(), 'quartermaster-test-'));
  const { organization, imports } = app.container.modules;
  return {
    app,
    now,
    folder,
    organization: async (currency = 'GBP') => (await organization.organizations.findOrFound({ name: `Imports ${newId()}`, currency })).id,
    imported: async (organizationId, path, options = {}, mapping = 'online-retail') => {
      const file = { path, fileName: 'file', mapping: await mappingFrom(mapping), ...options };
      return asOrganization(organizationId, () => imports.service.importFile(file));
    },
    fileOf: async (...rows) => {
      const path = join(folder, newId());
      await writeFile(path, [HEADER, ...rows].join('\n'));
      return path;
    },
    close: async () => {
      await rm(folder, { recursive: true });
      await app.close();
    },
  };
}
