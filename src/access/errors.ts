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
  SIGN_IN_FAILED: {
    status: 401,
    title: { zh: '登录失败', en: 'Sign-in failed' },
    detail: {
      zh: '账号或密码不正确，或账号已停用、暂时锁定（连续失败 5 次锁定 15 分钟）。',
      en: 'The login or password is wrong, or the account is inactive or locked for now (15 minutes after 5 failures).',
    },
  },
  CSRF_TOKEN_MISSING: {
    status: 403,
    title: { zh: '缺少 X-CSRF-Token 请求头', en: 'The X-CSRF-Token header is missing' },
    detail: {
      zh: '用 Cookie 登录的写请求须在 X-CSRF-Token 中带上登录时得到的 csrfToken。',
      en: 'A change made with the session cookie needs the csrfToken of the sign-in in the header X-CSRF-Token.',
    },
  },
  ORIGIN_REFUSED: {
    status: 403,
    title: { zh: '请求来自其他网站', en: 'The request comes from another site' },
    detail: {
      zh: '用 Cookie 登录的写请求只接受本站页面发出的。',
      en: 'A change made with the session cookie is only taken from pages of this service.',
    },
  },
  PERSON_REQUIRED: {
    status: 403,
    title: { zh: '仅限人员账号', en: 'Only for people' },
    detail: { zh: '机器账号没有密码和会话。', en: 'A machine account has neither password nor sessions.' },
  },
  PERSON_NOT_FOUND: {
    status: 404,
    title: { zh: '没有这个人员', en: 'There is no such person' },
    detail: { zh: '人员 {login} 不存在。', en: 'There is no person with the login {login}.' },
  },
  LOGIN_TAKEN: {
    status: 409,
    title: { zh: '登录名已存在', en: 'This login is taken' },
    detail: { zh: '请换一个登录名。', en: 'Choose another login.' },
  },
  PERSON_UNNAMED: {
    status: 422,
    title: { zh: '须有姓名', en: 'A person needs a name' },
    detail: { zh: '中文名和英文名至少填一个。', en: 'Fill the Chinese name, the English name or both.' },
  },
  PASSWORD_WEAK: {
    status: 422,
    title: { zh: '密码太弱', en: 'The password is too weak' },
    detail: {
      zh: '密码须为 {lengthMin} 至 128 个字符，至少 5 种不同字符，不含登录名，也不是常用密码（违反：{rule}）。',
      en: 'A password has {lengthMin} to 128 characters, at least 5 different ones, does not contain the login and is not a common one (broken: {rule}).',
    },
  },
  PASSWORD_WRONG: {
    status: 422,
    title: { zh: '当前密码不正确', en: 'The current password is wrong' },
    detail: {
      zh: '请重新输入当前密码；失败次数过多时账号会暂时锁定。',
      en: 'Enter your current password again; after too many failures the account is locked for a while.',
    },
  },
  DEALER_ROLE_MISMATCH: {
    status: 422,
    title: { zh: '角色与经销商不符', en: 'Role and dealer do not go together' },
    detail: {
      zh: '角色为 dealer 的账号须指明 dealerCode，且没有其他角色；其他账号不能有 dealerCode。',
      en: 'An account with the role dealer names its dealerCode and has no other role; no other account has a dealerCode.',
    },
  },
  LAST_ADMINISTRATOR: {
    status: 409,
    title: { zh: '最后一位管理员', en: 'The last administrator' },
    detail: {
      zh: '至少须保留一位有效的管理员；请先任命另一位。',
      en: 'One active administrator must remain. Appoint another one first.',
    },
  },
  SESSION_NOT_FOUND: { status: 404, title: { zh: '没有这个会话', en: 'There is no such session' } },
  MACHINE_ACCOUNT_NOT_FOUND: {
    status: 404,
    title: { zh: '没有这个机器账号', en: 'There is no such machine account' },
    detail: { zh: '机器账号 {name} 不存在。', en: 'There is no machine account {name}.' },
  },
  MACHINE_ACCOUNT_TAKEN: {
    status: 409,
    title: { zh: '机器账号名已存在', en: 'This machine account exists' },
    detail: { zh: '请换一个名称。', en: 'Choose another name.' },
  },
  SCOPE_NOT_ALLOWED: {
    status: 422,
    title: { zh: '权限超出角色', en: 'A scope exceeds the role' },
    detail: {
      zh: '角色 {role} 没有以下权限：{scopes}。',
      en: 'The role {role} does not have these permissions: {scopes}.',
    },
  },
  KEYS_LIVE_MAX: {
    status: 409,
    title: { zh: '有效密钥已达上限', en: 'Too many live keys' },
    detail: {
      zh: '每个机器账号最多同时有 {max} 个有效密钥；请先吊销一个。',
      en: 'A machine account has at most {max} live keys; revoke one first.',
    },
  },
  KEY_NOT_FOUND: { status: 404, title: { zh: '没有这个密钥', en: 'There is no such key' } },
  KEY_EXPIRY_INVALID: {
    status: 422,
    title: { zh: '有效期不正确', en: 'Not a possible expiry' },
    detail: {
      zh: '到期时间须在现在之后、{daysMax} 天之内。',
      en: 'A key expires after now and within {daysMax} days.',
    },
  },
});
