import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type {
  FastifyBaseLogger,
  FastifyContextConfig,
  FastifyInstance,
  FastifySchema,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';

/** Every module's routes are registered on this: one TypeBox schema gives validation, types and OpenAPI. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression<RawServerDefault>,
  RawReplyDefaultExpression<RawServerDefault>,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

export type Route = {
  readonly method: string;
  /** As registered: `/v1/dealers/:code`. */
  readonly url: string;
  readonly config: FastifyContextConfig;
  readonly schema: FastifySchema & { readonly hide?: boolean };
};

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the caller must hold; `public` routes need nobody, `session` any signed-in principal, `person` one that is no machine. Every route says it. */
    readonly permission?: string;
    /** Problem codes of this route beyond those every route can answer; shown in OpenAPI. */
    readonly problems?: readonly string[];
    /** A POST that creates nothing worth a second look (a query, a sign-in): no Idempotency-Key. */
    readonly keyless?: boolean;
    /** The body holds a password: its fingerprint is keyed. */
    readonly secretBody?: boolean;
  }
  interface FastifyRequest {
    /** For the log: a person's name stays out of it. */
    callerKind: 'person' | 'machine' | 'nobody';
  }
  interface FastifyInstance {
    /** Every route of the service in order of registration, HEAD and OPTIONS left out. */
    readonly routeTable: readonly Route[];
    isStopping(): boolean;
    /** A route's own limit per address, beside the one of all routes: goes into its `onRequest`. */
    limitOf(requestsPerMinuteMax: number): (request: FastifyRequest, reply: FastifyReply) => Promise<void>;
    /** Who a request counts for in the rate limit, as far as that is known without looking anything up; else its address. */
    setCallerOf(callerOf: (request: FastifyRequest) => string | null): void;
  }
}
