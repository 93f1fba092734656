import type { Dependencies } from '../platform/dependencies.ts';
import type { App } from '../platform/http/app-types.ts';
import { registerFreightTariffRoutes } from './freight-tariff-routes.ts';
import { registerPriceListRoutes } from './price-list-routes.ts';
import { type AvailabilityOf, registerPriceQueryRoutes } from './price-query-routes.ts';
import { registerPriceReleaseRoutes } from './price-release-routes.ts';

export { type FreightLine, type FreightMode, freightLines } from './freight-lines.ts';
export { type Carriage, createFreightTariff, type FreightTariff, type FreightTariffDraft } from './freight-tariff.ts';
export { pricesImport } from './import-prices.ts';
export {
  type AskedLine,
  type DealerTrace,
  PRICED_LINES_MAX,
  type PricedLine,
  type PricedLines,
  priceLines,
} from './price-lines.ts';
export { createPriceList, type PriceList, type PriceListDraft, type PriceListKind } from './price-list.ts';
export type { AvailabilityOf } from './price-query-routes.ts';
export type { PriceRelease } from './price-release.ts';
export { pricingChecks } from './pricing-checks.ts';
export { describeRefusal, type LineRefusal, type RefusalCode } from './refusal.ts';
export { addReleaseLines } from './release-line.ts';
export { approveRelease, draftRelease, publishRelease, submitRelease, withdrawRelease } from './release-steps.ts';

/** All routes of pricing. Stock is a later module: `availabilityOf` is handed in where it is there. */
export function registerPricingRoutes(
  app: App,
  dependencies: Dependencies,
  offered: { availabilityOf?: AvailabilityOf } = {},
): void {
  registerPriceListRoutes(app, dependencies);
  registerPriceReleaseRoutes(app, dependencies);
  registerFreightTariffRoutes(app, dependencies);
  registerPriceQueryRoutes(app, dependencies, offered.availabilityOf);
}
