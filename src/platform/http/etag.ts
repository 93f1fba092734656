import type { FastifyReply, FastifyRequest } from 'fastify';
import { problem } from '../errors.ts';

/** The version a change is based on. Throws VERSION_MISSING without If-Match; a value of another form matches nothing (VERSION_CONFLICT). */
export function expectedVersion(request: FastifyRequest): number {
  const header = request.headers['if-match'];
  if (header === undefined) throw problem('VERSION_MISSING');
  const match = /^(?:W\/)?"(\d{1,9})"$/.exec(header);
  return match?.[1] === undefined ? 0 : Number(match[1]);
}

/** Throws VERSION_CONFLICT when the document has moved on. */
export function requireVersion(actual: number, expected: number): void {
  if (actual !== expected) throw problem('VERSION_CONFLICT', { version: actual });
}

export function setVersion(reply: FastifyReply, version: number): void {
  reply.header('etag', `"${version}"`);
}
