/** Requests a browser sends for another site are told by what the browser says of itself (Fetch Metadata, Origin). */
import type { FastifyRequest } from 'fastify';
import { problem } from './errors.ts';

const UNSAFE = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
const OWN_SITE = new Set(['same-origin', 'none']);

/** May the method change something? */
export function isUnsafe(method: string): boolean {
  return UNSAFE.has(method);
}

/** Throws ORIGIN_REFUSED when the browser says that another site made the request; programs that are no browsers say nothing. */
export function requireSameOrigin(request: FastifyRequest): void {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) {
    if (!OWN_SITE.has(String(site))) throw problem('ORIGIN_REFUSED');
    return;
  }
  const { origin } = request.headers;
  if (origin !== undefined && URL.parse(origin)?.host !== request.host) throw problem('ORIGIN_REFUSED');
}
