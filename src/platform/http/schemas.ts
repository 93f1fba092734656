/** What every route is described with: the same pattern for the same kind of value, and `additionalProperties: false` throughout. */
import { type TProperties, type TSchema, Type } from 'typebox';

/** A closed object: unknown fields are refused, never dropped. */
export function closed<const Properties extends TProperties>(
  properties: Properties,
  options: { description?: string; title?: string } = {},
) {
  return Type.Object(properties, { additionalProperties: false, ...options });
}

/** Present in replies, null where there is none. */
export function nullable<const Schema extends TSchema>(schema: Schema) {
  return Type.Union([schema, Type.Null()]);
}

export function oneOf<const Values extends readonly string[]>(values: Values, description?: string) {
  return Type.Unsafe<Values[number]>({ type: 'string', enum: [...values], ...(description ? { description } : {}) });
}

const text = (pattern: string, description: string, examples: string[], maxLength = 64) =>
  Type.String({ pattern, description, examples, maxLength });

export const Amount = text('^-?(0|[1-9][0-9]{0,16})\\.[0-9]{2}$', 'Amount of money, two decimals', ['1024.50'], 32);
export const PriceAmount = text(
  '^(0|[1-9][0-9]{0,16})\\.[0-9]{2}$',
  'Amount of money that is never negative',
  ['18.00'],
  32,
);
export const UnitPrice = text(
  '^(0|[1-9][0-9]{0,14})(\\.[0-9]{1,4})?$',
  'Price of one unit, up to four decimals',
  ['12.3400'],
  32,
);
export const Quantity = text(
  '^(0|[1-9][0-9]{0,10})(\\.[0-9]{1,3})?$',
  'Quantity, up to three decimals; whole unless the unit is divisible',
  ['2'],
  32,
);
export const Rate = text('^0(\\.[0-9]{1,6})?$', 'Rate as a fraction: 0.13 is 13 %', ['0.130000'], 16);
export const BusinessDate = text(
  '^[0-9]{4}-[0-9]{2}-[0-9]{2}$',
  'Business date in the time zone of the firm',
  ['2026-03-31'],
  10,
);
export const PeriodName = text('^[0-9]{4}-(0[1-9]|1[0-2])$', 'Fiscal period', ['2026-03'], 7);
export const Currency = text('^[A-Z]{3}$', 'ISO 4217', ['CNY'], 3);
export const Code = text('^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$', 'Business key', ['D001'], 40);
export const PartNumber = text('^[^\\u0000-\\u001f\\u007f]{1,64}$', 'Part number as printed', ['T80-101'], 64);
export const DocumentNumber = text('^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$', 'Number of a document', ['Q2026-000123'], 64);
export const Uuid = text(
  '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
  'UUID',
  ['01932f5e-7c1a-7000-8000-000000000000'],
  36,
);
export const Instant = text('^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z$', 'Instant, UTC', ['2026-03-31T16:00:00.000Z'], 32);
export const Version = Type.Integer({
  minimum: 1,
  description: 'Version of the document; its ETag is the same number in quotes',
});

export const PAGE_LIMIT_MAX = 200;
/** Query parameters of every list. */
export const pageQuery = {
  cursor: Type.Optional(Type.String({ maxLength: 500, description: '`nextCursor` of the page before' })),
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: PAGE_LIMIT_MAX, description: 'Rows a page, 50 unless told' }),
  ),
};

/** One page of a list: rows and where the next page begins. */
export function page<const Item extends TSchema>(item: Item) {
  return closed({ items: Type.Array(item), nextCursor: nullable(Type.String()) });
}

export const ProblemDocument = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    instance: Type.String(),
    code: Type.String({ description: 'Stable; docs/problems.md lists all' }),
    requestId: Type.String(),
  },
  { additionalProperties: true, title: 'Problem' },
);
