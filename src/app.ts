/** The whole composition on one screen: the bare server, who may call, the modules, the description. */
import { registerAccessRoutes, registerAuthentication } from './access/index.ts';
import { registerCatalogRoutes } from './catalog/index.ts';
import { importKinds, verifyChecks } from './composition.ts';
import { registerExchangeRoutes } from './exchange/index.ts';
import { registerFirmRoutes } from './firm/index.ts';
import { registerEventRoutes } from './integrations/index.ts';
import { availabilityOf, registerInventoryRoutes } from './inventory/index.ts';
import { registerOrdersRoutes } from './orders/index.ts';
import type { Dependencies } from './platform/dependencies.ts';
import type { App } from './platform/http/app-types.ts';
import { buildServer } from './platform/http/server.ts';
import { registerPricingRoutes } from './pricing/index.ts';
import { registerSettlementRoutes } from './settlement/index.ts';

export async function buildApp(dependencies: Dependencies, kinds = { importKinds }): Promise<App> {
  const app = await buildServer(dependencies);
  registerAuthentication(app, dependencies);
  registerAccessRoutes(app, dependencies);
  registerFirmRoutes(app, dependencies, { checks: verifyChecks });
  registerExchangeRoutes(app, dependencies, kinds);
  registerCatalogRoutes(app, dependencies);
  registerPricingRoutes(app, dependencies, { availabilityOf });
  registerInventoryRoutes(app, dependencies);
  registerSettlementRoutes(app, dependencies);
  registerOrdersRoutes(app, dependencies);
  registerEventRoutes(app, dependencies);
  await app.ready();
  return app;
}
