import { query, type Reader } from '../platform/database.ts';
import { problem } from './errors.ts';

/** The rate (a fraction as text, `0.130000`) of each tax class on a business date. Throws TAX_RATE_MISSING. [tax] */
export async function taxRatesOn(em: Reader, taxClasses: readonly string[], on: string): Promise<Map<string, string>> {
  const wanted = [...new Set(taxClasses)];
  const rows = await query<{ tax_class: string; rate: string }>(
    em,
    'select tax_class, rate from tax_rate where tax_class = any($1::text[]) and valid @> $2::date',
    [wanted, on],
  );
  const rates = new Map(rows.map(row => [row.tax_class, row.rate]));
  const missing = wanted.find(taxClass => !rates.has(taxClass));
  if (missing !== undefined) throw problem('TAX_RATE_MISSING', { taxClass: missing, on });
  return rates;
}
