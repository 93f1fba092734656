import { type Static, Type } from 'typebox';
import { command, contextOf, visibleDealer } from '../access/index.ts';
import { isoInstant } from '../platform/database.ts';
import type { Dependencies } from '../platform/dependencies.ts';
import type { App } from '../platform/http/app-types.ts';
import { cursorId, decodeCursor, pageLimit, toPage } from '../platform/http/cursor.ts';
import {
  BusinessDate,
  Code,
  Currency,
  closed,
  DocumentNumber,
  Instant,
  PeriodName,
  page,
  pageQuery,
  Quantity,
} from '../platform/http/schemas.ts';
import { DealerDocument, lineFields, textOrNull, totalFields, viewLine } from './document-schemas.ts';
import { getShipment, listShipments, type Shipment, type ShipmentHeader } from './find-shipments.ts';
import { shipOrder } from './ship-order.ts';

const SHIPMENT_LINES_MAX = 500;

const headerFields = {
  number: DocumentNumber,
  orderNumber: DocumentNumber,
  dealerCode: Code,
  dealerDocument: DealerDocument,
  shippedOn: BusinessDate,
  period: PeriodName,
  trackingNumber: textOrNull("The carrier's number"),
  currency: Currency,
  ...totalFields,
  createdAt: Instant,
};
const ShipmentHeaderView = closed(headerFields, { title: 'ShipmentHeader' });
const ShipmentView = closed({ ...headerFields, lines: Type.Array(closed(lineFields)) }, { title: 'Shipment' });

const NewShipment = closed({
  orderNumber: DocumentNumber,
  lines: Type.Optional(
    Type.Array(closed({ line: Type.Integer({ minimum: 1, maximum: 100_000 }), quantity: Quantity }), {
      minItems: 1,
      maxItems: SHIPMENT_LINES_MAX,
      description: 'Lines of the order by number; everything that is reserved unless told',
    }),
  ),
  shippedOn: Type.Optional(BusinessDate),
  trackingNumber: Type.Optional(Type.String({ pattern: '^[^\\u0000-\\u001f\\u007f]{1,64}$', maxLength: 64 })),
});

function viewHeader({ id: _, createdAt, ...shipment }: ShipmentHeader): Static<typeof ShipmentHeaderView> {
  return { ...shipment, createdAt: isoInstant(createdAt) };
}

function view({ lines, ...header }: Shipment): Static<typeof ShipmentView> {
  return { ...viewHeader(header), lines: lines.map(viewLine) };
}

export function registerShipmentRoutes(app: App, dependencies: Dependencies): void {
  registerShipmentReads(app, dependencies);

  app.post(
    '/v1/shipments',
    {
      config: {
        permission: 'shipments.create',
        problems: [
          'ORDER_NOT_FOUND',
          'ORDER_NOT_OPEN',
          'SHIPMENT_DATE_INVALID',
          'SHIPMENT_LINES_INVALID',
          'NOTHING_TO_SHIP',
          'INSUFFICIENT_STOCK',
          'CORE_PART_BLOCKED',
          'TAX_RATE_MISSING',
          'PERIOD_CLOSED',
          'CREDIT_LIMIT_EXCEEDED',
          'BUSINESS_DATE_INVALID',
        ],
      },
      schema: {
        tags: ['shipments'],
        summary: "Ships reserved stock of an order; the charge stands on the dealer's ledger in the same moment",
        body: NewShipment,
        response: { 201: ShipmentView },
      },
    },
    (request, reply) =>
      command(dependencies, request, reply, async (tx, context) => {
        const shipment = await shipOrder(tx, context, request.body);
        return { status: 201, body: view(shipment), location: `/v1/shipments/${shipment.number}` };
      }),
  );
}

function registerShipmentReads(app: App, dependencies: Dependencies): void {
  app.get(
    '/v1/shipments',
    {
      config: { permission: 'shipments.read', problems: ['CURSOR_INVALID'] },
      schema: {
        tags: ['shipments'],
        summary: 'Shipments, latest first',
        querystring: closed({
          ...pageQuery,
          dealerCode: Type.Optional(Code),
          orderNumber: Type.Optional(DocumentNumber),
        }),
        response: { 200: page(ShipmentHeaderView) },
      },
    },
    async request => {
      const { principal } = contextOf(dependencies, request);
      const { cursor, dealerCode = null, orderNumber = null } = request.query;
      const [before] = decodeCursor('shipments', cursor, 1) ?? [];
      const limit = pageLimit(request.query.limit);
      const rows = await listShipments(dependencies.database.reader(), {
        visible: visibleDealer(principal),
        dealerCode,
        orderNumber,
        before: before === undefined ? null : cursorId(before),
        limit: limit + 1,
      });
      return toPage('shipments', rows, limit, row => [row.id], viewHeader);
    },
  );

  app.get(
    '/v1/shipments/:number',
    {
      config: { permission: 'shipments.read', problems: ['SHIPMENT_NOT_FOUND'] },
      schema: {
        tags: ['shipments'],
        summary: 'One shipment with its lines as charged',
        params: closed({ number: DocumentNumber }),
        response: { 200: ShipmentView },
      },
    },
    async request => {
      const { principal } = contextOf(dependencies, request);
      return view(await getShipment(dependencies.database.reader(), request.params.number, visibleDealer(principal)));
    },
  );
}
