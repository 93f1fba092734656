/** Pieces of the descriptions that quotes, orders and shipments share. */
import { Type } from 'typebox';
import { Amount, closed, oneOf, PartNumber, Quantity, Rate, UnitPrice } from '../platform/http/schemas.ts';

// `type: [string, null]` and not a union: the serialiser would validate each cell against both branches
export function textOrNull(description: string) {
  return Type.Unsafe<string | null>({ type: ['string', 'null'], description });
}

export const FreightModeSchema = oneOf(
  ['with_goods', 'pass_through', 'separate'],
  'with_goods: charged at the rate of the goods; pass_through: the carrier invoices the dealer; separate: at its own rate',
);
export const CarriageSchema = oneOf(['road', 'express', 'air']);
export const ZoneSchema = Type.String({ minLength: 1, maxLength: 40, description: 'Freight zone' });
/** The dealer's own number of a document: printable, no blank at either end. */
export const DealerDocument = Type.String({
  pattern: '^[^\\s\\u0000-\\u001f\\u007f]+( [^\\s\\u0000-\\u001f\\u007f]+)*$',
  maxLength: 64,
  description: "The dealer's own document number, unique for ever",
  examples: ['PO-2026-0815'],
});

export const AskedLines = Type.Array(closed({ partNumber: PartNumber, quantity: Quantity }), {
  minItems: 1,
  maxItems: 500,
});

export const Trace = closed(
  {
    list: Type.String(),
    release: Type.String(),
    effectiveOn: Type.String(),
    source: oneOf(['explicit']),
    taxInclusive: Type.Boolean(),
    rounding: Type.String(),
  },
  { description: 'How the price came about: all a dealer is told' },
);

/** Figures of one line; `net + tax = gross`. */
export const lineFields = {
  line: Type.Integer(),
  kind: oneOf(['goods', 'freight']),
  partNumber: textOrNull('Null for freight'),
  textZh: textOrNull('As quoted'),
  textEn: textOrNull('As quoted'),
  unit: textOrNull('Null for freight'),
  quantity: Quantity,
  unitPrice: UnitPrice,
  taxRate: Rate,
  net: Amount,
  tax: Amount,
  gross: Amount,
};

export const totalFields = { net: Amount, tax: Amount, gross: Amount };

export const BreakdownView = closed(
  {
    price: Amount,
    tax: textOrNull('On top of the price; null where the list includes it'),
    freight: Amount,
    total: Amount,
  },
  { description: 'Tax-exclusive list: price + tax + freight. Tax-inclusive list: price + freight.' },
);

/** The fields of `lineFields` of a row that has more. */
export function viewLine<
  Row extends {
    line: number;
    kind: 'goods' | 'freight';
    partNumber: string | null;
    textZh: string | null;
    textEn: string | null;
    unit: string | null;
    quantity: string;
    unitPrice: string;
    taxRate: string;
    net: string;
    tax: string;
    gross: string;
  },
>(row: Row) {
  const { line, kind, partNumber, textZh, textEn, unit, quantity, unitPrice, taxRate, net, tax, gross } = row;
  return { line, kind, partNumber, textZh, textEn, unit, quantity, unitPrice, taxRate, net, tax, gross };
}
