import { defineProblems } from '../core/problem.ts';

export const problem = defineProblems({
  LOCATION_NOT_FOUND: {
    status: 404,
    title: { zh: '没有这个库位', en: 'There is no such location' },
    detail: { zh: '库位 {locationCode} 不存在。', en: 'Location {locationCode} does not exist.' },
  },
  LOCATION_CODE_TAKEN: {
    status: 409,
    title: { zh: '库位编码已存在', en: 'This location code is taken' },
    detail: { zh: '请换一个编码。', en: 'Choose another code.' },
  },
  LOCATION_DEALER_RULE: {
    status: 422,
    title: { zh: '寄售库位须属于经销商', en: 'A consigned location belongs to a dealer, any other does not' },
    detail: {
      zh: '寄售（consigned）库位须填写 dealerCode，其他库位不得填写。',
      en: 'Name dealerCode for a location of kind consigned, and for no other kind.',
    },
  },
  LOCATION_NOT_RECEIVING: {
    status: 422,
    title: { zh: '该库位不能收货', en: 'Nothing can be received at this location' },
    detail: {
      zh: '库位 {locationCode}（{kind}）不是启用中的仓库或工厂。',
      en: 'Location {locationCode} ({kind}) is not an active warehouse or factory.',
    },
  },
  RECEIPT_LINES_REFUSED: {
    status: 422,
    title: { zh: '收货单有不能接受的行', en: 'Lines of the receipt cannot stand' },
    detail: { zh: '未入库；请见 lines。', en: 'Nothing was received; see lines for each line and its code.' },
  },
  RECEIPT_DATE_INVALID: {
    status: 422,
    title: { zh: '收货日期不能在将来', en: 'A receipt is not dated in the future' },
    detail: { zh: '{receivedOn} 晚于今天 {today}。', en: '{receivedOn} is after today, {today}.' },
  },
  QUANTITY_NOT_POSITIVE: {
    status: 422,
    title: { zh: '数量必须大于零', en: 'The quantity must be above zero' },
  },
  COST_NEGATIVE: { status: 422, title: { zh: '成本不能为负', en: 'A cost is not negative' } },
  ROW_REPEATED: {
    status: 422,
    title: { zh: '文件中重复的行', en: 'The row repeats an earlier one' },
    detail: {
      zh: '同一库位、配件、首次入库日期只能有一行。',
      en: 'One row for a location, part and first receipt.',
    },
  },
  OPENING_STOCK_DIFFERS: {
    status: 409,
    title: { zh: '该期初库存已导入且数据不同', en: 'This opening stock was brought in with other figures' },
    detail: {
      zh: '历史从不改写；请用收货或盘点更正。',
      en: 'History is never rewritten: correct it by a receipt or a count.',
    },
  },
  INSUFFICIENT_STOCK: {
    status: 409,
    title: { zh: '库存不足', en: 'There is not enough stock' },
    detail: { zh: '预留或现有数量不够发货。', en: 'Less is reserved or on hand than is to be moved.' },
  },
  CORE_PART_BLOCKED: {
    status: 422,
    title: { zh: '核心件不能移往该处', en: 'A core-IP part may not move there' },
    detail: {
      zh: '核心件只能返回工厂、在返厂途中、在厂内装机或报废，或退回供应商。',
      en: 'Core-IP parts go to the factory, towards it, into a machine or scrap there, or back to their supplier, and nowhere else.',
    },
  },
});
