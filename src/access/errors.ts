import { defineProblems } from '../core/problem.ts';

export const problem = defineProblems({
  NOT_SIGNED_IN: {
    status: 401,
    title: { zh: '尚未登录', en: 'Not signed in' },
    detail: {
      zh: '请先登录，或用 Authorization: Bearer 发送 API 密钥。',
      en: 'Sign in first, or send an API key as Authorization: Bearer.',
    },
  },
  PERMISSION_MISSING: {
    status: 403,
    title: { zh: '没有权限', en: 'Not allowed' },
    detail: { zh: '此操作需要权限 {permission}。', en: 'This needs the permission {permission}.' },
  },
  DEALER_REQUIRED: {
    status: 422,
    title: { zh: '须指明经销商', en: 'A dealer must be named' },
    detail: { zh: '内部人员须填写 dealerCode。', en: 'Staff must say which dealer: fill dealerCode.' },
  },
  DEALER_NOT_FOUND: {
    status: 404,
    title: { zh: '没有这个经销商', en: 'There is no such dealer' },
    detail: {
      zh: '经销商 {dealerCode} 不存在或不可见。',
      en: 'Dealer {dealerCode} does not exist or is not visible to you.',
    },
  },
  SECOND_PERSON_REQUIRED: {
    status: 422,
    title: { zh: '须由另一人批准', en: 'A second person must approve' },
    detail: { zh: '制单人不能批准自己的单据。', en: 'Nobody approves what they made themselves.' },
  },
});
