import type { Dependencies } from '../platform/dependencies.ts';
import type { App } from '../platform/http/app-types.ts';
import { registerChargeRoutes } from './charge-routes.ts';
import { registerPeriodClosingRoute } from './period-closing.ts';
import { registerStatementFileRoute } from './statement-file-route.ts';
import { registerStatementRoutes } from './statement-routes.ts';

/** Charges, accounts, the close of a period, statements and their files. */
export function registerSettlementRoutes(app: App, dependencies: Dependencies): void {
  registerChargeRoutes(app, dependencies);
  registerPeriodClosingRoute(app, dependencies);
  registerStatementRoutes(app, dependencies);
  registerStatementFileRoute(app, dependencies);
}
