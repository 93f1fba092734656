/** What is shown of a part: everything to staff, a closed allow-list without class and cost to a dealer (R3.3). */
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
import type { Part } from './part.ts';

export const PART_CLASSES = ['standard', 'wear', 'functional', 'core'] as const;
export const PartName = Type.String({ minLength: 1, maxLength: 400 });
export const Weight = Type.String({
  pattern: '^(0|[1-9][0-9]{0,8})(\\.[0-9]{1,3})?$',
  maxLength: 16,
  description: 'Kilograms',
  examples: ['1.850'],
});
export const GoodsCode = Type.String({
  pattern: '^[0-9]{19}$',
  description: '19-digit tax classification code 税收分类编码',
});
export const TaxClass = Type.String({ pattern: '^[a-z][a-z_]{0,39}$', examples: ['part'] });
export const UnitCode = Type.String({ pattern: '^[a-z0-9_]{1,12}$', examples: ['piece'] });

const shownToAll = {
  partNumber: PartNumber,
  nameZh: nullable(PartName),
  nameEn: nullable(PartName),
  unit: UnitCode,
  weightKg: nullable(Weight),
  packQuantity: Quantity,
  activeFrom: nullable(BusinessDate),
  activeTo: nullable(BusinessDate),
  version: Version,
};

export const PartView = closed(
  {
    ...shownToAll,
    partClass: Type.Optional(oneOf(PART_CLASSES, 'Staff only')),
    serviceable: Type.Optional(Type.Boolean({ description: 'Staff only' })),
    goodsCode: Type.Optional(nullable(GoodsCode)),
    goodsShortName: Type.Optional(nullable(Type.String())),
    taxClass: Type.Optional(TaxClass),
    cost: Type.Optional(
      nullable(
        closed(
          { fromOn: BusinessDate, cost: UnitPrice },
          { description: 'With costs.read only: standard landed cost in force, net of VAT' },
        ),
      ),
    ),
  },
  { title: 'Part' },
);

type Cost = { fromOn: string; cost: string } | null;

/** `cost` is left out unless the reader may see costs. */
export function viewPart(part: Part, forDealer: boolean, cost?: Cost): Static<typeof PartView> {
  const { partNumber, nameZh, nameEn, unit, weightKg, packQuantity, activeFrom, activeTo, version } = part;
  const shown = { partNumber, nameZh, nameEn, unit, weightKg, packQuantity, activeFrom, activeTo, version };
  if (forDealer) return shown;
  const { partClass, serviceable, goodsCode, goodsShortName, taxClass } = part;
  return {
    ...shown,
    partClass,
    serviceable,
    goodsCode,
    goodsShortName,
    taxClass,
    ...(cost === undefined ? {} : { cost }),
  };
}
