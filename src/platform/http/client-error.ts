/** What is refused before there is a request: headers too large, a broken request line, a request that never ends. */
import type { Socket } from 'node:net';
import type { Problem } from '../../core/problem.ts';
import { problem } from '../errors.ts';

export function handleClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const refusal = refusalOf(error.code);
  const body = JSON.stringify({
    type: `urn:partledger:problem:${refusal.code}`,
    title: refusal.title('en'),
    status: refusal.status,
    detail: refusal.detail('en'),
    code: refusal.code,
  });
  socket.end(
    `HTTP/1.1 ${refusal.status} ${refusal.title('en')}\r\nContent-Type: application/problem+json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

function refusalOf(code: string | undefined): Problem {
  if (code === 'HPE_HEADER_OVERFLOW') return problem('HEADERS_TOO_LARGE');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return problem('REQUEST_TIMEOUT');
  return problem('REQUEST_INVALID', { where: 'request', reason: 'is not HTTP' });
}
