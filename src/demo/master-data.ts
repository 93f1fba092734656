/** The first day of the story: models, parts with costs, dealers, places, carriage, and the two price lists. */
import type { Context } from '../access/index.ts';
import {
  addBomLines,
  createDealer,
  createMachineModel,
  createPart,
  setDealerLevel,
  setPartCost,
} from '../catalog/index.ts';
import { createLocation } from '../inventory/index.ts';
import type { Tx } from '../platform/database.ts';
import {
  approveRelease,
  createFreightTariff,
  createPriceList,
  draftRelease,
  publishRelease,
  submitRelease,
} from '../pricing/index.ts';
import { type DemoPart, demoParts, guidanceFen, kilograms, settlementFen, yuan } from './catalogue.ts';
import { DEALERS, FREIGHT, LOCATIONS, MODELS } from './company.ts';
import type { Cast } from './step.ts';

const PARTS_GOODS_CODE = '1090220990000000000';
const LISTS = [
  { code: 'SETTLE-CNY', kind: 'settlement', taxInclusive: false, priceOf: settlementFen },
  { code: 'GUIDE-CNY', kind: 'guidance', taxInclusive: true, priceOf: guidanceFen },
] as const;

export async function makeMasterData(tx: Tx, cast: Cast): Promise<void> {
  const parts = demoParts();
  await makeParts(tx, cast.specialist, parts);
  await makeModels(tx, cast.specialist, parts);
  await makeDealers(tx, cast.specialist);
  for (const location of LOCATIONS) await createLocation(tx, cast.specialist, { ...location, dealerCode: null });
  for (const tariff of FREIGHT) {
    await createFreightTariff(tx, cast.specialist, {
      zone: tariff.zone,
      carriage: 'road',
      currency: 'CNY',
      firstWeightKg: '10',
      firstPrice: tariff.first,
      continuedWeightKg: '5',
      continuedPrice: tariff.continued,
      freeFrom: tariff.freeFrom,
      validFrom: cast.specialist.today,
    });
  }
  for (const { code, kind, taxInclusive } of LISTS)
    await createPriceList(tx, cast.specialist, { code, kind, currency: 'CNY', taxInclusive });
}

/** One release per list, made by the specialist and approved by the manager, in force from that day. */
export async function releasePrices(tx: Tx, cast: Cast, yearsOn: number): Promise<void> {
  const priced = demoParts().filter(part => part.partClass !== 'core');
  for (const { code, priceOf } of LISTS) {
    const lines = priced.map(part => ({ partNumber: part.partNumber, unitPrice: yuan(priceOf(part, yearsOn)) }));
    const { number } = await draftRelease(tx, cast.specialist, {
      priceList: code,
      effectiveOn: cast.specialist.today,
      lines,
    });
    await submitRelease(tx, cast.specialist, { number });
    await approveRelease(tx, cast.manager, { number });
    await publishRelease(tx, cast.manager, { number });
  }
}

async function makeParts(tx: Tx, context: Context, parts: readonly DemoPart[]): Promise<void> {
  for (const part of parts) {
    const { partNumber, nameZh, nameEn, partClass, unit } = part;
    await createPart(tx, context, {
      partNumber,
      nameZh,
      nameEn,
      partClass,
      unit,
      goodsCode: PARTS_GOODS_CODE,
      goodsShortName: '农机配件',
      taxClass: 'part',
      weightKg: kilograms(part.grams),
      packQuantity: partClass === 'standard' ? '10' : '1',
      serviceable: true,
      activeFrom: null,
      activeTo: null,
    });
    await setPartCost(tx, context, partNumber, { fromOn: context.today, cost: yuan(part.costFen) });
  }
}

async function makeModels(tx: Tx, context: Context, parts: readonly DemoPart[]): Promise<void> {
  for (const { code, nameZh, nameEn } of MODELS) {
    await createMachineModel(tx, context, { code, nameZh, nameEn });
    const fitted = parts.filter(part => part.models.includes(code));
    await addBomLines(
      tx,
      context,
      code,
      fitted.map((part, index) => ({
        partNumber: part.partNumber,
        quantity: String(part.quantity),
        // figure by system (the first digit of a component), standard parts on a sheet of their own
        figure: /-\d{3}$/.test(part.partNumber) ? (part.key[0] ?? '9') : '9',
        position: String(index + 1).padStart(3, '0'),
        mainAssembly: part.partClass === 'core' || part.costFen >= 150_000,
      })),
    );
  }
}

async function makeDealers(tx: Tx, context: Context): Promise<void> {
  for (const { code, nameZh, nameEn, zone, level, kind, terms } of DEALERS) {
    // no limit: payments come with a later release, and two years of unpaid orders would pass any
    await createDealer(tx, context, {
      code,
      dealerKind: kind,
      nameZh,
      nameEn,
      currency: 'CNY',
      zone,
      terms,
      creditLimit: null,
    });
    await setDealerLevel(tx, context, code, { level, fromOn: context.today });
  }
}
