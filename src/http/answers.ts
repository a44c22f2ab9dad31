/** From a handler's result to bytes. */
import type { Request, Response } from 'express';
import type { Answer } from '../kernel/idempotency';
import { etagOf, isNotModified } from './conditional';
import type { Endpoint } from './endpoint';
import { ResponseMismatch } from './errors';
import { checkOutput, type Issue } from './fields/field';
import { RawJson, Reply, type ReplyOptions } from './reply';

const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({});

const versionOf = (body: unknown): number | undefined => {
  if (typeof body !== 'object' || body === null) return undefined;
  const { version } = body as { version?: unknown };
  return typeof version === 'number' ? version : undefined;
};

function headersOf(options: ReplyOptions | undefined, version: number | undefined): Readonly<Record<string, string>> {
  if (options === undefined && version === undefined) return NO_HEADERS;
  return {
    ...options?.headers,
    ...(version !== undefined && { ETag: etagOf(version) }),
    ...(options?.replayed === true && { 'Idempotency-Replayed': 'true' }),
  };
}

/** The answer a handler's result stands for. */
export function answerOf({ spec }: Endpoint, result: unknown): Answer {
  if (result instanceof RawJson) {
    const { options, text } = result;
    return { status: options.status ?? spec.status ?? 200, body: text, headers: headersOf(options, options.version) };
  }
  const options = result instanceof Reply ? result.options : undefined;
  const body: unknown = result instanceof Reply ? result.body : result;
  const cookies = options?.cookies && { cookies: options.cookies };
  if (spec.returns === 'nothing')
    return { status: options?.status ?? spec.status ?? 204, body: '', headers: headersOf(options, undefined), ...cookies };
  // A handler without a result would be a mistake the compiler refuses; null keeps it valid JSON.
  return {
    status: options?.status ?? spec.status ?? 200,
    body: JSON.stringify(body ?? null),
    headers: headersOf(options, versionOf(body)),
    ...cookies,
  };
}

/** Compares what the client will read with the declaration. @throws ResponseMismatch */
export function checkAnswer({ method, path, spec }: Endpoint, { body }: Answer): void {
  const issues: Issue[] = [];
  if (spec.returns !== 'nothing') issues.push(...checkOutput(spec.returns, JSON.parse(body)));
  else if (body !== '') issues.push({ path: 'response', message: 'has a body where none is declared' });
  if (issues.length === 0) return;
  throw new ResponseMismatch(`${method.toUpperCase()} ${path}: ${issues[0]!.path} ${issues[0]!.message}`, { issues });
}

/** Below this many bytes compressing costs more than it saves. */
const COMPRESS_FROM = 1024;

/** Compresses what is written to the response from now on, if the client takes it. */
export type Compress = (req: Request, res: Response) => void;

export function sendAnswer(req: Request, res: Response, endpoint: Endpoint, answer: Answer, compress: Compress): void {
  const { headers } = answer;
  for (const name in headers) res.setHeader(name, headers[name]!);
  if (answer.cookies !== undefined) res.setHeader('Set-Cookie', answer.cookies);
  const etag = headers['ETag'];
  if (
    etag !== undefined &&
    endpoint.method === 'get' &&
    endpoint.spec.revalidate !== false &&
    isNotModified(req.headers['if-none-match'], etag)
  ) {
    res.statusCode = 304;
    res.end();
    return;
  }
  res.statusCode = answer.status;
  if (answer.body === '') {
    res.end();
    return;
  }
  const bytes = Buffer.byteLength(answer.body);
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  if (bytes >= COMPRESS_FROM && req.headers['accept-encoding'] !== undefined) compress(req, res);
  res.setHeader('Content-Length', bytes);
  res.end(answer.body);
}
