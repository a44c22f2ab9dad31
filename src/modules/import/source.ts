import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { csvRows } from './csv-rows';
import { UnreadableFile } from './import.errors';
import { jsonRows } from './json-rows';
import type { ImportMapping } from './mapping';
import { RecordSplitter, type SplitRecord } from './record-splitter';
import type { SourceRow } from './source-row';

export interface SourceFormat {
  readonly format: 'csv' | 'ndjson';
  /** Between the fields of CSV. */
  readonly delimiter: string;
  /** CSV's column names; empty for NDJSON. */
  readonly header: readonly string[];
}

export interface Source {
  readonly format: SourceFormat;
  /** Rows in bunches, as they were read: one by one they would cost more than reading them. To be read once. */
  readonly rows: AsyncGenerator<SourceRow[]>;
}

export interface SourceOptions {
  /** Sees the file's own bytes, before they are unzipped. */
  readonly onBytes?: (bytes: Buffer) => void;
  /** Most bytes after unzipping, against files that unzip without end. */
  readonly maxBytes?: number;
}

const CHUNK = 64 * 1024;

/**
 * Opens a stored file of order lines, CSV or NDJSON, gzipped or not, and streams its rows. A malformed row is yielded with its problem.
 * @throws UnreadableFile (empty, damaged gzip, UTF-16, too large unzipped; also while rows are read), MissingColumns
 */
export async function openSource(path: string, mapping: ImportMapping, options: SourceOptions = {}): Promise<Source> {
  const chunks = withoutMark(await unzipped(path, options))[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done === true) throw new UnreadableFile('the file is empty');
  const format = mapping.format ?? (/^\s*\{/.test(first.value.toString('latin1', 0, 1024)) ? 'ndjson' : 'csv');
  const all = prepend(first.value, chunks);
  const delimiter = mapping.delimiter;
  if (format === 'ndjson') {
    const rows = jsonRows(records(all, new RecordSplitter(undefined)), mapping);
    return { format: { format, delimiter, header: [] }, rows };
  }
  const { header, rows } = await csvRows(records(all, new RecordSplitter(delimiter)), mapping);
  return { format: { format, delimiter, header }, rows };
}

async function* records(chunks: AsyncIterable<Buffer>, splitter: RecordSplitter): AsyncGenerator<SplitRecord[]> {
  for await (const chunk of chunks) yield splitter.push(chunk);
  yield splitter.end();
}

async function* prepend(first: Buffer, rest: AsyncIterator<Buffer, unknown>): AsyncGenerator<Buffer> {
  try {
    yield first;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.(); // closes the file when the reader stops early
  }
}

async function unzipped(path: string, { onBytes, maxBytes = Infinity }: SourceOptions): Promise<AsyncGenerator<Buffer>> {
  const zipped = await isGzip(path);
  const stored = tapped(createReadStream(path, { highWaterMark: CHUNK }), onBytes);
  return limited(zipped ? gunzipped(stored) : stored, maxBytes);
}

async function isGzip(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer.readUInt16BE() === 0x1f8b;
  } finally {
    await file.close();
  }
}

async function* tapped(chunks: AsyncIterable<Buffer>, onBytes: SourceOptions['onBytes']): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    onBytes?.(chunk);
    yield chunk;
  }
}

async function* gunzipped(stored: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: CHUNK });
  // The error reaches the loop below through gunzip itself.
  pipeline(stored, gunzip, () => undefined);
  try {
    yield* gunzip as AsyncIterable<Buffer>;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'Z_BUF_ERROR') throw new UnreadableFile('the gzip file is cut off');
    if (code.startsWith('Z_')) throw new UnreadableFile('the gzip file is damaged');
    throw error;
  }
}

async function* limited(chunks: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new UnreadableFile(`the file holds more than ${maxBytes} bytes`);
    yield chunk;
  }
}

/** Without the UTF-8 byte order mark; the first chunk has at least three bytes unless the file is shorter. */
async function* withoutMark(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let first = true;
  for await (const chunk of chunks) {
    if (!first) {
      yield chunk;
      continue;
    }
    first = false;
    const [a, b, c] = chunk;
    if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) throw new UnreadableFile('the file is UTF-16; save it as UTF-8');
    yield a === 0xef && b === 0xbb && c === 0xbf ? chunk.subarray(3) : chunk;
  }
}
