/** Reads the JSON body of a request, after the caller is known: strangers can't make the server hold bodies. */
import type { IncomingMessage } from 'node:http';
import { InvalidInput } from '../../kernel/common-errors';
import { ClientClosed, PayloadTooLarge, RequestTimeout, UnsupportedMediaType } from '../errors';
import { refusedValue } from './json-guard';
import { scanJson } from './json-scan';
import { positionOf, syntaxErrorOffset } from './json-syntax';

/** Bytes, unless a route says otherwise. */
export const BODY_LIMIT = 256 * 1024;
/** The same of a route that anybody may call: nobody is known there whose turn it is. */
export const PUBLIC_BODY_LIMIT = 16 * 1024;
/** A short value with its key takes so many bytes, and nobody sends a longer list of them: rows and lines have text in them. */
const BYTES_PER_VALUE = 16;
/** Of the largest body: a thousand rows of 130 values. A product that says everything of itself has nearly 80. */
const MOST_VALUES = 131_072;
const mostValuesIn = (bytes: number): number => Math.min(bytes / BYTES_PER_VALUE, MOST_VALUES);
/** Characters in which the place of a mistake is looked for: that takes longer than reading them. */
const LONGEST_SEARCHED = 1024 * 1024;
const ARRIVES_WITHIN_MS = 30_000;
const NO_BYTES = Buffer.alloc(0);
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export interface JsonBody {
  /** The bytes as sent, for the fingerprint. */
  readonly raw: Buffer;
  /** undefined when nothing was sent. */
  readonly value: unknown;
}

const NO_BODY: JsonBody = { raw: NO_BYTES, value: undefined };

/** Whether one is announced. */
export const hasBody = (req: IncomingMessage): boolean =>
  req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;

/** The media type of a header value, lower case, without parameters. */
export const mediaType = (header: string | undefined): string => (header ?? '').split(';', 1)[0]!.trim().toLowerCase();

/** @throws UnsupportedMediaType, PayloadTooLarge, RequestTimeout, InvalidInput */
export async function readJsonBody(req: IncomingMessage, limit: number): Promise<JsonBody> {
  if (!hasBody(req)) return NO_BODY;
  const header = req.headers['content-type'];
  if (mediaType(header) !== 'application/json') {
    throw new UnsupportedMediaType(`Send the body as application/json${header === undefined ? '' : `, not ${mediaType(header)}`}`);
  }
  const charset = /charset="?([\w-]+)/i.exec(header!)?.[1];
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) throw new UnsupportedMediaType(`JSON is UTF-8, not ${charset}`);
  const encoding = req.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') throw new UnsupportedMediaType('Send the body without Content-Encoding');
  const raw = await readBytes(req, limit);
  return raw.length === 0 ? NO_BODY : { raw, value: parseJson(raw, mostValuesIn(limit)) };
}

const gone = (): ClientClosed => new ClientClosed('The connection closed before the body had arrived');

function readBytes(req: IncomingMessage, limit: number): Promise<Buffer> {
  const tooLarge = (): PayloadTooLarge => new PayloadTooLarge(`The body is larger than ${limit} bytes`, { limit });
  if (Number(req.headers['content-length'] ?? 0) > limit) return Promise.reject(tooLarge());
  // It may have left while it was asked who it is; nothing would ever tell so again.
  if (req.destroyed) return Promise.reject(gone());
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(() => finish(new RequestTimeout('The body did not arrive in time')), ARRIVES_WITHIN_MS);
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > limit) finish(tooLarge());
      else chunks.push(chunk);
    };
    const onEnd = (): void => finish();
    const onClose = (): void => finish(gone());
    const finish = (error?: Error): void => {
      clearTimeout(timer);
      req.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose);
      if (error !== undefined) reject(error);
      else resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size));
    };
    req.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose);
  });
}

const refuse = (path: string, message: string): never => {
  throw new InvalidInput(`${path} ${message}`, { issues: [{ path, message }] });
};

/** @throws InvalidInput for anything but well-formed JSON of at most so many values that can be carried unchanged. */
export function parseJson(raw: Buffer, mostValues = mostValuesIn(BODY_LIMIT)): unknown {
  const { refusal, inexact } = scanJson(raw, mostValues);
  if (refusal !== undefined) return refuse('body', refusal);
  let text: string;
  try {
    text = utf8.decode(raw);
  } catch {
    return refuse('body', 'is not UTF-8');
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse('body', `is not valid JSON${text.length > LONGEST_SEARCHED ? '' : `: see ${positionOf(text, syntaxErrorOffset(text))}`}`);
  }
  const refused = refusedValue(value, text.includes('\\u'));
  if (refused !== undefined) return refuse(refused.path, refused.message);
  if (inexact !== undefined) return refuse('body', `holds the number ${inexact.slice(0, 40)}, which JSON readers change: send it as text`);
  return value;
}
