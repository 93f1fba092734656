import type { Principal } from './principal.ts';
import type { SignedIn } from './session.ts';

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal | null;
    /** Set when a person came with the session cookie; null for machines. */
    signedIn: SignedIn | null;
  }
  interface FastifyInstance {
    /** Forgets remembered keys in this process; the others hear it by NOTIFY. */
    forgetKeys(): void;
  }
}
