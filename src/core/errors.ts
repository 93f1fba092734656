import { defineProblems } from './problem.ts';

/** Refusals of core: 400 where a text is malformed, 422 where a well-formed value breaks a rule. */
export const problem = defineProblems({
  DECIMAL_INVALID: {
    status: 400,
    title: { zh: '数字格式不正确', en: 'Not a decimal number' },
    detail: {
      zh: '“{value}”不是十进制数。请写成 -1234.56 的形式：不用指数、正号、千分位和多余的前导零，最多 {digitsMax} 位数字。',
      en: '"{value}" is not a decimal. Write it like -1234.56: no exponent, plus sign, thousands separator or superfluous leading zero, at most {digitsMax} digits.',
    },
  },
  DECIMAL_SCALE_EXCEEDED: {
    status: 422,
    title: { zh: '小数位数过多', en: 'Too many decimals' },
    detail: {
      zh: '{value} 的小数超过 {decimalsMax} 位；系统不会代为四舍五入。',
      en: '{value} has more than {decimalsMax} decimals; it is refused, never rounded.',
    },
  },
  DECIMAL_TOO_LARGE: {
    status: 422,
    title: { zh: '数值过大', en: 'Number too large' },
    detail: {
      zh: '{value} 的整数部分超过 {integerDigitsMax} 位。',
      en: '{value} has more than {integerDigitsMax} digits before the decimal point.',
    },
  },
  TAX_RATE_INVALID: {
    status: 422,
    title: { zh: '税率不正确', en: 'Not a tax rate' },
    detail: {
      zh: '税率 {value} 必须大于等于 0 且小于 1，例如 13% 写作 0.13。',
      en: 'The tax rate {value} must be at least 0 and below 1: write 13 % as 0.13.',
    },
  },
  QUANTITY_NOT_WHOLE: {
    status: 422,
    title: { zh: '数量必须为整数', en: 'Quantity must be whole' },
    detail: {
      zh: '该计量单位不可拆分，数量 {value} 必须为整数。',
      en: 'This unit cannot be divided: the quantity {value} must be whole.',
    },
  },
  CURRENCY_INVALID: {
    status: 422,
    title: { zh: '币种代码不正确', en: 'Not a currency code' },
    detail: {
      zh: '“{value}”不是 ISO 4217 币种代码，例如 CNY。',
      en: '"{value}" is not an ISO 4217 currency code such as CNY.',
    },
  },
  BUSINESS_DATE_INVALID: {
    status: 400,
    title: { zh: '日期不正确', en: 'Not a calendar date' },
    detail: {
      zh: '“{value}”不是 1900-01-01 至 2999-12-31 之间 YYYY-MM-DD 形式的日期。',
      en: '"{value}" is not a date written YYYY-MM-DD between 1900-01-01 and 2999-12-31.',
    },
  },
  PERIOD_NAME_INVALID: {
    status: 400,
    title: { zh: '会计期间名称不正确', en: 'Not a fiscal period' },
    detail: {
      zh: '“{value}”不是 1900-01 至 2999-12 之间 YYYY-MM 形式的会计期间。',
      en: '"{value}" is not a fiscal period written YYYY-MM between 1900-01 and 2999-12.',
    },
  },
});
