import { Type } from 'typebox';
import { command, contextOf, visibleDealer } from '../access/index.ts';
import type { Dependencies } from '../platform/dependencies.ts';
import type { App } from '../platform/http/app-types.ts';
import { cursorId, decodeCursor, pageLimit, toPage } from '../platform/http/cursor.ts';
import { setVersion } from '../platform/http/etag.ts';
import { Code, closed, DocumentNumber, page, pageQuery } from '../platform/http/schemas.ts';
import { cancelOrder } from './cancel-order.ts';
import { AskedLines, CarriageSchema, DealerDocument, FreightModeSchema, ZoneSchema } from './document-schemas.ts';
import { getOrder, listOrders } from './find-orders.ts';
import {
  OrderHeaderView,
  OrderStateSchema,
  OrderTypeSchema,
  OrderView,
  viewOrder,
  viewOrderHeader,
} from './order-view.ts';
import { placeOrder, reserveOrder } from './place-order.ts';
import { PRICING_PROBLEMS } from './quote-routes.ts';

const NewOrder = closed({
  quoteNumber: Type.Optional(DocumentNumber),
  dealerDocument: DealerDocument,
  locationCode: Type.Optional(Code),
  orderType: Type.Optional(OrderTypeSchema),
  dealerCode: Type.Optional(Code),
  lines: Type.Optional(AskedLines),
  freightMode: Type.Optional(FreightModeSchema),
  carriage: Type.Optional(CarriageSchema),
  zone: Type.Optional(ZoneSchema),
});
const ByNumber = closed({ number: DocumentNumber });

export function registerOrderRoutes(app: App, dependencies: Dependencies): void {
  registerOrderReads(app, dependencies);
  registerOrderSteps(app, dependencies);

  app.post(
    '/v1/orders',
    {
      config: {
        permission: 'orders.create',
        problems: [
          ...PRICING_PROBLEMS,
          'ORDER_CONTENT_INVALID',
          'ORDER_LOCATION_INVALID',
          'LOCATION_NOT_FOUND',
          'DEALER_DOCUMENT_TAKEN',
          'QUOTE_NOT_FOUND',
          'QUOTE_ALREADY_ORDERED',
          'QUOTE_WITHDRAWN',
          'QUOTE_EXPIRED',
          'QUOTE_LINE_VOID',
          'CREDIT_LIMIT_EXCEEDED',
        ],
      },
      schema: {
        tags: ['orders'],
        summary:
          'Orders a quote at its frozen prices, or lines priced now; reserves what there is and back-orders the rest',
        body: NewOrder,
        response: { 201: OrderView },
      },
    },
    (request, reply) =>
      command(dependencies, request, reply, async (tx, context) => {
        const order = await placeOrder(tx, context, request.body);
        return { status: 201, body: viewOrder(order), location: `/v1/orders/${order.number}` };
      }),
  );
}

function registerOrderSteps(app: App, dependencies: Dependencies): void {
  app.post(
    '/v1/orders/:number/reservation',
    {
      config: {
        permission: 'shipments.create',
        problems: ['ORDER_NOT_FOUND', 'ORDER_NOT_OPEN', 'CORE_PART_BLOCKED'],
      },
      schema: {
        tags: ['orders'],
        summary: 'Tries again to reserve what is back-ordered',
        params: ByNumber,
        response: { 200: OrderView },
      },
    },
    (request, reply) =>
      command(dependencies, request, reply, async (tx, context) => {
        const order = await reserveOrder(tx, context, request.params.number);
        return { status: 200, body: viewOrder(order) };
      }),
  );

  app.post(
    '/v1/orders/:number/cancellation',
    {
      config: { permission: 'orders.create', problems: ['ORDER_NOT_FOUND', 'ORDER_NOT_OPEN'] },
      schema: {
        tags: ['orders'],
        summary: 'Cancels what is not shipped',
        params: ByNumber,
        response: { 200: OrderView },
      },
    },
    (request, reply) =>
      command(dependencies, request, reply, async (tx, context) => {
        const order = await cancelOrder(tx, context, request.params.number);
        return { status: 200, body: viewOrder(order) };
      }),
  );
}

function registerOrderReads(app: App, dependencies: Dependencies): void {
  app.get(
    '/v1/orders',
    {
      config: { permission: 'orders.read', problems: ['CURSOR_INVALID'] },
      schema: {
        tags: ['orders'],
        summary: 'Orders, latest first',
        querystring: closed({
          ...pageQuery,
          dealerCode: Type.Optional(Code),
          state: Type.Optional(OrderStateSchema),
          dealerDocument: Type.Optional(DealerDocument),
        }),
        response: { 200: page(OrderHeaderView) },
      },
    },
    async request => {
      const { principal } = contextOf(dependencies, request);
      const { cursor, dealerCode = null, state = null, dealerDocument = null } = request.query;
      const [before] = decodeCursor('orders', cursor, 1) ?? [];
      const limit = pageLimit(request.query.limit);
      const rows = await listOrders(dependencies.database.reader(), {
        visible: visibleDealer(principal),
        dealerCode,
        state,
        dealerDocument,
        before: before === undefined ? null : cursorId(before),
        limit: limit + 1,
      });
      return toPage('orders', rows, limit, row => [row.id], viewOrderHeader);
    },
  );

  app.get(
    '/v1/orders/:number',
    {
      config: { permission: 'orders.read', problems: ['ORDER_NOT_FOUND'] },
      schema: {
        tags: ['orders'],
        summary: 'One order: the answer to each line, and what is reserved, shipped, cancelled, back-ordered',
        params: ByNumber,
        response: { 200: OrderView },
      },
    },
    async (request, reply) => {
      const { principal } = contextOf(dependencies, request);
      const order = await getOrder(dependencies.database.reader(), request.params.number, visibleDealer(principal));
      setVersion(reply, order.version);
      return viewOrder(order);
    },
  );
}
