import { defineProblems } from '../../core/problem.ts';

export const problem = defineProblems({
  WORKBOOK_UNREADABLE: {
    status: 400,
    title: { zh: '无法读取该工作簿', en: 'Not a readable workbook' },
    detail: {
      zh: '文件不是完整的 .xlsx 工作簿（可能被截断、加密，或者是旧的 .xls 格式）。请用电子表格软件另存为 .xlsx 后再上传。',
      en: 'The file is not a complete .xlsx workbook: it may be cut off, encrypted or in the old .xls format. Save it again as .xlsx.',
    },
  },
  WORKBOOK_TOO_LARGE: {
    status: 413,
    title: { zh: '工作簿过大', en: 'Workbook too large' },
    detail: {
      zh: '工作簿的 {what} 超过 {max}。请拆分后再上传。',
      en: 'The workbook has more than {max} {what}. Split it.',
    },
  },
});
