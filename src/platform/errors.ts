import { defineProblems } from '../core/problem.ts';

export const problem = defineProblems({
  IDEMPOTENCY_KEY_MISSING: {
    status: 400,
    title: { zh: '缺少 Idempotency-Key 请求头', en: 'The Idempotency-Key header is missing' },
    detail: {
      zh: '创建类请求须带唯一的 Idempotency-Key（1–255 个可见字符），重试时使用同一个值。',
      en: 'A request that creates something needs a unique Idempotency-Key header (1–255 visible characters); send the same value when you retry.',
    },
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    title: { zh: '该 Idempotency-Key 已用于另一请求', en: 'This Idempotency-Key was used for another request' },
    detail: {
      zh: '同一个键只能对应同一请求内容；新的请求请用新的键。',
      en: 'One key stands for one body. Use a new key for a new request.',
    },
  },
  IDEMPOTENCY_KEY_IN_USE: {
    status: 409,
    title: { zh: '同一 Idempotency-Key 的请求仍在处理', en: 'A request with this Idempotency-Key is still running' },
    detail: { zh: '请稍后用同一个键重试。', en: 'Retry with the same key after the seconds named in Retry-After.' },
  },
  BODY_NOT_JSON: {
    status: 400,
    title: { zh: '请求体不是有效的 JSON', en: 'The body is not valid JSON' },
    detail: { zh: '{reason}', en: '{reason}' },
  },
  REQUEST_INVALID: {
    status: 400,
    title: { zh: '请求不符合接口定义', en: 'The request does not match the API description' },
    detail: { zh: '{where}：{reason}', en: '{where}: {reason}' },
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: { zh: '该地址不支持此方法', en: 'The address does not know this method' },
    detail: { zh: '可用的方法见 Allow 响应头。', en: 'The Allow header lists the methods it knows.' },
  },
  REQUEST_TIMEOUT: { status: 408, title: { zh: '请求未按时送完', en: 'The request did not arrive in time' } },
  HEADERS_TOO_LARGE: { status: 431, title: { zh: '请求头过大', en: 'The headers are too large' } },
  ADDRESS_TOO_LONG: { status: 414, title: { zh: '地址过长', en: 'The address is too long' } },
  INSTANT_INVALID: {
    status: 400,
    title: { zh: '时间点不正确', en: 'Not an instant' },
    detail: {
      zh: '“{value}”不是 1900 至 2999 年间、形如 2026-03-31T16:00:00Z 的 UTC 时间点。',
      en: '"{value}" is not an instant in UTC between 1900 and 2999 written like 2026-03-31T16:00:00Z.',
    },
  },
  DATABASE_UNREACHABLE: {
    status: 503,
    title: { zh: '数据库无法访问', en: 'The database cannot be reached' },
    detail: { zh: '请稍后重试。', en: 'Retry after the seconds named in Retry-After.' },
  },
  BODY_TOO_LARGE: { status: 413, title: { zh: '请求体过大', en: 'The body is too large' } },
  MEDIA_TYPE_UNSUPPORTED: { status: 415, title: { zh: '不支持的内容类型', en: 'The media type is not supported' } },
  ROUTE_NOT_FOUND: { status: 404, title: { zh: '没有这个地址', en: 'There is no such address' } },
  NOT_FOUND: {
    status: 404,
    title: { zh: '未找到', en: 'Not found' },
    detail: { zh: '{kind} {id} 不存在或不可见。', en: '{kind} {id} does not exist or is not visible to you.' },
  },
  RATE_LIMITED: {
    status: 429,
    title: { zh: '请求过于频繁', en: 'Too many requests' },
    detail: { zh: '请在 Retry-After 秒后重试。', en: 'Retry after the seconds named in Retry-After.' },
  },
  VERSION_MISSING: {
    status: 428,
    title: { zh: '缺少 If-Match 请求头', en: 'The If-Match header is missing' },
    detail: {
      zh: '请先读取文档，并把其 ETag 放入 If-Match。',
      en: 'Read the document first and send its ETag in If-Match.',
    },
  },
  VERSION_CONFLICT: {
    status: 412,
    title: { zh: '文档已被他人修改', en: 'The document has been changed meanwhile' },
    detail: {
      zh: '请重新读取后再改（当前版本 {version}）。',
      en: 'Read it again and repeat your change (it is now version {version}).',
    },
  },
  CURSOR_INVALID: { status: 400, title: { zh: '分页游标无效', en: 'The page cursor is not valid' } },
  BUSY: {
    status: 503,
    title: { zh: '系统繁忙，请重试', en: 'The service is busy, please retry' },
    detail: {
      zh: '未做任何更改；请在 Retry-After 秒后重试。',
      en: 'Nothing was changed. Retry after the seconds named in Retry-After.',
    },
  },
  SHUTTING_DOWN: { status: 503, title: { zh: '服务正在停止', en: 'The service is stopping' } },
  INTERNAL: {
    status: 500,
    title: { zh: '内部错误', en: 'Internal error' },
    detail: {
      zh: '错误已记录；请把请求编号告诉管理员。',
      en: 'It has been logged; tell the administrator the request id.',
    },
  },
  SCHEMA_NOT_MIGRATED: {
    status: 503,
    title: { zh: '数据库结构不是本版本', en: 'The database schema is not of this release' },
    detail: {
      zh: '请先运行 migrate（缺少：{pending}）。',
      en: 'Run `node src/main.ts migrate` first (pending: {pending}).',
    },
  },
  TIME_ZONE_MISMATCH: {
    status: 503,
    title: { zh: '时区与数据库中的不一致', en: 'TZ_BUSINESS differs from the time zone stored in the database' },
    detail: {
      zh: '首次迁移时存的是 {stored}，设置为 {configured}；时区不能更改。',
      en: 'The database was made with {stored}, TZ_BUSINESS says {configured}. The time zone is fixed at the first migrate.',
    },
  },
  SERVER_TOO_OLD: {
    status: 503,
    title: { zh: 'PostgreSQL 版本过低', en: 'The PostgreSQL server is too old' },
    detail: { zh: '需要 15 或更高版本，当前为 {version}。', en: 'Version 15 or newer is needed, this is {version}.' },
  },
});
