import { problem } from '../errors.ts';

const YEAR_MIN = 1900;
const YEAR_MAX = 2999;

/** An instant of a query as PostgreSQL takes it. Throws INSTANT_INVALID: the schema's pattern alone lets the 31st of February through. */
export function requireInstant(text: string): string {
  const at = new Date(text);
  const year = at.getUTCFullYear();
  // a year of NaN fails the comparison too
  if (!(year >= YEAR_MIN && year <= YEAR_MAX) || at.getUTCDate() !== Number(text.slice(8, 10))) {
    throw problem('INSTANT_INVALID', { value: text });
  }
  return at.toISOString();
}
