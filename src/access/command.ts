/**
 * From a request to one transaction: the context, the idempotency key of a creating POST, and the traces of a
 * refusal. Route handlers call `command` and nothing else that writes.
 */
import { createHmac } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Problem } from '../core/problem.ts';
import type { Tx } from '../platform/database.ts';
import { type Dependencies, today } from '../platform/dependencies.ts';
import { problem as platformProblem } from '../platform/errors.ts';
import { problemBody } from '../platform/http/problem-handler.ts';
import { fingerprintOf, idempotently, type Reply, settle } from '../platform/idempotency.ts';
import { inTransaction } from '../platform/transaction.ts';
import { appendAudit } from './audit.ts';
import { problem } from './errors.ts';
import type { Context } from './principal.ts';

export type CommandReply = Reply & {
  /** Secrets laid over the body of the first answer; never stored, so a replay shows the body's own nulls. */
  readonly once?: Readonly<Record<string, unknown>>;
  /** Runs after the commit and before the answer. */
  readonly committed?: () => void;
};

/** The context of an authenticated request. */
export function contextOf(dependencies: Dependencies, request: FastifyRequest): Context {
  if (request.principal === null) throw problem('NOT_SIGNED_IN');
  return {
    principal: request.principal,
    now: dependencies.clock.now(),
    today: today(dependencies),
    requestId: request.id,
  };
}

/**
 * Runs a verb in one transaction and sends its reply. A POST needs an Idempotency-Key and is answered from the
 * store when it is repeated (`Idempotency-Replayed: true`). A business refusal undoes the effect, is audited,
 * and for a POST stored.
 */
export async function command(
  dependencies: Dependencies,
  request: FastifyRequest,
  reply: FastifyReply,
  work: (tx: Tx, context: Context) => Promise<CommandReply>,
): Promise<never> {
  const context = contextOf(dependencies, request);
  let latest: CommandReply | null = null;
  const verb = async (tx: Tx) => {
    latest = await work(tx, context);
    return latest;
  };
  const refused = async (tx: Tx, refusal: Problem): Promise<Reply> => {
    await appendAudit(tx, context, refusalEntry(request, refusal));
    return { status: refusal.status, body: problemBody(refusal, request) };
  };
  if (request.method !== 'POST') {
    const done = await inTransaction(dependencies.database, { now: context.now }, tx => settle(tx, verb, refused));
    return answer(reply, done, latest);
  }
  const { reply: done, replayed } = await idempotently(
    dependencies.database,
    context.now,
    {
      principal: context.principal.name,
      method: request.method,
      path: request.url.split('?')[0] ?? request.url,
      key: idempotencyKey(request),
      fingerprint: fingerprint(dependencies, request),
    },
    verb,
    refused,
  );
  if (replayed) reply.header('idempotency-replayed', 'true');
  return answer(reply, done, replayed ? null : latest);
}

/** A body with a secret in it is fingerprinted under a key: a bare hash of a password could be guessed from the table. */
function fingerprint(dependencies: Dependencies, request: FastifyRequest): string {
  // the parser's object has a prototype of its own
  const plain = fingerprintOf({ body: request.body ?? null, query: { ...(request.query as object) } });
  if (request.routeOptions.config.secretBody !== true) return plain;
  return createHmac('sha256', dependencies.sessionSecret).update(plain).digest('hex');
}

function answer(reply: FastifyReply, done: Reply, latest: CommandReply | null): never {
  if (latest === null || done !== latest) return send(reply, done);
  latest.committed?.();
  return send(
    reply,
    latest.once === undefined ? done : { ...done, body: { ...(done.body as object), ...latest.once } },
  );
}

/** Sends it here. `never`: the reply has been sent, so the route's response type has nothing left to check. */
function send(reply: FastifyReply, done: Reply): never {
  if (done.location !== undefined) reply.header('location', done.location);
  if (done.status < 400) return reply.code(done.status).send(done.body) as never;
  // a refusal is not described by the route's response schema, so it is sent as it was stored
  return reply
    .code(done.status)
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(done.body)) as never;
}

function idempotencyKey(request: FastifyRequest): string {
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) throw platformProblem('IDEMPOTENCY_KEY_MISSING');
  return key;
}

function refusalEntry(request: FastifyRequest, refusal: Problem) {
  return {
    action: `${request.method} ${request.routeOptions.url ?? ''}`,
    outcome: 'refused' as const,
    subjectKind: 'request',
    subjectId: request.id,
    after: { code: refusal.code, path: request.url.split('?')[0] },
  };
}
