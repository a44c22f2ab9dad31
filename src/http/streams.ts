/** Serves a stream endpoint: limited upload in, NDJSON lines out. */
import { once } from 'node:events';
import { Transform, type Readable } from 'node:stream';
import type { Request, Response } from 'express';
import { AppError } from '../kernel/app-error';
import type { Principal } from '../kernel/context';
import { mediaType } from './body/json-body';
import type { RequestMeta, StreamEndpoint } from './endpoint';
import { ClientClosed, errorBody, Internal, PayloadTooLarge, RequestTimeout, UnsupportedMediaType } from './errors';
import type { ParsedInput } from './input';
import { longUpload } from './server/long-uploads';

/** The upload, cut off with PayloadTooLarge when it grows past the limit. */
function limited(req: Request, bytes: number): Readable {
  let size = 0;
  const gate = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > bytes) done(new PayloadTooLarge(`The upload is larger than ${bytes} bytes`, { limit: bytes }));
      else done(null, chunk);
    },
  });
  // Not pipeline(): it would destroy the request with the gate, and no answer could be sent.
  req.pipe(gate);
  req.once('error', (error) => gate.destroy(error));
  // Told to whoever reads it; a handler that has stopped reading must not bring the process down.
  gate.on('error', () => undefined);
  return gate;
}

/** A failure after the first line can't change the status any more: it becomes the last line. @throws AppError before the first line */
export async function serveStream(
  req: Request,
  res: Response,
  { spec, handle }: StreamEndpoint,
  input: ParsedInput,
  principal: Principal,
  request: RequestMeta,
): Promise<void> {
  const contentType = mediaType(req.headers['content-type']);
  if (!spec.accepts.includes(contentType))
    throw new UnsupportedMediaType(`Send one of ${spec.accepts.join(', ')}, not ${contentType || 'an untyped body'}`);
  const encoding = req.headers['content-encoding'];
  const contentEncoding = encoding === undefined || encoding === 'identity' ? undefined : encoding.toLowerCase();
  if (contentEncoding !== undefined && spec.encodings?.includes(contentEncoding) !== true) {
    throw new UnsupportedMediaType(`Content-Encoding ${contentEncoding} is not taken here`);
  }
  if (Number(req.headers['content-length'] ?? 0) > spec.limits.bytes) {
    throw new PayloadTooLarge(`The upload is larger than ${spec.limits.bytes} bytes`, { limit: spec.limits.bytes });
  }
  // It may have left while it was asked who it is; no event would tell so again.
  if (req.destroyed) throw new ClientClosed('The client went away');

  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(new RequestTimeout(`Not done within ${spec.limits.seconds} s`)), spec.limits.seconds * 1000);
  const onClose = (): void => {
    if (!res.writableFinished) abort.abort(new ClientClosed('The client went away'));
  };
  res.once('close', onClose);
  const body = limited(req, spec.limits.bytes);
  const arrived = longUpload(req);
  // A reader waiting for more of the upload must notice the end of its time.
  abort.signal.addEventListener('abort', () => body.destroy(abort.signal.reason as Error), { once: true });

  const writeLine = async (value: unknown): Promise<void> => {
    abort.signal.throwIfAborted();
    if (!res.headersSent) {
      res.statusCode = 200;
      res.setHeader('Content-Type', 'application/x-ndjson; charset=utf-8');
      // Proxies and compression would otherwise hold lines back.
      res.setHeader('Cache-Control', 'no-store, no-transform');
      res.setHeader('X-Accel-Buffering', 'no');
    }
    if (!res.write(`${JSON.stringify(value)}\n`)) await once(res, 'drain', { signal: abort.signal });
  };

  try {
    await handle({
      params: input.params,
      query: input.query,
      principal,
      request,
      body,
      contentType,
      contentEncoding,
      signal: abort.signal,
      writeLine,
    });
    if (!res.headersSent) res.statusCode = 204;
    res.end();
  } catch (error) {
    const cause: unknown = abort.signal.aborted ? abort.signal.reason : error;
    if (!res.headersSent) throw cause;
    const known = cause instanceof AppError ? cause : new Internal('Something went wrong in the server');
    if (res.writable) res.end(`${JSON.stringify(errorBody(known, request.requestId))}\n`);
    if (known instanceof Internal) throw error;
  } finally {
    clearTimeout(timer);
    arrived();
    res.off('close', onClose);
    body.destroy();
  }
}
