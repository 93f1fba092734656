import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type {
  FastifyBaseLogger,
  FastifyInstance,
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

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the caller must hold; `public` routes need nobody, `session` any signed-in principal. Every route says it. */
    readonly permission?: string;
    /** Problem codes of this route beyond those every route can answer; shown in OpenAPI. */
    readonly problems?: readonly string[];
  }
}
