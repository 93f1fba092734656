import { type Static, Type } from 'typebox';
import { contextOf } from '../access/index.ts';
import { isoInstant } from '../platform/database.ts';
import type { Dependencies } from '../platform/dependencies.ts';
import type { App } from '../platform/http/app-types.ts';
import { cursorId, decodeCursor, pageLimit, toPage } from '../platform/http/cursor.ts';
import {
  BusinessDate,
  Code,
  closed,
  DocumentNumber,
  Instant,
  PartNumber,
  page,
  pageQuery,
  Quantity,
  UnitPrice,
} from '../platform/http/schemas.ts';
import { listStockEntries, type StockEntry } from './stock-entry.ts';

const StockEntryView = closed(
  {
    partNumber: PartNumber,
    fromLocationCode: Code,
    toLocationCode: Code,
    quantity: Quantity,
    unitCost: Type.Union([UnitPrice, Type.Null()], { description: 'Null without the permission costs.read' }),
    businessOn: BusinessDate,
    postedAt: Instant,
    documentKind: Type.String(),
    document: DocumentNumber,
    line: Type.Integer(),
    actor: Type.String(),
    lotReceivedOn: BusinessDate,
    lotDocument: DocumentNumber,
  },
  { title: 'StockEntry' },
);

function view({ id: _, ...entry }: StockEntry, showsCost: boolean): Static<typeof StockEntryView> {
  return { ...entry, postedAt: isoInstant(entry.postedAt), unitCost: showsCost ? entry.unitCost : null };
}

export function registerStockEntryRoutes(app: App, dependencies: Dependencies): void {
  app.get(
    '/v1/stock-entries',
    {
      config: { permission: 'stock-entries.read', problems: ['CURSOR_INVALID'] },
      schema: {
        tags: ['stock-entries'],
        summary: 'The stock ledger, latest first',
        querystring: closed({
          ...pageQuery,
          partNumber: Type.Optional(PartNumber),
          locationCode: Type.Optional(Code),
          document: Type.Optional(DocumentNumber),
        }),
        response: { 200: page(StockEntryView) },
      },
    },
    async request => {
      const { principal } = contextOf(dependencies, request);
      const { cursor, partNumber = null, locationCode = null, document = null } = request.query;
      const [before] = decodeCursor('stock-entries', cursor, 1) ?? [];
      const limit = pageLimit(request.query.limit);
      const rows = await listStockEntries(dependencies.database.reader(), {
        partNumber,
        locationCode,
        document,
        before: before === undefined ? null : cursorId(before),
        limit: limit + 1,
      });
      const showsCost = principal.permissions.has('costs.read');
      return toPage(
        'stock-entries',
        rows,
        limit,
        row => [row.id],
        row => view(row, showsCost),
      );
    },
  );
}
