import { defineProblems } from '../core/problem.ts';

export const problem = defineProblems({
  DEALER_CODE_TAKEN: {
    status: 409,
    title: { zh: '经销商编码已存在', en: 'This dealer code is taken' },
    detail: { zh: '请换一个编码，或修改已有的经销商。', en: 'Choose another code, or change the dealer that has it.' },
  },
});
