import { defineProblems } from '../core/problem.ts';

/** Refusals of a whole file leave nothing behind; what is wrong with single lines is listed, not thrown. */
export const problem = defineProblems({
  FILE_UNREADABLE: {
    status: 400,
    title: { zh: '无法打开文件', en: 'The file cannot be opened' },
    detail: { zh: '{fileName}：{reason}', en: '{fileName}: {reason}' },
  },
  FILE_EMPTY: {
    status: 422,
    title: { zh: '文件中没有数据行', en: 'The file has no records' },
    detail: {
      zh: '{fileName} 是空的，或只有表头。',
      en: '{fileName} is empty or holds nothing but a header.',
    },
  },
  FILE_TRUNCATED: {
    status: 422,
    title: { zh: '文件不完整', en: 'The file is cut off or damaged' },
    detail: {
      zh: '{fileName} 在结尾之前中断或已损坏；请重新导出或上传完整的文件。',
      en: '{fileName} breaks off before its end or is damaged. Export it again and send the whole file.',
    },
  },
  FILE_TOO_LARGE: {
    status: 413,
    title: { zh: '文件过大', en: 'The file is too large' },
    detail: {
      zh: '{fileName} 解压后超过 {bytesMax} 字节；请拆分后再导入。',
      en: '{fileName} has more than {bytesMax} bytes once unpacked. Split it.',
    },
  },
  FILE_ENCODING: {
    status: 422,
    title: { zh: '无法识别文件编码', en: 'The encoding of the file is not recognised' },
    detail: {
      zh: '{fileName} 不是 UTF-8、GB18030，也不是带 BOM 的 UTF-16（{reason}）。请另存为 UTF-8。',
      en: '{fileName} is neither UTF-8 nor GB18030 nor UTF-16 with a byte order mark ({reason}). Save it as UTF-8.',
    },
  },
  FILE_MALFORMED: {
    status: 422,
    title: { zh: '文件格式有误', en: 'The file is not well formed' },
    detail: { zh: '{fileName} 第 {line} 行：{reason}', en: '{fileName}, line {line}: {reason}' },
  },
  FILE_FORMAT_UNSUPPORTED: {
    status: 415,
    title: { zh: '不支持的文件格式', en: 'The file format is not supported' },
    detail: {
      zh: '{fileName} 是 {format}；请另存为 .xlsx 或 CSV（可用 .gz 压缩）。',
      en: '{fileName} is {format}. Save it as .xlsx or CSV (which may be packed as .gz).',
    },
  },
  COLUMNS_MISSING: {
    status: 422,
    title: { zh: '缺少必需的列', en: 'Required columns are missing' },
    detail: {
      zh: '{fileName} 的前 {rowsSearched} 行中没有含以下各列的表头：{missing}',
      en: '{fileName} has no header with these columns among its first {rowsSearched} rows: {missing}',
    },
  },
  COLUMNS_AMBIGUOUS: {
    status: 422,
    title: { zh: '列名重复', en: 'A column appears twice' },
    detail: {
      zh: '{fileName} 第 {line} 行：{headers} 都表示列 {column}；请只留一个。',
      en: '{fileName}, line {line}: {headers} all stand for the column {column}. Keep one of them.',
    },
  },
  IMPORT_KIND_UNKNOWN: {
    status: 422,
    title: { zh: '没有这种导入', en: 'There is no such kind of import' },
    detail: { zh: '{kind} 不存在；可用：{known}', en: 'There is no kind {kind}; there are: {known}' },
  },
  IMPORT_OPTIONS_INVALID: {
    status: 422,
    title: { zh: '导入选项有误', en: 'The options of the import are not right' },
    detail: { zh: '{kind}：{reason}', en: '{kind}: {reason}' },
  },
  IMPORT_NOT_APPLICABLE: {
    status: 409,
    title: { zh: '该导入现在不能应用', en: 'This import cannot be applied now' },
    detail: {
      zh: '只有检查通过的导入可以应用一次；当前状态为 {state}。',
      en: 'An import is applied once, after its check; it is {state}.',
    },
  },
  JOB_FINISHED: {
    status: 409,
    title: { zh: '任务已结束', en: 'The job has ended' },
    detail: { zh: '任务状态为 {state}，无法取消。', en: 'It is {state} and cannot be cancelled.' },
  },
  JOB_NOT_YOURS: {
    status: 403,
    title: { zh: '不是您的任务', en: 'Not your job' },
    detail: {
      zh: '只有发起人或管理员可以取消任务。',
      en: 'Whoever asked for a job may cancel it, and administrators.',
    },
  },
  JOB_ABANDONED: {
    status: 500,
    title: { zh: '任务多次中断', en: 'The job was broken off too often' },
    detail: {
      zh: '执行它的进程中断了 {attempts} 次；请把任务编号告诉管理员。',
      en: 'The process that ran it ended {attempts} times before it did. Tell the administrator the id of the job.',
    },
  },
});
