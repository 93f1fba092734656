import { defineProblems } from '../core/problem.ts';
import { mapConstraints } from '../platform/transaction.ts';

export const problem = defineProblems({
  CREDIT_LIMIT_EXCEEDED: {
    status: 422,
    title: { zh: '超过信用额度', en: 'The credit limit would be passed' },
    detail: {
      zh: '额度 {creditLimit} {currency}：已欠 {balance}，未发货订单 {openOrders}，本次 {amount}。',
      en: 'The limit is {creditLimit} {currency}: {balance} is owed, {openOrders} is on order, this is {amount} more.',
    },
  },
  DOCUMENT_ALREADY_POSTED: {
    status: 409,
    title: { zh: '该单据已记账', en: 'This document has been posted already' },
    detail: {
      zh: '同一单据只记账一次；更正请用新单据冲销。',
      en: 'A document is posted once; correct it with a new one.',
    },
  },
  STATEMENT_FROZEN: {
    status: 409,
    title: { zh: '对账单已冻结', en: 'The statement is frozen' },
    detail: {
      zh: '该经销商本期或其后期间的对账单已冻结，不能再向更早的期间记账。',
      en: 'A statement of this or a later period is frozen for this dealer: nothing can be posted before it.',
    },
  },
  PERIOD_NOT_OPEN: {
    status: 409,
    title: { zh: '会计期间不是开放状态', en: 'The fiscal period is not open' },
    detail: { zh: '期间 {period} 的状态为 {state}。', en: 'Period {period} is {state}.' },
  },
  PERIOD_NOT_OVER: {
    status: 409,
    title: { zh: '会计期间尚未结束', en: 'The fiscal period is not over' },
    detail: {
      zh: '期间 {period} 到 {lastOn} 为止（含当日），之后才能关闭。',
      en: 'Period {period} runs to the end of {lastOn}; it can be closed after that day.',
    },
  },
  PERIOD_EARLIER_OPEN: {
    status: 409,
    title: { zh: '较早的期间尚未关闭', en: 'An earlier period is still open' },
    detail: { zh: '请先关闭期间 {earlier}。', en: 'Close period {earlier} first.' },
  },
  PERIOD_FIGURES_DISAGREE: {
    status: 409,
    title: { zh: '关账检查未通过', en: 'Figures of the period disagree' },
    detail: {
      zh: '检查 {check} 发现不一致：{subject} 应为 {expected}，实为 {found}。期间未关闭。',
      en: 'The check {check} found that {subject} should be {expected} and is {found}. The period stays open.',
    },
  },
  STATEMENT_NOT_FOUND: {
    status: 404,
    title: { zh: '没有这张对账单', en: 'There is no such statement' },
    detail: {
      zh: '对账单 {number} 不存在或不可见。',
      en: 'Statement {number} does not exist or is not visible to you.',
    },
  },
  STATEMENTS_NOT_FROZEN: {
    status: 409,
    title: { zh: '该期间的对账单尚未冻结', en: 'The statements of this period are not frozen yet' },
    detail: { zh: '请先关闭期间 {period}。', en: 'Close period {period} first.' },
  },
  STATEMENT_ALTERED: {
    status: 409,
    title: { zh: '对账单与其内容哈希不符', en: 'The statement does not match its content hash' },
    detail: {
      zh: '对账单 {number} 的行在冻结后被改动，不予输出；请运行 verify。',
      en: 'The rows of statement {number} were altered after it was frozen, so it is not shown as a file. Run `verify`.',
    },
  },
});

mapConstraints({
  statement_frozen: () => problem('STATEMENT_FROZEN'),
  journal_entry_document_unique: () => problem('DOCUMENT_ALREADY_POSTED'),
  journal_entry_history_unique: () => problem('DOCUMENT_ALREADY_POSTED'),
});
