export { cancelOrder } from './cancel-order.ts';
export { type CreateQuote, createQuote, withdrawQuote } from './create-quote.ts';
export type { Shipment } from './find-shipments.ts';
export type { Order } from './order.ts';
export { ordersChecks } from './orders-checks.ts';
export { type PlaceOrder, placeOrder, reserveOrder } from './place-order.ts';
export type { Quote } from './quote.ts';
export { registerOrdersRoutes } from './routes.ts';
export { type ShipOrder, shipOrder } from './ship-order.ts';
