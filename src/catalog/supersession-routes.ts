import { type Static, Type } from 'typebox';
import { command, contextOf } from '../access/index.ts';
import type { Dependencies } from '../platform/dependencies.ts';
import type { App } from '../platform/http/app-types.ts';
import { closed, nullable, PartNumber } from '../platform/http/schemas.ts';
import { ByPartNumber, partPath } from './part-routes.ts';
import { beholderOf } from './part-visibility.ts';
import { endSupersession, getSupersession, type SupersessionChain, supersede } from './supersession.ts';

const SupersessionView = closed(
  {
    partNumber: PartNumber,
    successorNumber: nullable(PartNumber),
    chain: Type.Array(PartNumber, { description: 'The numbers after it, in order' }),
    currentNumber: { ...PartNumber, description: 'The number to ask for today' },
    dangling: Type.Boolean({ description: 'The chain ends in a number that is not in the catalog' }),
  },
  { title: 'Supersession' },
);

function view(chain: SupersessionChain): Static<typeof SupersessionView> {
  return { ...chain, chain: [...chain.chain] };
}

export function registerSupersessionRoutes(app: App, dependencies: Dependencies): void {
  app.get(
    '/v1/parts/:partNumber/supersession',
    {
      config: { permission: 'parts.read', problems: ['PART_NOT_FOUND'] },
      schema: {
        tags: ['parts'],
        summary: 'What takes the place of a part, to the current number; a dealer sees only numbers it may see',
        params: ByPartNumber,
        response: { 200: SupersessionView },
      },
    },
    async request => {
      const beholder = beholderOf(contextOf(dependencies, request));
      return view(await getSupersession(dependencies.database.reader(), request.params.partNumber, beholder));
    },
  );

  app.post(
    '/v1/supersessions',
    {
      config: {
        permission: 'parts.write',
        problems: ['PART_NOT_FOUND', 'PART_NUMBER_INVALID', 'SUPERSESSION_ITSELF', 'SUPERSESSION_LOOP'],
      },
      schema: {
        tags: ['supersessions'],
        summary: 'Lets a successor take the place of a part, instead of the one it had; it may arrive later',
        body: closed({ partNumber: PartNumber, successorNumber: PartNumber }),
        response: { 201: SupersessionView },
      },
    },
    (request, reply) =>
      command(dependencies, request, reply, async (tx, context) => {
        const { partNumber } = request.body;
        await supersede(tx, context, request.body);
        const chain = await getSupersession(tx, partNumber, beholderOf(context));
        return { status: 201, body: view(chain), location: `${partPath(partNumber)}/supersession` };
      }),
  );

  app.delete(
    '/v1/parts/:partNumber/supersession',
    {
      config: { permission: 'parts.write', problems: ['PART_NOT_FOUND', 'SUPERSESSION_NOT_FOUND'] },
      schema: {
        tags: ['parts'],
        summary: 'The part stands for itself again',
        params: ByPartNumber,
        response: { 200: SupersessionView },
      },
    },
    (request, reply) =>
      command(dependencies, request, reply, async (tx, context) => {
        const { partNumber } = request.params;
        await endSupersession(tx, context, partNumber);
        return { status: 200, body: view(await getSupersession(tx, partNumber, beholderOf(context))) };
      }),
  );
}
