import { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { handleClientError } from '../../../src/platform/http/client-error.ts';

/** What a peer reads before the connection is closed. */
function answerTo(code: string): { text: string; destroyed: boolean } {
  const chunks: string[] = [];
  const socket = new Duplex({
    read() {},
    write(chunk, _encoding, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  handleClientError(Object.assign(new Error(code), { code }), socket as never);
  return { text: chunks.join(''), destroyed: socket.destroyed };
}

describe('a connection that brings no request', () => {
  it.each([
    ['ERR_HTTP_REQUEST_TIMEOUT', 408, 'REQUEST_TIMEOUT'],
    ['HPE_HEADER_OVERFLOW', 431, 'HEADERS_TOO_LARGE'],
    ['HPE_INVALID_METHOD', 400, 'REQUEST_INVALID'],
  ])('for %s is told why', (code, status, problem) => {
    const [head = '', body = ''] = answerTo(code).text.split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(head).toContain(`Content-Length: ${Buffer.byteLength(body)}`);
    expect(JSON.parse(body)).toMatchObject({ status, code: problem });
  });

  it('is left alone when its peer is gone', () => {
    expect(answerTo('ECONNRESET')).toEqual({ text: '', destroyed: true });
  });
});
