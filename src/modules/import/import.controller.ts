import type { Nothing, StreamCall } from '../../http/endpoint';
import type { JudgedDocument } from './group-writer';
import type { ImportLine, ImportQuery } from './import.schemas';
import type { ImportService } from './import.service';
import { mappingFromText } from './shipped-mappings';
import { spooled } from './spool';

/** Bytes after unzipping: a small upload can unzip to anything. */
const MOST_UNZIPPED = 256 * 1024 * 1024;
/** Told of one document; the file has the others. */
const MOST_ROWS_TOLD = 1000;

export class ImportController {
  constructor(private readonly imports: Pick<ImportService, 'importFile'>) {}

  import = async ({ query, body, signal, writeLine }: StreamCall<Nothing, ImportQuery>): Promise<void> => {
    const write = (line: ImportLine): Promise<void> => writeLine(line);
    const mapping = await mappingFromText(query.mapping);
    await spooled(body, async (path) => {
      const { importId, repeated, report } = await this.imports.importFile({
        path,
        fileName: query.fileName,
        mapping,
        maxBytes: MOST_UNZIPPED,
        onGroup: async (documents, progress) => {
          for (const document of documents) await write(present(document));
          await write({ type: 'progress', ...progress });
          signal.throwIfAborted(); // whoever has gone stops the import here; sent again, the file goes on from here
        },
      });
      await write({ type: 'report', importId, repeated, ...report, kinds: [...report.kinds] });
    });
  };
}

const present = ({ documentNumber, verdict, firstRow, kinds, reason, rejectedRows }: JudgedDocument): ImportLine => ({
  type: 'document',
  number: documentNumber,
  verdict,
  firstRow,
  kinds: [...kinds],
  ...(reason !== undefined && { reason }),
  ...(rejectedRows.length > 0 && {
    rejectedRows: rejectedRows.slice(0, MOST_ROWS_TOLD).map(({ source, refusal }) => ({ row: source.row, ...refusal, text: source.text })),
  }),
});
