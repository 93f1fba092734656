import { Type } from 'typebox';
import { contextOf } from '../access/index.ts';
import { getDealer } from '../catalog/index.ts';
import type { Dependencies } from '../platform/dependencies.ts';
import type { App } from '../platform/http/app-types.ts';
import { pageLimit } from '../platform/http/cursor.ts';
import { Code, closed, Instant, Uuid } from '../platform/http/schemas.ts';
import { FIRM_STREAM } from '../platform/outbox.ts';
import { listEvents, nounsFor } from './event-feed.ts';

const EVENTS_MAX = 200;
const Sequence = Type.String({
  pattern: '^(0|[1-9][0-9]{0,17})$',
  maxLength: 18,
  description: 'Place in the stream',
  examples: ['0'],
});
const EventView = closed(
  {
    id: Uuid,
    sequence: Sequence,
    type: Type.String({ examples: ['order.placed'] }),
    subject: Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true }),
    occurredAt: Instant,
  },
  { title: 'Event' },
);

/** One stream: a dealer's own; for staff the firm's, or the one of the dealer they name. */
export function registerEventRoutes(app: App, dependencies: Dependencies): void {
  app.get(
    '/v1/events',
    {
      config: { permission: 'events.read', problems: ['DEALER_NOT_FOUND'] },
      schema: {
        tags: ['events'],
        summary: 'What happened since a sequence, in commit order, as far as one may read it; ask again with `next`',
        querystring: closed({
          after: Type.Optional(Sequence),
          dealerCode: Type.Optional(Code),
          limit: Type.Optional(
            Type.Integer({ minimum: 1, maximum: EVENTS_MAX, description: 'Events a page, 50 unless told' }),
          ),
        }),
        response: { 200: closed({ items: Type.Array(EventView), next: Sequence }) },
      },
    },
    async request => {
      const { principal } = contextOf(dependencies, request);
      const em = dependencies.database.reader();
      const { after = '0', dealerCode } = request.query;
      const named = dealerCode ?? principal.dealerCode;
      const stream = named === null ? FIRM_STREAM : (await getDealer(em, named, principal.dealerId)).code;
      const limit = pageLimit(request.query.limit);
      const items = await listEvents(em, { stream, nouns: nounsFor(principal), after, limit });
      return { items, next: items.at(-1)?.sequence ?? after };
    },
  );
}
