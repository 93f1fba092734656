/** The parts of the demo company with their prices, worked out from the component tables: whole fen, no chance involved. */
import { MODELS } from './company.ts';
import { type Component, STANDARD_PARTS, SYSTEMS } from './components.ts';

export type DemoPart = Component & { readonly partNumber: string; readonly models: readonly string[] };

/** Bigger machines have dearer parts: percent of the component's cost. */
const COST_PERCENT: Readonly<Record<string, number>> = { T80: 100, T14: 145, H08: 160, R06: 90 };
const FUNCTIONAL_MARKUP_PERCENT = 185;
const GUIDANCE_MARKUP_PERCENT = 135;
const TAX_PERCENT = 113;

/** One part per component and model; standard parts are shared by all models. */
export function demoParts(): DemoPart[] {
  const own = MODELS.flatMap(model =>
    model.systems.flatMap(system =>
      (SYSTEMS[system] ?? []).map(component => ({
        ...component,
        costFen: Math.round((component.costFen * (COST_PERCENT[model.prefix] ?? 100)) / 100),
        partNumber: `${model.prefix}-${component.key}`,
        models: [model.code],
      })),
    ),
  );
  const shared = STANDARD_PARTS.map(component => ({
    ...component,
    partNumber: component.key,
    models: MODELS.map(({ code }) => code),
  }));
  return [...own, ...shared];
}

/** Settlement price in fen, net: wear and standard parts at cost (zero margin), functional parts with the mark-up of the year. */
export function settlementFen(part: Component, yearsOn: number): number {
  if (part.partClass !== 'functional') return part.costFen;
  return Math.round((part.costFen * FUNCTIONAL_MARKUP_PERCENT * (100 + 3 * yearsOn)) / 10_000);
}

/** Market guidance in fen, tax-inclusive, to ten fen. */
export function guidanceFen(part: Component, yearsOn: number): number {
  return Math.max(
    10,
    Math.round((settlementFen(part, yearsOn) * GUIDANCE_MARKUP_PERCENT * TAX_PERCENT) / 100_000) * 10,
  );
}

/** Fen as the decimal text of the API. */
export function yuan(fen: number): string {
  return `${Math.trunc(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;
}

/** Grams as kilograms. */
export function kilograms(grams: number): string {
  const whole = Math.round(grams);
  return `${Math.trunc(whole / 1_000)}.${String(whole % 1_000).padStart(3, '0')}`;
}
