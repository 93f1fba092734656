import { defineProblems } from '../core/problem.ts';
import { mapConstraints } from '../platform/transaction.ts';

export const problem = defineProblems({
  DEALER_INACTIVE: {
    status: 422,
    title: { zh: '经销商已停用', en: 'This dealer is not active' },
    detail: { zh: '不能为停用的经销商报价或下单。', en: 'An inactive dealer is neither quoted nor supplied.' },
  },
  OWN_BRANCH_NOT_SOLD_TO: {
    status: 422,
    title: { zh: '直营分店不报价不销售', en: 'An own branch is not sold to' },
    detail: {
      zh: '直营分店与本公司是同一法人，配件调拨，不开票。',
      en: 'It is the same legal entity: parts are transferred to it, without an invoice.',
    },
  },
  LINES_REFUSED: {
    status: 422,
    title: { zh: '有不能报价的行', en: 'Lines cannot be quoted' },
    detail: { zh: '未创建单据；各行原因见 lines。', en: 'Nothing was created; see lines for each line and its code.' },
  },
  FREIGHT_ZONE_NOT_YOURS: {
    status: 422,
    title: { zh: '运费区域不是您的区域', en: 'The freight zone is not yours' },
    detail: {
      zh: '请不填写区域，或联系配件部门。',
      en: 'Leave the zone out, or ask the parts department for a delivery elsewhere.',
    },
  },
  QUOTE_VALIDITY_INVALID: {
    status: 422,
    title: { zh: '报价有效期不正确', en: 'The quote cannot be valid until then' },
    detail: { zh: '有效期须在 {from} 至 {to} 之间。', en: 'Choose a day from {from} to {to}.' },
  },
  QUOTE_NOT_FOUND: {
    status: 404,
    title: { zh: '没有这份报价单', en: 'There is no such quote' },
    detail: { zh: '报价单 {number} 不存在或不可见。', en: 'Quote {number} does not exist or is not visible to you.' },
  },
  QUOTE_ALREADY_ORDERED: {
    status: 409,
    title: { zh: '报价单已下单', en: 'The quote has been ordered already' },
    detail: { zh: '一份报价单只能下单一次。', en: 'A quote becomes one order; ask for a new quote.' },
  },
  QUOTE_EXPIRED: {
    status: 409,
    title: { zh: '报价单已过期', en: 'The quote has expired' },
    detail: { zh: '有效期至 {validUntil}；请重新询价。', en: 'It was valid until {validUntil}; ask for a new quote.' },
  },
  QUOTE_WITHDRAWN: {
    status: 409,
    title: { zh: '报价单已撤回', en: 'The quote has been withdrawn' },
  },
  QUOTE_LINE_VOID: {
    status: 422,
    title: { zh: '报价单中有失效的行', en: 'Lines of the quote are void' },
    detail: {
      zh: '报价后有配件不再供应，见 lines；请重新询价。',
      en: 'Parts are no longer supplied since the quote, see lines; ask for a new quote without them.',
    },
  },
  ORDER_CONTENT_INVALID: {
    status: 422,
    title: { zh: '须填写报价单号或订单行之一', en: 'An order names a quote or lines, one of the two' },
    detail: {
      zh: '按报价下单时不得再填写行、运费或经销商。',
      en: 'With quoteNumber send no lines and no freight terms: the quote has fixed them.',
    },
  },
  ORDER_LOCATION_INVALID: {
    status: 422,
    title: { zh: '该库位不能发货', en: 'Orders are not filled from this location' },
    detail: {
      zh: '库位 {locationCode} 不是启用中的仓库。',
      en: 'Location {locationCode} is not an active warehouse.',
    },
  },
  DEALER_DOCUMENT_TAKEN: {
    status: 409,
    title: { zh: '经销商单号已使用', en: "The dealer's document number is taken" },
    detail: {
      zh: '经销商自己的单号永久唯一；请查询已有订单。',
      en: "A dealer's own number stands for one order for ever; look at the order that has it.",
    },
  },
  ORDER_NOT_FOUND: {
    status: 404,
    title: { zh: '没有这张订单', en: 'There is no such order' },
    detail: { zh: '订单 {number} 不存在或不可见。', en: 'Order {number} does not exist or is not visible to you.' },
  },
  ORDER_NOT_OPEN: {
    status: 409,
    title: { zh: '订单已完结', en: 'The order is not open any more' },
    detail: { zh: '订单 {number} 的状态为 {state}。', en: 'Order {number} is {state}.' },
  },
  NOTHING_TO_SHIP: {
    status: 409,
    title: { zh: '没有可发货的数量', en: 'There is nothing to ship' },
    detail: { zh: '订单 {number} 没有已预留的数量。', en: 'Nothing is reserved for order {number}.' },
  },
  SHIPMENT_LINES_INVALID: {
    status: 422,
    title: { zh: '发货行不正确', en: 'Lines of the shipment do not fit the order' },
    detail: {
      zh: '每个订单货物行最多出现一次，数量大于零且符合单位；见 lines。',
      en: 'Each goods line of the order at most once, with a quantity above zero that fits its unit; see lines.',
    },
  },
  SHIPMENT_DATE_INVALID: {
    status: 422,
    title: { zh: '发货日期不正确', en: 'The shipment cannot be dated so' },
    detail: {
      zh: '发货日期须在下单日 {from} 至今天 {to} 之间。',
      en: 'Choose a day from {from}, when it was ordered, to today, {to}.',
    },
  },
  SHIPMENT_NOT_FOUND: {
    status: 404,
    title: { zh: '没有这张发货单', en: 'There is no such shipment' },
    detail: {
      zh: '发货单 {number} 不存在或不可见。',
      en: 'Shipment {number} does not exist or is not visible to you.',
    },
  },
});

mapConstraints({
  dealer_order_dealer_document_unique: () => problem('DEALER_DOCUMENT_TAKEN'),
  dealer_order_quote_once: () => problem('QUOTE_ALREADY_ORDERED'),
});
