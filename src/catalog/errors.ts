import { defineProblems } from '../core/problem.ts';

export const problem = defineProblems({
  DEALER_CODE_TAKEN: {
    status: 409,
    title: { zh: '经销商编码已存在', en: 'This dealer code is taken' },
    detail: { zh: '请换一个编码，或修改已有的经销商。', en: 'Choose another code, or change the dealer that has it.' },
  },
  PART_NOT_FOUND: {
    status: 404,
    title: { zh: '没有这个配件', en: 'There is no such part' },
    detail: {
      zh: '配件 {partNumber} 不存在或不可见。',
      en: 'Part {partNumber} does not exist or is not visible to you.',
    },
  },
  PART_NUMBER_TAKEN: {
    status: 409,
    title: { zh: '配件号已存在', en: 'This part number is taken' },
    detail: { zh: '请修改已有的配件，或换一个配件号。', en: 'Change the part that has it, or choose another number.' },
  },
  PART_CLASS_IN_USE: {
    status: 409,
    title: {
      zh: '该配件仍有价格、预留或厂外库存',
      en: 'The part still has prices, reservations or stock outside the factory',
    },
    detail: {
      zh: '改为核心件之前，请先结束价格、释放预留并把库存运回工厂。',
      en: 'Before it becomes a core part, end its prices, release reservations and bring the stock home.',
    },
  },
  UNIT_UNKNOWN: {
    status: 422,
    title: { zh: '没有这个计量单位', en: 'There is no such unit' },
    detail: {
      zh: '可用：piece、set、pair、box、metre、litre、kilogram。',
      en: 'Known units: piece, set, pair, box, metre, litre, kilogram.',
    },
  },
  PACK_NOT_POSITIVE: { status: 422, title: { zh: '包装数量须大于零', en: 'The pack quantity must be above zero' } },
  PART_UNNAMED: {
    status: 422,
    title: { zh: '配件须有名称', en: 'A part needs a name' },
    detail: { zh: '请填写 nameZh 或 nameEn。', en: 'Fill nameZh or nameEn.' },
  },
  ACTIVE_DATES: { status: 422, title: { zh: '停用日早于启用日', en: 'activeTo lies before activeFrom' } },
  MODEL_UNNAMED: {
    status: 422,
    title: { zh: '机型须有名称', en: 'A machine model needs a name' },
    detail: { zh: '请填写 nameZh 或 nameEn。', en: 'Fill nameZh or nameEn.' },
  },
  MODEL_CODE_TAKEN: { status: 409, title: { zh: '机型编码已存在', en: 'This model code is taken' } },
  MODEL_NOT_FOUND: {
    status: 404,
    title: { zh: '没有这个机型', en: 'There is no such machine model' },
    detail: { zh: '机型 {modelCode} 不存在。', en: 'Model {modelCode} does not exist.' },
  },
});
