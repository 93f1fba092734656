import type { Dependencies } from '../platform/dependencies.ts';
import type { App } from '../platform/http/app-types.ts';
import { registerOrderRoutes } from './order-routes.ts';
import { registerQuoteRoutes } from './quote-routes.ts';
import { registerShipmentRoutes } from './shipment-routes.ts';

/** Quotes, orders and shipments of dealers (S1 §8.3). */
export function registerOrdersRoutes(app: App, dependencies: Dependencies): void {
  registerQuoteRoutes(app, dependencies);
  registerOrderRoutes(app, dependencies);
  registerShipmentRoutes(app, dependencies);
}
