import { request, type Agent, type IncomingHttpHeaders } from 'node:http';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';

/** A piece of JSON written as it stands: numbers that no double holds, and what is no JSON at all. */
export class Literal {
  constructor(readonly text: string) {}
}

/** JSON text of a value that may hold literals. */
export function toJson(value: unknown): string {
  if (value instanceof Literal) return value.text;
  if (Array.isArray(value)) return `[${value.map(toJson).join(',')}]`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => `${JSON.stringify(key)}:${toJson(member)}`)
      .join(',')}}`;
  return JSON.stringify(value) ?? 'null';
}

/** Half surrogate pairs have no encoding; they become what a decoder would make of them. */
export const percentEncoded = (text: string): string => encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '\ufffd'));

/** A request as it will be sent, down to the bytes. */
export interface Request {
  readonly method: string;
  /** With /api/v1 and the query, percent-encoded. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** What the body says, when it is well-formed JSON; to hold against the answer. */
  readonly said?: unknown;
  readonly body?: Buffer | string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly milliseconds: number;
}

function decoded(bytes: Buffer, encoding: string | undefined): string {
  const decompress = { gzip: gunzipSync, deflate: inflateSync, br: brotliDecompressSync }[encoding ?? ''];
  return (decompress === undefined || bytes.length === 0 ? bytes : decompress(bytes)).toString('utf8');
}

/** An answer that never ends (a stream of events) is read for this long. */
const STREAM_MS = 200;

/** Sends it and reads the whole answer. @throws when none comes in time, or the connection breaks */
export function send(port: number, agent: Agent, sent: Request, timeoutMs: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const { method, target, body } = sent;
    const headers: Record<string, string | readonly string[]> = { ...sent.headers };
    if (body !== undefined) headers['Content-Length'] ??= String(Buffer.byteLength(body));
    const outgoing = request({
      host: '127.0.0.1',
      port,
      agent,
      method,
      path: target,
      headers: headers as Record<string, string>,
      setHost: true,
    });
    const late = setTimeout(() => outgoing.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    outgoing.on('response', (response) => {
      const chunks: Buffer[] = [];
      const done = (): void => {
        clearTimeout(late);
        const { statusCode: status = 0, headers: answered } = response;
        resolve({
          status,
          headers: answered,
          text: decoded(Buffer.concat(chunks), answered['content-encoding']),
          milliseconds: performance.now() - startedAt,
        });
      };
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', done);
      response.on('error', reject);
      if (response.headers['content-type']?.startsWith('text/event-stream') === true)
        setTimeout(() => {
          done();
          response.destroy();
        }, STREAM_MS);
    });
    outgoing.on('error', (error) => {
      clearTimeout(late);
      reject(error);
    });
    outgoing.end(body);
  });
}
