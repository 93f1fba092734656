import { Type } from 'typebox';
import type { Dependencies } from '../platform/dependencies.ts';
import type { App } from '../platform/http/app-types.ts';
import { closed, Instant, nullable, Uuid } from '../platform/http/schemas.ts';
import { command } from './command.ts';
import { getMachineAccount } from './machine-account.ts';
import { AccountName, ByName } from './machine-account-routes.ts';
import { issueKey, listKeys, revokeKey } from './machine-key.ts';

const key = {
  id: Uuid,
  createdAt: Instant,
  expiresAt: Instant,
  revokedAt: nullable(Instant),
  lastUsedAt: nullable(Instant),
};
const KeyView = closed(key, { title: 'MachineKey' });
const IssuedKey = closed(
  {
    ...key,
    token: nullable(Type.String({ description: 'Shown once: a replay of the request answers null' })),
  },
  { title: 'IssuedMachineKey' },
);
const NewKey = closed({ expiresAt: Type.Optional(Instant) });

export function registerMachineKeyRoutes(app: App, dependencies: Dependencies): void {
  app.get(
    '/v1/machine-accounts/:name/keys',
    {
      config: { permission: 'machine-accounts.read', problems: ['MACHINE_ACCOUNT_NOT_FOUND'] },
      schema: {
        tags: ['machine-accounts'],
        summary: 'The latest hundred keys of a machine account',
        params: ByName,
        response: { 200: closed({ items: Type.Array(KeyView) }) },
      },
    },
    async request => {
      const em = dependencies.database.reader();
      return { items: await listKeys(em, await getMachineAccount(em, request.params.name)) };
    },
  );

  app.post(
    '/v1/machine-accounts/:name/keys',
    {
      config: {
        permission: 'machine-accounts.write',
        problems: ['MACHINE_ACCOUNT_NOT_FOUND', 'KEYS_LIVE_MAX', 'KEY_EXPIRY_INVALID'],
      },
      schema: {
        tags: ['machine-accounts'],
        summary: 'Issues a key; its token is in this answer and nowhere else',
        params: ByName,
        body: NewKey,
        response: { 201: IssuedKey },
      },
    },
    (request, reply) =>
      command(dependencies, request, reply, async (tx, context) => {
        const { name } = request.params;
        const { key, token } = await issueKey(tx, context, name, request.body.expiresAt);
        const location = `/v1/machine-accounts/${name}/keys`;
        return { status: 201, body: { ...key, token: null }, once: { token }, location };
      }),
  );

  app.delete(
    '/v1/machine-accounts/:name/keys/:id',
    {
      config: { permission: 'machine-accounts.write', problems: ['MACHINE_ACCOUNT_NOT_FOUND', 'KEY_NOT_FOUND'] },
      schema: {
        tags: ['machine-accounts'],
        summary: 'Revokes a key, everywhere at once',
        params: closed({ name: AccountName, id: Uuid }),
        response: { 204: Type.Null() },
      },
    },
    (request, reply) =>
      command(dependencies, request, reply, async (tx, context) => {
        await revokeKey(tx, context, request.params.name, request.params.id);
        return { status: 204, body: undefined, committed: app.forgetKeys };
      }),
  );
}
