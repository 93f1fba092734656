import type { Dependencies } from '../platform/dependencies.ts';
import type { App } from '../platform/http/app-types.ts';
import { registerPeriodRoutes } from './period-routes.ts';
import { registerVerificationRoutes } from './verification-routes.ts';
import type { VerifyCheck } from './verify-check.ts';

/** Periods and verifications; the proofs come from the modules above, handed in at composition. */
export function registerFirmRoutes(
  app: App,
  dependencies: Dependencies,
  { checks }: { readonly checks: readonly VerifyCheck[] },
): void {
  registerPeriodRoutes(app, dependencies);
  registerVerificationRoutes(app, dependencies, checks);
}
