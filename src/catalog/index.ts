import type { Dependencies } from '../platform/dependencies.ts';
import type { App } from '../platform/http/app-types.ts';
import { registerDealerRoutes } from './dealer-routes.ts';
import { registerMachineModelRoutes } from './machine-model-routes.ts';
import { registerPartRoutes } from './part-routes.ts';
import { registerSupersessionRoutes } from './supersession-routes.ts';

export { catalogChecks } from './catalog-checks.ts';
export { createDealer, type Dealer, getDealer } from './dealer.ts';
export { dealersImport } from './dealer-import.ts';
export { setDealerLevel } from './dealer-level.ts';
export { createMachineModel, getMachineModel } from './machine-model.ts';
export { createPart, findParts, getPart, type Part, type PartClass } from './part.ts';
export { costOn, setPartCost } from './part-cost.ts';
export { partsImport } from './part-import.ts';
export { addBomLines } from './service-bom.ts';
export { supersede } from './supersession.ts';

/** All routes of the catalog. */
export function registerCatalogRoutes(app: App, dependencies: Dependencies): void {
  registerPartRoutes(app, dependencies);
  registerSupersessionRoutes(app, dependencies);
  registerMachineModelRoutes(app, dependencies);
  registerDealerRoutes(app, dependencies);
}
