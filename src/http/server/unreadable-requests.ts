import type { Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { AppError } from '../../kernel/app-error';
import { InvalidInput } from '../../kernel/common-errors';
import { newId } from '../../kernel/ids';
import { errorBody, HeadersTooLarge, MethodNotAllowed, PayloadTooLarge, RequestTimeout } from '../errors';
import { hasLongUpload } from './long-uploads';

/** Node's code for a request that did not arrive in time. */
const TOO_LATE = 'ERR_HTTP_REQUEST_TIMEOUT';
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
/** How long a client may go on sending what nobody reads. */
const LINGER_MS = 1_000;

/**
 * What Node's parser refuses never becomes a request, so no middleware sees it. It is refused here in the shape of every other refusal, and
 * the connection is closed: where the next request would begin is no longer known.
 */
export function refuseUnreadableRequests(server: Server): void {
  const refused = new WeakSet<Duplex>();
  server.on('clientError', (error: Error & { code?: string }, socket: Duplex) => {
    if (error.code === TOO_LATE && hasLongUpload(socket)) return;
    // What else arrives on the connection is refused by the parser as well.
    if (refused.has(socket)) return;
    refused.add(socket);
    // Half an answer that is on its way can't be taken back.
    if (!socket.writable || answeringOn(socket)?.headersSent === true) {
      socket.destroy();
      return;
    }
    refuse(socket, refusalOf(error.code));
  });
  // A tunnel never becomes a request either.
  server.on('connect', (_req, socket: Duplex) => {
    socket.on('error', () => undefined);
    socket.resume();
    refuse(socket, new MethodNotAllowed('CONNECT is not possible here', { allowed: METHODS }, { Allow: METHODS.join(', ') }));
  });
}

function refuse(socket: Duplex, refusal: AppError): void {
  socket.end(answerOf(refusal));
  // A connection closed with bytes unread is reset, and the answer lost with it.
  const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once('close', () => clearTimeout(timer));
}

/** Undeclared, but Node's own handler asks the same. */
const answeringOn = (socket: object): ServerResponse | null | undefined =>
  '_httpMessage' in socket ? (socket['_httpMessage'] as ServerResponse | null) : undefined;

/** By the code of the parser's error. */
function refusalOf(code: string | undefined): AppError {
  if (code === 'HPE_HEADER_OVERFLOW') return new HeadersTooLarge('The request line and headers are too large');
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return new PayloadTooLarge('The extensions of a chunk are too large');
  if (code === TOO_LATE) return new RequestTimeout('The request did not arrive in time');
  return new InvalidInput('The request is not HTTP that can be read');
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  413: 'Payload Too Large',
  431: 'Request Header Fields Too Large',
};

function answerOf(refusal: AppError): string {
  const requestId = newId();
  const body = JSON.stringify(errorBody(refusal, requestId));
  const headers = [
    `HTTP/1.1 ${refusal.status} ${REASONS[refusal.status]!}`,
    `X-Request-Id: ${requestId}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    'Connection: close',
    ...Object.entries(refusal.headers).map(([name, value]) => `${name}: ${value}`),
  ];
  return `${headers.join('\r\n')}\r\n\r\n${body}`;
}
