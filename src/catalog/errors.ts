import { defineProblems } from '../core/problem.ts';

export const problem = defineProblems({
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
  PART_NUMBER_INVALID: {
    status: 422,
    title: { zh: '配件号无效', en: 'The part number is not valid' },
    detail: {
      zh: '1–64 个字符，首尾无空格，不含控制字符。',
      en: 'A part number has 1–64 characters, no blank at either end and no control characters.',
    },
  },
  PART_UNNAMED: {
    status: 422,
    title: { zh: '配件须有中文或英文名称', en: 'A part needs a name' },
    detail: { zh: '请填写 nameZh 或 nameEn。', en: 'Give nameZh, nameEn or both.' },
  },
  ACTIVE_DATES: {
    status: 422,
    title: { zh: '启用期间无效', en: 'The active period is not valid' },
    detail: { zh: 'activeTo 不得早于 activeFrom。', en: 'activeTo is not before activeFrom.' },
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
  PART_UNIT_IN_USE: {
    status: 409,
    title: { zh: '该配件的计量单位已被使用', en: 'The unit of the part is in use' },
    detail: {
      zh: '配件已定价或已入库，其数量以此单位计，不能再改单位。',
      en: 'The part was priced or received in this unit, so its unit can no longer change.',
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
  SUPERSESSION_LOOP: {
    status: 409,
    title: { zh: '替代关系成环', en: 'The supersession would close a loop' },
    detail: {
      zh: '沿替代关系会回到配件 {partNumber} 自身：{numbers}。',
      en: 'Following the successors would lead back to part {partNumber}: {numbers}.',
    },
  },
  SUPERSESSION_ITSELF: {
    status: 422,
    title: { zh: '配件不能替代自己', en: 'A part does not supersede itself' },
  },
  SUPERSESSION_NOT_FOUND: {
    status: 404,
    title: { zh: '该配件没有替代件', en: 'The part is not superseded' },
    detail: { zh: '配件 {partNumber} 没有替代件。', en: 'Part {partNumber} has no successor.' },
  },
  MODEL_CODE_TAKEN: { status: 409, title: { zh: '机型编码已存在', en: 'This model code is taken' } },
  MODEL_NOT_FOUND: {
    status: 404,
    title: { zh: '没有这个机型', en: 'There is no such machine model' },
    detail: { zh: '机型 {modelCode} 不存在。', en: 'Model {modelCode} does not exist.' },
  },
  MODEL_UNNAMED: {
    status: 422,
    title: { zh: '机型须有中文或英文名称', en: 'A machine model needs a name' },
    detail: { zh: '请填写 nameZh 或 nameEn。', en: 'Give nameZh, nameEn or both.' },
  },
  BOM_PLACE_TAKEN: {
    status: 409,
    title: { zh: '图号与序号处已是另一配件', en: 'Another part stands at this figure and position' },
    detail: { zh: '{figure} / {position}：{partNumber}', en: '{figure} / {position}: {partNumber}' },
  },
  BOM_PARENT_NOT_FOUND: {
    status: 422,
    title: { zh: '没有这个上级行', en: 'There is no such parent line' },
    detail: {
      zh: '上级行 {figure} / {position} 不在该机型的服务 BOM 中。',
      en: 'No line of this model stands at {figure} / {position}.',
    },
  },
  BOM_QUANTITY_NOT_POSITIVE: { status: 422, title: { zh: '用量须大于零', en: 'The quantity must be above zero' } },
  DEALER_CODE_TAKEN: {
    status: 409,
    title: { zh: '经销商编码已存在', en: 'This dealer code is taken' },
    detail: { zh: '请换一个编码，或修改已有的经销商。', en: 'Choose another code, or change the dealer that has it.' },
  },
  DEALER_UNNAMED: {
    status: 422,
    title: { zh: '经销商须有中文或英文名称', en: 'A dealer needs a name' },
    detail: { zh: '请填写 nameZh 或 nameEn。', en: 'Give nameZh, nameEn or both.' },
  },
  CREDIT_CODE_INVALID: {
    status: 422,
    title: { zh: '统一社会信用代码校验不通过', en: 'The credit code fails its checksum' },
    detail: {
      zh: '{creditCode} 不是有效的统一社会信用代码（GB 32100-2015）。',
      en: '{creditCode} is not a valid unified social credit code (GB 32100-2015).',
    },
  },
});
