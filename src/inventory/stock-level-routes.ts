import { Type } from 'typebox';
import type { Dependencies } from '../platform/dependencies.ts';
import type { App } from '../platform/http/app-types.ts';
import { decodeCursor, pageLimit, toPage } from '../platform/http/cursor.ts';
import { Code, closed, nullable, PartNumber, page, pageQuery, Quantity } from '../platform/http/schemas.ts';
import { listStockLevels } from './stock-level.ts';

const StockLevelView = closed(
  {
    partNumber: PartNumber,
    nameZh: nullable(Type.String()),
    nameEn: nullable(Type.String()),
    unit: Type.String(),
    locationCode: Code,
    onHand: Quantity,
    reserved: Quantity,
    available: Quantity,
  },
  { title: 'StockLevel' },
);

export function registerStockLevelRoutes(app: App, dependencies: Dependencies): void {
  app.get(
    '/v1/stock-levels',
    {
      config: { permission: 'stock-levels.read', problems: ['CURSOR_INVALID'] },
      schema: {
        tags: ['stock-levels'],
        summary: 'Stock by part and location: on hand, reserved, available',
        querystring: closed({
          ...pageQuery,
          partNumber: Type.Optional(PartNumber),
          locationCode: Type.Optional(Code),
        }),
        response: { 200: page(StockLevelView) },
      },
    },
    async request => {
      const { cursor, partNumber = null, locationCode = null } = request.query;
      const key = decodeCursor('stock-levels', cursor, 2);
      const limit = pageLimit(request.query.limit);
      const rows = await listStockLevels(dependencies.database.reader(), {
        partNumber,
        locationCode,
        after: key === null ? null : [key[0] ?? '', key[1] ?? ''],
        limit: limit + 1,
      });
      return toPage(
        'stock-levels',
        rows,
        limit,
        row => [row.partNumber, row.locationCode],
        row => row,
      );
    },
  );
}
