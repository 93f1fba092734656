/**
 * Strict JSON: valid UTF-8, no NUL, no lone surrogate, no duplicate key, bounded depth. JSON.parse alone keeps
 * the last of two equal keys and lets NUL through to PostgreSQL.
 */
import type { FastifyRequest } from 'fastify';
import { problem } from '../errors.ts';
import type { App } from './app-types.ts';

const DEPTH_MAX = 32;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/** JSON in UTF-8, uncompressed, is the one body every route takes; files have parsers of their own. */
export function acceptJson(app: App): void {
  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      requirePlainUtf8(request);
      done(null, parseJsonBody(body as Buffer));
    } catch (error) {
      done(error as Error, undefined);
    }
  });
}

function requirePlainUtf8({ headers }: FastifyRequest): void {
  const charset = /;\s*charset="?([^";\s]+)/i.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  const encoding = headers['content-encoding'] ?? 'identity';
  if (!/^utf-?8$/i.test(charset) || encoding !== 'identity') throw problem('MEDIA_TYPE_UNSUPPORTED');
}

/** Throws BODY_NOT_JSON with the reason. */
export function parseJsonBody(bytes: Uint8Array): unknown {
  const text = decode(bytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw notJson('malformed JSON');
  }
  refuseDuplicateKeys(text);
  return value;
}

function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw notJson('the bytes are not valid UTF-8');
  }
}

function notJson(reason: string) {
  return problem('BODY_NOT_JSON', { reason });
}

/** Walks valid JSON once: JSON.parse has vouched for its grammar, so a small scanner is enough. */
function refuseDuplicateKeys(text: string): void {
  const open: Array<Set<string> | null> = [];
  let expectsKey = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') {
      const end = endOfString(text, at);
      const value = JSON.parse(text.slice(at, end + 1)) as string;
      if (value.includes('\u0000')) throw notJson('a string contains NUL');
      if (!value.isWellFormed()) throw notJson('a string contains a lone surrogate');
      const keys = open.at(-1);
      if (expectsKey && keys) {
        // no field is called so, and what copies it carelessly changes the prototype
        if (value === '__proto__') throw notJson('the key "__proto__" is not taken');
        if (keys.has(value)) throw notJson(`the key ${JSON.stringify(value)} appears twice`);
        keys.add(value);
        expectsKey = false;
      }
      at = end;
    } else if (character === '{' || character === '[') {
      open.push(character === '{' ? new Set() : null);
      if (open.length > DEPTH_MAX) throw notJson(`deeper than ${DEPTH_MAX} levels`);
      expectsKey = character === '{';
    } else if (character === '}' || character === ']') {
      open.pop();
      expectsKey = false;
    } else if (character === ',') {
      expectsKey = open.at(-1) !== null && open.length > 0;
    }
  }
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; ; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
}
