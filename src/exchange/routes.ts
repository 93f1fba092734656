import type { Dependencies } from '../platform/dependencies.ts';
import type { App } from '../platform/http/app-types.ts';
import type { ImportKind } from './import-kind.ts';
import { registerImportRoutes } from './import-routes.ts';
import { registerJobRoutes } from './job-routes.ts';

/** Imports of these kinds, and jobs. */
export function registerExchangeRoutes(
  app: App,
  dependencies: Dependencies,
  kinds: { readonly importKinds: readonly ImportKind[] },
): void {
  registerJobRoutes(app, dependencies);
  registerImportRoutes(app, dependencies, kinds.importKinds);
}
