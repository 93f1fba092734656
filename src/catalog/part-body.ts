/** What may be sent of a part. */
import { Type } from 'typebox';
import { BusinessDate, closed, nullable, PartNumber, Quantity } from '../platform/http/schemas.ts';
import type { PartDraft } from './part.ts';
import { GoodsCode, GoodsShortName, PartClassName, PartName, TaxClass, Unit, Weight } from './part-view.ts';

const changeable = {
  nameZh: Type.Optional(nullable(PartName)),
  nameEn: Type.Optional(nullable(PartName)),
  unit: Type.Optional(Unit),
  goodsCode: Type.Optional(nullable(GoodsCode)),
  goodsShortName: Type.Optional(nullable(GoodsShortName)),
  taxClass: Type.Optional(TaxClass),
  weightKg: Type.Optional(nullable(Weight)),
  packQuantity: Type.Optional(Quantity),
  serviceable: Type.Optional(Type.Boolean()),
  activeFrom: Type.Optional(nullable(BusinessDate)),
  activeTo: Type.Optional(nullable(BusinessDate)),
};

export const NewPart = closed({ partNumber: PartNumber, partClass: PartClassName, ...changeable });

export const PartChange = Type.Object(
  { partClass: Type.Optional(PartClassName), ...changeable },
  { additionalProperties: false, minProperties: 1 },
);

/** What a new part is unless told otherwise. */
export const NEW_PART_DEFAULTS: Omit<PartDraft, 'partNumber' | 'partClass'> = {
  nameZh: null,
  nameEn: null,
  unit: 'piece',
  goodsCode: null,
  goodsShortName: null,
  taxClass: 'part',
  weightKg: null,
  packQuantity: '1',
  serviceable: true,
  activeFrom: null,
  activeTo: null,
};
