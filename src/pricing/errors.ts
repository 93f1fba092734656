import { defineProblems } from '../core/problem.ts';

export const problem = defineProblems({
  PRICE_LIST_CODE_TAKEN: {
    status: 409,
    title: { zh: '价目表编码已存在', en: 'This price list code is taken' },
  },
  PRICE_LIST_EXISTS: {
    status: 409,
    title: { zh: '该币种已有同类价目表', en: 'There is a price list of this kind and currency already' },
    detail: {
      zh: '每个币种只有一张结算价目表和一张指导价目表；调价请发布价格。',
      en: 'Each currency has one settlement and one guidance list; change its prices by a release.',
    },
  },
  PRICE_LIST_NOT_FOUND: {
    status: 404,
    title: { zh: '没有这张价目表', en: 'There is no such price list' },
    detail: { zh: '价目表 {priceList} 不存在。', en: 'Price list {priceList} does not exist.' },
  },
  PRICE_LIST_MISSING: {
    status: 422,
    title: { zh: '该币种没有价目表', en: 'There is no price list in this currency' },
    detail: {
      zh: '经销商的结算币种尚无 {kind} 价目表。',
      en: 'There is no {kind} list in the currency of this dealer yet.',
    },
  },
  PRICE_RELEASE_NOT_FOUND: {
    status: 404,
    title: { zh: '没有这份价格发布单', en: 'There is no such price release' },
    detail: { zh: '价格发布单 {number} 不存在。', en: 'Price release {number} does not exist.' },
  },
  RELEASE_STATE: {
    status: 409,
    title: { zh: '价格发布单的状态不允许此操作', en: 'The state of the price release does not allow this' },
    detail: {
      zh: '发布单 {number} 的状态为 {state}；此操作需要 {needed}。',
      en: 'Release {number} is {state}; this needs {needed}.',
    },
  },
  RELEASE_EMPTY: {
    status: 422,
    title: { zh: '价格发布单没有任何行', en: 'The price release has no lines' },
    detail: { zh: '请先添加价格再提交。', en: 'Add prices before you submit it.' },
  },
  RELEASE_LINES_REPEATED: {
    status: 422,
    title: { zh: '同一配件出现多次', en: 'A part appears more than once' },
    detail: { zh: '每个配件在一份发布单中只有一个价格：{parts}', en: 'One price per part in a release: {parts}' },
  },
  RELEASE_OVERTAKEN: {
    status: 409,
    title: { zh: '已有同日或更晚生效的价格', en: 'A price of the same or a later day is already published' },
    detail: {
      zh: '已发布的价格从不改写。{count} 个配件已有 {effectiveOn} 当日或之后生效的价格：{parts}',
      en: 'Published prices are never rewritten. {count} parts have a price effective on or after {effectiveOn}: {parts}',
    },
  },
  RELEASE_BACKDATED: {
    status: 409,
    title: { zh: '不能追溯更改已生效的价格', en: 'Prices already in force cannot be changed for days gone by' },
    detail: {
      zh: '{count} 个配件在 {effectiveOn} 之后已按价目表执行过价格：{parts}。请另起发布单，从今天或以后生效。',
      en: '{count} parts have had a price in force since {effectiveOn}: {parts}. Draft a release that begins today or later.',
    },
  },
  PRICE_POSTS_AS_ZERO: {
    status: 422,
    title: { zh: '价格入账后为 0.00', en: 'The price would post as 0.00' },
    detail: {
      zh: '单价四舍五入到分后须大于零：{parts}',
      en: 'A unit price must be above zero once it is rounded to cents: {parts}',
    },
  },
  PART_CORE_IP: {
    status: 422,
    title: { zh: '核心件没有价格', en: 'A core-IP part has no price' },
    detail: {
      zh: '核心件不进入任何价目表、报价或订单：{parts}',
      en: 'Core-IP parts stand in no price list, quote or order: {parts}',
    },
  },
  PART_NOT_PRICED: {
    status: 422,
    title: { zh: '该配件没有价格', en: 'This part has no price' },
    detail: { zh: '请向配件部门询价。', en: 'Ask the parts department for a price.' },
  },
  PART_SUPERSEDED: {
    status: 422,
    title: { zh: '该配件已被替代', en: 'This part has been superseded' },
    detail: { zh: '请改用 {successor}。', en: 'Ask for {successor} instead.' },
  },
  PART_NOT_SERVICEABLE: {
    status: 422,
    title: { zh: '该配件不可服务', en: 'This part is not serviceable' },
    detail: {
      zh: '该配件当日不供应（可服务配件标识或启用日期）。',
      en: 'The part is not supplied on that day (serviceable flag or active dates).',
    },
  },
  LINE_POSTS_AS_ZERO: {
    status: 422,
    title: { zh: '该行金额为 0.00', en: 'The line would post as 0.00' },
    detail: { zh: '请增加数量。', en: 'Ask for a larger quantity.' },
  },
  PART_WEIGHT_MISSING: {
    status: 422,
    title: { zh: '配件缺少重量，无法计算运费', en: 'Freight cannot be computed: a part has no weight' },
    detail: {
      zh: '请先维护重量，或由承运人直接收费：{parts}',
      en: 'Enter the weight, or let the carrier charge: {parts}',
    },
  },
  FREIGHT_TARIFF_MISSING: {
    status: 422,
    title: { zh: '没有适用的运费标准', en: 'There is no freight tariff for this' },
    detail: {
      zh: '{on} 没有区域 {zone}、方式 {carriage}、币种 {currency} 的运费标准。',
      en: 'No tariff for zone {zone}, {carriage}, in {currency} on {on}.',
    },
  },
  FREIGHT_TARIFF_OVERLAP: {
    status: 409,
    title: { zh: '该时段已有运费标准', en: 'There is a freight tariff for some of these days' },
    detail: {
      zh: '同一区域、方式、币种每天只有一个运费标准；新标准须晚于已有标准开始。',
      en: 'One tariff a day for a zone, carriage and currency; a new one begins after those already there.',
    },
  },
  FREIGHT_TARIFF_INVALID: {
    status: 422,
    title: { zh: '运费标准不正确', en: 'The freight tariff is not valid' },
    detail: {
      zh: '{field} 不正确：重量和免运费额须大于零，结束日不早于开始日。',
      en: '{field} is not valid: weights and the free-from value are above zero, and the last day is not before the first.',
    },
  },
});
