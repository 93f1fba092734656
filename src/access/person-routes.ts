import { type Static, Type } from 'typebox';
import type { Dependencies } from '../platform/dependencies.ts';
import type { App } from '../platform/http/app-types.ts';
import { decodeCursor, pageLimit, toPage } from '../platform/http/cursor.ts';
import { expectedVersion, setVersion } from '../platform/http/etag.ts';
import { Code, closed, nullable, page, pageQuery } from '../platform/http/schemas.ts';
import { command } from './command.ts';
import { hashPassword, PASSWORD_LENGTH_MAX, requireStrongPassword } from './password.ts';
import { changePerson, createPerson, getPerson, listPeople } from './person.ts';
import { Language, Login, PersonName, PersonView, Roles, viewPerson } from './person-view.ts';

export const NewPassword = Type.String({
  minLength: 1,
  maxLength: 4 * PASSWORD_LENGTH_MAX,
  description: '12 to 128 characters, at least 5 different ones, not the login, not a common one',
  examples: ['grain-before-the-frost'],
});
const PersonDraftBody = closed({
  login: Login,
  password: NewPassword,
  roles: Roles,
  nameZh: Type.Optional(nullable(PersonName)),
  nameEn: Type.Optional(nullable(PersonName)),
  dealerCode: Type.Optional(nullable(Code)),
  language: Type.Optional(Language),
});
const PersonChangeBody = Type.Partial(
  closed({
    nameZh: nullable(PersonName),
    nameEn: nullable(PersonName),
    roles: Roles,
    dealerCode: nullable(Code),
    language: Language,
    active: Type.Boolean(),
    password: NewPassword,
  }),
  { additionalProperties: false, minProperties: 1 },
);
const ByLogin = closed({ login: Login });

export function registerPersonRoutes(app: App, dependencies: Dependencies): void {
  registerReads(app, dependencies);
  registerCreation(app, dependencies);
  registerChange(app, dependencies);
}

function registerReads(app: App, dependencies: Dependencies): void {
  app.get(
    '/v1/people',
    {
      config: { permission: 'people.read', problems: ['CURSOR_INVALID'] },
      schema: {
        tags: ['people'],
        summary: 'People in order of login',
        querystring: closed(pageQuery),
        response: { 200: page(PersonView) },
      },
    },
    async request => {
      const [after = null] = decodeCursor('people', request.query.cursor, 1) ?? [];
      const limit = pageLimit(request.query.limit);
      const rows = await listPeople(dependencies.database.reader(), { after, limit: limit + 1 });
      const now = dependencies.clock.now();
      return toPage(
        'people',
        rows,
        limit,
        row => [row.login],
        row => viewPerson(row, now),
      );
    },
  );

  app.get(
    '/v1/people/:login',
    {
      config: { permission: 'people.read', problems: ['PERSON_NOT_FOUND'] },
      schema: { tags: ['people'], summary: 'One person', params: ByLogin, response: { 200: PersonView } },
    },
    async (request, reply) => {
      const person = await getPerson(dependencies.database.reader(), request.params.login);
      setVersion(reply, person.version);
      return viewPerson(person, dependencies.clock.now());
    },
  );
}

function registerCreation(app: App, dependencies: Dependencies): void {
  app.post(
    '/v1/people',
    {
      config: {
        permission: 'people.write',
        secretBody: true,
        problems: ['LOGIN_TAKEN', 'PASSWORD_WEAK', 'DEALER_ROLE_MISMATCH', 'DEALER_NOT_FOUND', 'PERSON_UNNAMED'],
      },
      schema: {
        tags: ['people'],
        summary: 'Creates a person with a first password',
        body: PersonDraftBody,
        response: { 201: PersonView },
      },
    },
    async (request, reply) => {
      const { password, ...draft } = request.body;
      const passwordHash = await hashPassword(password);
      return await command(dependencies, request, reply, async (tx, context) => {
        requireStrongPassword(draft.login, password);
        const defaults = { nameZh: null, nameEn: null, dealerCode: null, language: 'zh' } as const;
        const person = await createPerson(tx, context, { ...defaults, ...draft, passwordHash });
        return { status: 201, body: viewPerson(person, context.now), location: `/v1/people/${person.login}` };
      });
    },
  );
}

function registerChange(app: App, dependencies: Dependencies): void {
  const problems = ['VERSION_MISSING', 'VERSION_CONFLICT', 'PASSWORD_WEAK', 'LAST_ADMINISTRATOR'];
  app.patch(
    '/v1/people/:login',
    {
      config: {
        permission: 'people.write',
        problems: ['PERSON_NOT_FOUND', 'DEALER_ROLE_MISMATCH', 'DEALER_NOT_FOUND', 'PERSON_UNNAMED', ...problems],
      },
      schema: {
        tags: ['people'],
        summary: 'Changes a person; a change of roles, dealer, state or password ends its sessions',
        params: ByLogin,
        body: PersonChangeBody,
        response: { 200: PersonView },
      },
    },
    async (request, reply) => {
      const { password, ...change } = request.body as Static<typeof PersonChangeBody>;
      const { login } = request.params;
      const secret = password === undefined ? {} : { passwordHash: await hashPassword(password) };
      return await command(dependencies, request, reply, async (tx, context) => {
        if (password !== undefined) requireStrongPassword(login, password);
        const person = await changePerson(tx, context, login, expectedVersion(request), { ...change, ...secret });
        setVersion(reply, person.version);
        return { status: 200, body: viewPerson(person, context.now) };
      });
    },
  );
}
