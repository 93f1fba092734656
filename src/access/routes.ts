import type { Dependencies } from '../platform/dependencies.ts';
import type { App } from '../platform/http/app-types.ts';
import { registerAuditRoutes } from './audit-routes.ts';
import { registerMachineAccountRoutes } from './machine-account-routes.ts';
import { registerMachineKeyRoutes } from './machine-key-routes.ts';
import { registerPasswordRoutes } from './password-routes.ts';
import { registerPersonRoutes } from './person-routes.ts';
import { registerSessionRoutes } from './session-routes.ts';

export function registerAccessRoutes(app: App, dependencies: Dependencies): void {
  registerSessionRoutes(app, dependencies);
  registerPersonRoutes(app, dependencies);
  registerPasswordRoutes(app, dependencies);
  registerMachineAccountRoutes(app, dependencies);
  registerMachineKeyRoutes(app, dependencies);
  registerAuditRoutes(app, dependencies);
}
