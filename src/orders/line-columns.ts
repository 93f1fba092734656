import type { DocumentLine } from './price-document.ts';

/** Parameters `$from…` of the lines of a quote or order, as arrays for one `unnest`. */
export function lineColumns(lines: readonly DocumentLine[]): unknown[][] {
  return [
    lines.map(({ line }) => line),
    lines.map(({ kind }) => kind),
    lines.map(({ partId }) => partId),
    lines.map(({ textZh }) => textZh),
    lines.map(({ textEn }) => textEn),
    lines.map(({ unit }) => unit),
    lines.map(({ quantity }) => quantity),
    lines.map(({ unitPrice }) => unitPrice),
    lines.map(({ taxClass }) => taxClass),
    lines.map(({ taxRate }) => taxRate),
    lines.map(({ net }) => net),
    lines.map(({ tax }) => tax),
    lines.map(({ gross }) => gross),
    lines.map(({ trace }) => JSON.stringify(trace ?? {})),
  ];
}

export const LINE_COLUMNS =
  'line, kind, part_id, text_zh, text_en, unit, quantity, unit_price, tax_class, tax_rate, net, tax, gross, trace';

/** The `unnest` of `lineColumns`, whose first parameter is `$from`. */
export function unnestLines(from: number): string {
  const types = [
    'integer',
    'text',
    'bigint',
    'text',
    'text',
    'text',
    'numeric',
    'numeric',
    'text',
    'numeric',
    'numeric',
    'numeric',
    'numeric',
    'jsonb',
  ];
  return `unnest(${types.map((type, at) => `$${from + at}::${type}[]`).join(', ')}) as l(${LINE_COLUMNS})`;
}

/** Columns of a line `l` with its part `p` as a `DocumentLine`. */
export const SELECT_LINE = `l.line, l.kind, l.part_id as "partId", p.part_number as "partNumber", l.text_zh as "textZh", l.text_en as "textEn",
  l.unit, l.quantity, l.unit_price as "unitPrice", l.tax_class as "taxClass", l.tax_rate as "taxRate", l.net, l.tax, l.gross,
  nullif(l.trace, '{}') as trace`;
