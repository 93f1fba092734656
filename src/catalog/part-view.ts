/** A part as it goes out: all of it for staff, costs for those who may see them, a closed list for a dealer. */
import { type Static, Type } from 'typebox';
import {
  BusinessDate,
  closed,
  nullable,
  oneOf,
  PartNumber,
  Quantity,
  UnitPrice,
  Version,
} from '../platform/http/schemas.ts';
import { isActiveOn, PART_CLASSES, type Part } from './part.ts';
import type { PartCost } from './part-cost.ts';
import type { Beholder } from './part-visibility.ts';

export const PartName = Type.String({ minLength: 1, maxLength: 400, pattern: '\\S' });
export const PartClassName = oneOf(PART_CLASSES, '标准件 · 易损件 · 功能件 · 核心件');
export const Unit = Type.String({ pattern: '^[a-z0-9_]{1,12}$', description: 'Unit of measure', examples: ['piece'] });
export const TaxClass = Type.String({
  pattern: '^[a-z][a-z_]{0,39}$',
  description: 'Decides the tax rate',
  examples: ['part'],
});
export const Weight = Type.String({
  pattern: '^(0|[1-9][0-9]{0,8})(\\.[0-9]{1,3})?$',
  maxLength: 32,
  description: 'Weight of one unit in kilograms',
  examples: ['2.500'],
});
export const GoodsCode = Type.String({
  pattern: '^[0-9]{19}$',
  description: '税收分类编码 of invoices',
  examples: ['1090220990000000000'],
});
export const GoodsShortName = Type.String({ minLength: 1, maxLength: 100 });
export const CostView = closed({ fromOn: BusinessDate, cost: UnitPrice }, { title: 'PartCost' });

const common = {
  partNumber: PartNumber,
  nameZh: nullable(PartName),
  nameEn: nullable(PartName),
  unit: Unit,
  weightKg: nullable(Weight),
  packQuantity: Quantity,
  active: Type.Boolean({ description: 'In the catalog today' }),
};

const StaffPart = closed(
  {
    ...common,
    partClass: PartClassName,
    goodsCode: nullable(GoodsCode),
    goodsShortName: nullable(GoodsShortName),
    taxClass: TaxClass,
    serviceable: Type.Boolean(),
    activeFrom: nullable(BusinessDate),
    activeTo: nullable(BusinessDate),
    version: Version,
    costs: Type.Optional(
      Type.Array(CostView, { description: 'Standard cost net of VAT, latest first; only with costs.read' }),
    ),
  },
  { title: 'Part' },
);
const DealerPart = closed(common, { title: 'PartForDealer' });

/** Which of the two a caller gets is decided by who asks, never by a parameter. */
export const PartView = Type.Union([StaffPart, DealerPart]);

/** A dealer's view is built from a closed list of fields: a new field of a part is not in it until somebody says so (R3.3). */
export function partView(part: Part, beholder: Beholder, costs?: readonly PartCost[]): Static<typeof PartView> {
  const { partNumber, nameZh, nameEn, unit, weightKg, packQuantity } = part;
  const active = isActiveOn(part, beholder.today);
  if (beholder.forDealer) return { partNumber, nameZh, nameEn, unit, weightKg, packQuantity, active };
  const { id: _, unitFractional: __, ...shown } = part;
  return { ...shown, active, ...(costs === undefined ? {} : { costs: [...costs] }) };
}
