/** The whole composition on one screen: the bare server, who may call, the modules, the description. */
import { registerAuthentication } from './access/index.ts';
import { registerDealerRoutes } from './catalog/index.ts';
import type { Dependencies } from './platform/dependencies.ts';
import type { App } from './platform/http/app-types.ts';
import { buildServer } from './platform/http/server.ts';
import { registerPricingRoutes } from './pricing/index.ts';

export async function buildApp(dependencies: Dependencies): Promise<App> {
  const app = await buildServer(dependencies);
  registerAuthentication(app, dependencies);
  registerDealerRoutes(app, dependencies);
  registerPricingRoutes(app, dependencies);
  await app.ready();
  return app;
}
