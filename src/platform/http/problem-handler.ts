/** Everything that is thrown becomes RFC 9457 problem+json in the reader's language; the unknown becomes a logged 500 that says nothing. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { type Language, Problem } from '../../core/problem.ts';
import { problem } from '../errors.ts';
import { asProblem } from '../transaction.ts';

const RETRY_AFTER_SECONDS = 1;

/** zh or en by Accept-Language; Chinese where the reader does not say. */
export function languageOf(request: FastifyRequest): Language {
  const header = request.headers['accept-language'];
  if (header === undefined) return 'zh';
  const wanted = header
    .split(',')
    .map(part => {
      const [tag = '', ...parameters] = part.trim().split(';');
      const quality = parameters
        .map(parameter => /^\s*q=([0-9.]+)$/.exec(parameter)?.[1])
        .find(found => found !== undefined);
      return { language: tag.slice(0, 2).toLowerCase(), quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ language, quality }) => (language === 'zh' || language === 'en') && quality > 0)
    .sort((a, b) => b.quality - a.quality);
  return wanted[0]?.language === 'en' ? 'en' : 'zh';
}

/** The body of a refusal. Facts never overwrite the members RFC 9457 defines. */
export function problemBody(refusal: Problem, request: FastifyRequest): Record<string, unknown> {
  const language = languageOf(request);
  return {
    ...refusal.facts,
    type: `urn:partledger:problem:${refusal.code}`,
    title: refusal.title(language),
    status: refusal.status,
    detail: refusal.detail(language),
    instance: request.url.split('?')[0],
    code: refusal.code,
    requestId: request.id,
  };
}

export function handleError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refusal = toProblem(error);
  if (refusal.status >= 500) request.log.error({ err: error, 'problem.code': refusal.code }, 'request.failed');
  if (refusal.status === 503 || refusal.code === 'IDEMPOTENCY_KEY_IN_USE')
    reply.header('retry-after', RETRY_AFTER_SECONDS);
  if (refusal.status === 401) reply.header('www-authenticate', 'Bearer realm="partledger"');
  return reply
    .code(refusal.status)
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(problemBody(refusal, request)));
}

function toProblem(error: unknown): Problem {
  const known = asProblem(error);
  if (known instanceof Problem) return known;
  const { code, statusCode, validation, validationContext, message } = (known ?? {}) as Partial<FastifyError>;
  const { where, reason } = (known ?? {}) as { where?: string; reason?: string };
  if (validation !== undefined || where !== undefined) {
    return problem('REQUEST_INVALID', {
      where: `${validationContext ?? 'body'}${where ?? ''}`,
      reason: reason ?? message,
    });
  }
  if (isUnreachable(known)) return problem('DATABASE_UNREACHABLE');
  if (statusCode === 413) return problem('BODY_TOO_LARGE');
  if (statusCode === 414) return problem('ADDRESS_TOO_LONG');
  if (statusCode === 415) return problem('MEDIA_TYPE_UNSUPPORTED');
  if (code === 'FST_ERR_CTP_EMPTY_JSON_BODY' || code === 'FST_ERR_CTP_INVALID_CONTENT_LENGTH')
    return problem('BODY_NOT_JSON', { reason: 'the body is empty or its length is wrong' });
  if (code === 'FST_ERR_BAD_URL')
    return problem('REQUEST_INVALID', { where: 'path', reason: 'is not percent-encoded UTF-8' });
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return problem('REQUEST_INVALID', { where: 'request', reason: message ?? 'is not valid' });
  }
  return problem('INTERNAL');
}

const CONNECTION_LOST = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOENT|08\w{3}|57P0[123]|53300)$/;
const CONNECTION_WORDS =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/;

/** The server of the database is away or leaving; pg says some of it in words only. */
function isUnreachable(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { code, syscall } = at as { code?: unknown; syscall?: unknown };
    if (typeof code === 'string' && CONNECTION_LOST.test(code) && (code !== 'ENOENT' || syscall === 'connect'))
      return true;
    if (CONNECTION_WORDS.test(at.message)) return true;
  }
  return false;
}
