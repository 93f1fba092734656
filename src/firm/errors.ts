import { defineProblems } from '../core/problem.ts';
import { mapConstraints } from '../platform/transaction.ts';

export const problem = defineProblems({
  PERIOD_NOT_FOUND: {
    status: 404,
    title: { zh: '没有这个会计期间', en: 'There is no such fiscal period' },
    detail: {
      zh: '期间 {period} 不存在：该期间没有任何业务。',
      en: 'Period {period} does not exist: nothing was ever posted in it.',
    },
  },
  PERIOD_CLOSED: {
    status: 409,
    title: { zh: '会计期间已关闭', en: 'The fiscal period is closed' },
    detail: {
      zh: '该日期所属期间已关闭，未做任何更改；迟到单据记入下一开放期间。',
      en: 'The period of this date is closed and nothing was changed; a late document goes into the next open period.',
    },
  },
  TAX_RATE_MISSING: {
    status: 422,
    title: { zh: '该税类当日无税率', en: 'There is no tax rate for this tax class on that day' },
    detail: { zh: '税类 {taxClass} 在 {on} 没有税率。', en: 'Tax class {taxClass} has no rate on {on}.' },
  },
});

mapConstraints({ period_open: () => problem('PERIOD_CLOSED') });
