import { type Static, Type } from 'typebox';
import type { Dependencies } from '../platform/dependencies.ts';
import type { App } from '../platform/http/app-types.ts';
import { decodeCursor, pageLimit, toPage } from '../platform/http/cursor.ts';
import { expectedVersion, setVersion } from '../platform/http/etag.ts';
import { Code, closed, Instant, nullable, oneOf, page, pageQuery, Version } from '../platform/http/schemas.ts';
import { command } from './command.ts';
import {
  changeMachineAccount,
  createMachineAccount,
  getMachineAccount,
  listMachineAccounts,
  type MachineAccount,
} from './machine-account.ts';
import { PERMISSIONS, ROLES } from './permissions.ts';

const Scopes = Type.Array(oneOf(PERMISSIONS), {
  minItems: 1,
  maxItems: PERMISSIONS.length,
  uniqueItems: true,
  description: 'Permissions, each of them one the role has',
});
export const AccountName = Type.String({ ...Code, description: 'Name of the program', examples: ['erp-d0001'] });
export const ByName = closed({ name: AccountName });

const AccountView = closed(
  {
    name: AccountName,
    role: oneOf(ROLES),
    scopes: Scopes,
    dealerCode: nullable(Code),
    active: Type.Boolean(),
    version: Version,
    createdAt: Instant,
  },
  { title: 'MachineAccount' },
);
const NewAccount = closed({
  name: AccountName,
  role: oneOf(ROLES),
  scopes: Type.Optional(Scopes),
  dealerCode: Type.Optional(nullable(Code)),
});
const AccountChange = Type.Partial(closed({ scopes: Scopes, active: Type.Boolean() }), {
  additionalProperties: false,
  minProperties: 1,
});

function view({ id: _, ...account }: MachineAccount): Static<typeof AccountView> {
  return { ...account, scopes: [...account.scopes] };
}

export function registerMachineAccountRoutes(app: App, dependencies: Dependencies): void {
  registerReads(app, dependencies);
  registerWrites(app, dependencies);
}

function registerReads(app: App, dependencies: Dependencies): void {
  app.get(
    '/v1/machine-accounts',
    {
      config: { permission: 'machine-accounts.read', problems: ['CURSOR_INVALID'] },
      schema: {
        tags: ['machine-accounts'],
        summary: 'Machine accounts in order of name',
        querystring: closed(pageQuery),
        response: { 200: page(AccountView) },
      },
    },
    async request => {
      const [after = null] = decodeCursor('machine-accounts', request.query.cursor, 1) ?? [];
      const limit = pageLimit(request.query.limit);
      const rows = await listMachineAccounts(dependencies.database.reader(), { after, limit: limit + 1 });
      return toPage('machine-accounts', rows, limit, row => [row.name], view);
    },
  );

  app.get(
    '/v1/machine-accounts/:name',
    {
      config: { permission: 'machine-accounts.read', problems: ['MACHINE_ACCOUNT_NOT_FOUND'] },
      schema: {
        tags: ['machine-accounts'],
        summary: 'One machine account',
        params: ByName,
        response: { 200: AccountView },
      },
    },
    async (request, reply) => {
      const account = await getMachineAccount(dependencies.database.reader(), request.params.name);
      setVersion(reply, account.version);
      return view(account);
    },
  );
}

function registerWrites(app: App, dependencies: Dependencies): void {
  app.post(
    '/v1/machine-accounts',
    {
      config: {
        permission: 'machine-accounts.write',
        problems: ['MACHINE_ACCOUNT_TAKEN', 'SCOPE_NOT_ALLOWED', 'DEALER_ROLE_MISMATCH', 'DEALER_NOT_FOUND'],
      },
      schema: {
        tags: ['machine-accounts'],
        summary: 'Creates a machine account; its keys are issued separately',
        body: NewAccount,
        response: { 201: AccountView },
      },
    },
    (request, reply) =>
      command(dependencies, request, reply, async (tx, context) => {
        const { name, role, scopes = null, dealerCode = null } = request.body;
        const account = await createMachineAccount(tx, context, { name, role, scopes, dealerCode });
        return { status: 201, body: view(account), location: `/v1/machine-accounts/${account.name}` };
      }),
  );

  app.patch(
    '/v1/machine-accounts/:name',
    {
      config: {
        permission: 'machine-accounts.write',
        problems: ['MACHINE_ACCOUNT_NOT_FOUND', 'SCOPE_NOT_ALLOWED', 'VERSION_MISSING', 'VERSION_CONFLICT'],
      },
      schema: {
        tags: ['machine-accounts'],
        summary: 'Changes scopes or state, for every key at once',
        params: ByName,
        body: AccountChange,
        response: { 200: AccountView },
      },
    },
    (request, reply) =>
      command(dependencies, request, reply, async (tx, context) => {
        const { name } = request.params;
        const account = await changeMachineAccount(tx, context, name, expectedVersion(request), request.body);
        setVersion(reply, account.version);
        return { status: 200, body: view(account), committed: app.forgetKeys };
      }),
  );
}
