/** The whole composition on one screen: the bare server, who may call, the modules, the description. */
import { registerAccessRoutes, registerAuthentication } from './access/index.ts';
import { registerDealerRoutes } from './catalog/index.ts';
import { importKinds } from './composition.ts';
import { registerExchangeRoutes } from './exchange/index.ts';
import { registerInventoryRoutes } from './inventory/index.ts';
import type { Dependencies } from './platform/dependencies.ts';
import type { App } from './platform/http/app-types.ts';
import { buildServer } from './platform/http/server.ts';
import { registerPricingRoutes } from './pricing/index.ts';

export async function buildApp(dependencies: Dependencies, kinds = { importKinds }): Promise<App> {
  const app = await buildServer(dependencies);
  registerAuthentication(app, dependencies);
  registerAccessRoutes(app, dependencies);
  registerExchangeRoutes(app, dependencies, kinds);
  registerDealerRoutes(app, dependencies);
  registerPricingRoutes(app, dependencies);
  registerInventoryRoutes(app, dependencies);
  await app.ready();
  return app;
}
