import { Type } from 'typebox';
import { command } from '../access/index.ts';
import type { Dependencies } from '../platform/dependencies.ts';
import type { App } from '../platform/http/app-types.ts';
import {
  BusinessDate,
  Code,
  closed,
  DocumentNumber,
  PartNumber,
  Quantity,
  UnitPrice,
} from '../platform/http/schemas.ts';
import { createStockReceipt } from './receive-stock.ts';

const RECEIPT_LINES_MAX = 500;

const ReceiptLineView = closed({
  line: Type.Integer(),
  partNumber: PartNumber,
  quantity: Quantity,
  unitCost: UnitPrice,
  receivedOn: BusinessDate,
});
const StockReceiptView = closed(
  { number: DocumentNumber, locationCode: Code, receivedOn: BusinessDate, lines: Type.Array(ReceiptLineView) },
  { title: 'StockReceipt' },
);

const NewReceiptLine = closed({
  partNumber: PartNumber,
  quantity: Quantity,
  unitCost: UnitPrice,
  receivedOn: Type.Optional(
    Type.String({
      pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$',
      description: 'First receipt into the network, where it was before this one: age is counted from it',
    }),
  ),
});

export function registerStockReceiptRoutes(app: App, dependencies: Dependencies): void {
  app.post(
    '/v1/stock-receipts',
    {
      config: {
        permission: 'stock-receipts.create',
        problems: [
          'LOCATION_NOT_FOUND',
          'LOCATION_NOT_RECEIVING',
          'RECEIPT_DATE_INVALID',
          'RECEIPT_LINES_REFUSED',
          'CORE_PART_BLOCKED',
          'BUSINESS_DATE_INVALID',
          'DECIMAL_TOO_LARGE',
        ],
      },
      schema: {
        tags: ['stock-receipts'],
        summary: 'Receives goods from a supplier; each line becomes a lot',
        body: closed({
          locationCode: Code,
          receivedOn: Type.Optional(BusinessDate),
          lines: Type.Array(NewReceiptLine, { minItems: 1, maxItems: RECEIPT_LINES_MAX }),
        }),
        response: { 201: StockReceiptView },
      },
    },
    (request, reply) =>
      command(dependencies, request, reply, async (tx, context) => {
        const receipt = await createStockReceipt(tx, context, request.body);
        return { status: 201, body: receipt, location: `/v1/stock-entries?document=${receipt.number}` };
      }),
  );
}
