/**
 * Columns of the statement of account, in order. Widths are points on A4 landscape inside the margins; they add up to 769.
 * `below`: the PDF sets the cell under that column's text, a workbook gives it a column of its own.
 */
export const statementColumns = [
  { key: 'position', kind: 'integer', width: 30, align: 'right', wraps: false, zh: '序号', en: 'No.' },
  { key: 'businessOn', kind: 'date', width: 58, align: 'left', wraps: false, zh: '日期', en: 'Date' },
  { key: 'document', kind: 'text', width: 92, align: 'left', wraps: true, zh: '单据号', en: 'Document' },
  { key: 'line', kind: 'integer', width: 28, align: 'right', wraps: false, zh: '行', en: 'Line' },
  { key: 'partNumber', kind: 'text', width: 92, align: 'left', wraps: true, zh: '配件号', en: 'Part number' },
  { key: 'text', kind: 'text', width: 181, align: 'left', wraps: true, zh: '名称', en: 'Description' },
  {
    key: 'otherText',
    kind: 'text',
    width: 181,
    align: 'left',
    wraps: true,
    zh: '英文名称',
    en: 'Chinese description',
    below: 'text',
  },
  { key: 'quantity', kind: 'quantity', width: 52, align: 'right', wraps: false, zh: '数量', en: 'Quantity' },
  { key: 'unit', kind: 'text', width: 36, align: 'left', wraps: false, zh: '单位', en: 'Unit' },
  { key: 'net', kind: 'amount', width: 70, align: 'right', wraps: false, zh: '不含税金额', en: 'Net' },
  { key: 'tax', kind: 'amount', width: 60, align: 'right', wraps: false, zh: '税额', en: 'Tax' },
  { key: 'gross', kind: 'amount', width: 70, align: 'right', wraps: false, zh: '价税合计', en: 'Gross' },
] as const;
