import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import Papa from 'papaparse';
import { parseCsvRecord } from './csv-rows';
import type { ImportMapping } from './mapping';
import type { SourceFormat } from './source';
import type { RejectedRow } from './source-document';

/** Why the row was rejected: `code: message`. Readers ignore the column, so the file can be mended and fed again as it is. */
const REASON_COLUMN = 'reject_reason';
/** The whole line as it stood in the file, where it couldn't be split into fields. */
const LINE_COLUMN = 'reject_line';
const OWN_COLUMNS: readonly string[] = [REASON_COLUMN, LINE_COLUMN];

/**
 * Turns rejected rows into the lines of a rejects file, in the format of the file they came from: CSV with its header and the two columns
 * above, or NDJSON with two such keys. Values stay exactly as they were, formulas of spreadsheets too. A malformed row stands whole in
 * `reject_line`, beside its document number as far as it can be made out: fed again unmended, it holds its document back again.
 */
export class RejectsFormatter {
  private readonly columns: readonly string[];

  constructor(
    private readonly source: SourceFormat,
    private readonly mapping: ImportMapping,
  ) {
    this.columns = source.header.filter((name) => !OWN_COLUMNS.includes(name));
  }

  /** The first line; empty for NDJSON. */
  header(): string {
    return this.source.format === 'csv' ? this.csvLine([...this.columns, ...OWN_COLUMNS]) : '';
  }

  /** One row, with its line end. */
  line({ source, refusal }: RejectedRow): string {
    const number = this.mapping.columns.documentNumber;
    const reason = `${refusal.code}: ${refusal.message}`;
    if (this.source.format === 'ndjson') {
      const content =
        source.fields === undefined ? { [number]: source.documentNumber, [LINE_COLUMN]: source.text } : (JSON.parse(source.text) as object);
      return `${JSON.stringify({ ...content, [REASON_COLUMN]: reason })}\n`;
    }
    if (source.fields === undefined) {
      const known = this.columns.map((name) => (name === number ? source.documentNumber : ''));
      return this.csvLine([...known, reason, source.text]);
    }
    const values = parseCsvRecord({ text: source.text, quoted: source.text.includes('"') }, this.source.delimiter);
    const { header } = this.source;
    const kept = values.filter((_value, place) => !OWN_COLUMNS.includes(header[place]!));
    return this.csvLine([...kept, reason, values[header.indexOf(LINE_COLUMN)] ?? '']);
  }

  private csvLine(values: readonly string[]): string {
    return `${Papa.unparse([[...values]], { delimiter: this.source.delimiter, newline: '\n' })}\n`;
  }
}

/** Writes a rejects file. The file is made with the first rejected row, so that a clean import leaves none; one of an earlier run is replaced. */
export class RejectsFile {
  private stream: WriteStream | undefined;
  private readonly formatter: RejectsFormatter;
  private count = 0;

  constructor(
    readonly path: string,
    source: SourceFormat,
    mapping: ImportMapping,
  ) {
    this.formatter = new RejectsFormatter(source, mapping);
  }

  /** Rows written so far. */
  get rows(): number {
    return this.count;
  }

  async write(rows: readonly RejectedRow[]): Promise<void> {
    if (rows.length === 0) return;
    if (this.stream === undefined) {
      this.stream = createWriteStream(this.path, { mode: 0o600 });
      await once(this.stream, 'open');
      this.stream.write(this.formatter.header());
    }
    this.count += rows.length;
    const text = rows.map((row) => this.formatter.line(row)).join('');
    if (!this.stream.write(text)) await once(this.stream, 'drain');
  }

  async close(): Promise<void> {
    if (this.stream === undefined) return;
    this.stream.end();
    await finished(this.stream);
  }
}
