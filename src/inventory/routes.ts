import type { Dependencies } from '../platform/dependencies.ts';
import type { App } from '../platform/http/app-types.ts';
import { registerLocationRoutes } from './location-routes.ts';
import { registerStockEntryRoutes } from './stock-entry-routes.ts';
import { registerStockLevelRoutes } from './stock-level-routes.ts';
import { registerStockReceiptRoutes } from './stock-receipt-routes.ts';

/** Locations, levels, ledger and receipts of stock (S1 §8.5). */
export function registerInventoryRoutes(app: App, dependencies: Dependencies): void {
  registerLocationRoutes(app, dependencies);
  registerStockLevelRoutes(app, dependencies);
  registerStockEntryRoutes(app, dependencies);
  registerStockReceiptRoutes(app, dependencies);
}
