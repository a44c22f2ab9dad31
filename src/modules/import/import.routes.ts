import { stream, type AnyEndpoint } from '../../http/endpoint';
import { CurrencyMismatch } from '../../kernel/money';
import { UnusableReference } from '../../kernel/common-errors';
import type { ImportController } from './import.controller';
import { ImportInProgress, InvalidMapping, MissingColumns, UnreadableFile } from './import.errors';
import { importLine, importQuery } from './import.schemas';

export const importRoutes = (imports: ImportController): AnyEndpoint[] => [
  stream(
    '/orders/import',
    {
      operationId: 'importOrders',
      summary: 'Import historical orders, returns and stock notes from a file',
      description: [
        'CSV or NDJSON of order lines, gzipped or not. Sales become completed orders, paid and shipped; returns become returns with refunds that name no order; no stock is moved.',
        'Answers a line per document with its verdict, lines of progress, and the report last. Each verdict is told after its document is committed. Where the connection is lost, the same file with',
        'the same mapping goes on; sent again when it is complete, it changes nothing. A document is known by its number: the same content is `unchanged`, other content is rejected.',
        'The report counts repeated documents as unchanged. A failure after the first line is the last line, in the shape of an error.',
      ].join(' '),
      tag: 'Orders',
      allow: 'orders:import',
      query: importQuery,
      limits: { bytes: 50 * 1024 * 1024, seconds: 15 * 60 },
      accepts: ['text/csv', 'application/x-ndjson', 'application/gzip', 'application/octet-stream'],
      encodings: ['gzip'],
      line: importLine,
      fails: [InvalidMapping, UnreadableFile, MissingColumns, CurrencyMismatch, UnusableReference, ImportInProgress],
    },
    imports.import,
  ),
];
