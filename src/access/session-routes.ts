/** Sign in, who am I, sign out; the session cookie never leaves this file. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { type Dependencies, today } from '../platform/dependencies.ts';
import type { App } from '../platform/http/app-types.ts';
import { closed, Instant, Uuid } from '../platform/http/schemas.ts';
import { appendAudit } from './audit.ts';
import { SESSION_COOKIE } from './authentication.ts';
import { command } from './command.ts';
import { problem } from './errors.ts';
import { PASSWORD_LENGTH_MAX } from './password.ts';
import { getPerson } from './person.ts';
import { Login, PersonView, viewPerson } from './person-view.ts';
import type { Context, Principal } from './principal.ts';
import { requireSameOrigin } from './same-origin.ts';
import { csrfTokenOf, listSessions, revokeSession, type SignedIn } from './session.ts';
import { signIn } from './sign-in.ts';

const SIGN_INS_PER_MINUTE_MAX = 20;
const NOBODY: Principal = {
  name: 'anonymous',
  roles: [],
  permissions: new Set(),
  dealerId: null,
  dealerCode: null,
  language: 'zh',
};

const Credentials = closed({
  login: Login,
  password: Type.String({ minLength: 1, maxLength: 4 * PASSWORD_LENGTH_MAX, examples: ['partledger-demo'] }),
});
const CsrfToken = Type.String({ description: 'To be sent as X-CSRF-Token with every change made with the cookie' });
const CurrentSession = closed({ csrfToken: CsrfToken, person: PersonView }, { title: 'CurrentSession' });
const SessionView = closed(
  {
    id: Uuid,
    createdAt: Instant,
    lastSeenAt: Instant,
    expiresAt: Instant,
    current: Type.Boolean({ description: 'The session of this request' }),
  },
  { title: 'Session' },
);

/** The person behind the cookie. Throws PERSON_REQUIRED for a machine. */
export function signedInOf(request: FastifyRequest): SignedIn {
  if (request.signedIn === null) throw problem('PERSON_REQUIRED');
  return request.signedIn;
}

export function registerSessionRoutes(app: App, dependencies: Dependencies): void {
  registerSignIn(app, dependencies);
  registerCurrentSession(app, dependencies);
  registerOwnSessions(app, dependencies);
}

function registerSignIn(app: App, dependencies: Dependencies): void {
  const limit = app.limitOf(SIGN_INS_PER_MINUTE_MAX);
  app.post(
    '/v1/sessions',
    {
      config: { permission: 'public', keyless: true, problems: ['SIGN_IN_FAILED', 'ORIGIN_REFUSED'] },
      onRequest: limit,
      schema: {
        tags: ['sessions'],
        summary: 'Signs a person in and sets the session cookie',
        body: Credentials,
        response: { 201: CurrentSession },
      },
    },
    async (request, reply) => {
      requireSameOrigin(request);
      const { clock, database, sessionSecret, secureCookies } = dependencies;
      const context: Context = {
        principal: NOBODY,
        now: clock.now(),
        today: today(dependencies),
        requestId: request.id,
      };
      const session = await signIn(database, context, request.body);
      reply.setCookie(SESSION_COOKIE, session.token, cookieOptions(secureCookies));
      reply.code(201).header('location', '/v1/sessions/current');
      const person = await getPerson(database.reader(), request.body.login);
      return { csrfToken: csrfTokenOf(sessionSecret, session.id), person: viewPerson(person, context.now) };
    },
  );
}

function registerCurrentSession(app: App, dependencies: Dependencies): void {
  app.get(
    '/v1/sessions/current',
    {
      config: { permission: 'person' },
      schema: {
        tags: ['sessions'],
        summary: 'Who is signed in, and the CSRF token of the session',
        response: { 200: CurrentSession },
      },
    },
    async (request): Promise<Static<typeof CurrentSession>> => {
      const { sessionId, login } = signedInOf(request);
      const person = await getPerson(dependencies.database.reader(), login);
      return {
        csrfToken: csrfTokenOf(dependencies.sessionSecret, sessionId),
        person: viewPerson(person, dependencies.clock.now()),
      };
    },
  );

  app.delete(
    '/v1/sessions/current',
    {
      config: { permission: 'person', problems: ['SESSION_NOT_FOUND'] },
      schema: { tags: ['sessions'], summary: 'Signs out', response: { 204: Type.Null() } },
    },
    (request, reply) => {
      const { sessionId } = signedInOf(request);
      reply.clearCookie(SESSION_COOKIE, cookieOptions(dependencies.secureCookies));
      return endSession(dependencies, request, reply, sessionId);
    },
  );
}

function registerOwnSessions(app: App, dependencies: Dependencies): void {
  app.get(
    '/v1/sessions',
    {
      config: { permission: 'person' },
      schema: {
        tags: ['sessions'],
        summary: 'Own live sessions, latest first',
        response: { 200: closed({ items: Type.Array(SessionView) }) },
      },
    },
    async request => {
      const { sessionId, personId } = signedInOf(request);
      const sessions = await listSessions(dependencies.database.reader(), personId, dependencies.clock.now());
      return { items: sessions.map(session => ({ ...session, current: session.id === sessionId })) };
    },
  );

  app.delete(
    '/v1/sessions/:id',
    {
      config: { permission: 'person', problems: ['SESSION_NOT_FOUND'] },
      schema: {
        tags: ['sessions'],
        summary: 'Ends one of the own sessions',
        params: closed({ id: Uuid }),
        response: { 204: Type.Null() },
      },
    },
    (request, reply) => endSession(dependencies, request, reply, request.params.id),
  );
}

function endSession(dependencies: Dependencies, request: FastifyRequest, reply: FastifyReply, id: string) {
  const { personId, login } = signedInOf(request);
  return command(dependencies, request, reply, async (tx, context) => {
    await revokeSession(tx, personId, id, context.now);
    await appendAudit(tx, context, { action: 'session.ended', subjectKind: 'person', subjectId: login });
    return { status: 204, body: undefined };
  });
}

function cookieOptions(secure: boolean) {
  return { httpOnly: true, sameSite: 'strict', path: '/', secure } as const;
}
