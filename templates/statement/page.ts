/** Page and looks of the statement of account. Lengths in points, colours #rrggbb. */
export const statementPage = {
  size: 'A4',
  orientation: 'landscape',
  margins: { top: 34, right: 36, bottom: 44, left: 36 },
  fontSizes: {
    title: 20,
    name: 14,
    other: 9,
    fact: 9,
    figure: 11,
    closing: 13,
    heading: 8,
    cell: 8,
    below: 6.5,
    note: 7.5,
  },
  colors: { ink: '#1f2937', muted: '#6b7280', accent: '#1f4e79', rule: '#d5dae1', shade: '#edf2f8' },
  lineHeight: 10.5,
  cellPadding: { x: 5, y: 2.5 },
  figuresWidth: 236,
} as const;

const { ink, muted, accent, rule, shade } = statementPage.colors;
const body = { size: 9, color: ink, lineBelow: rule } as const;
const figure = { size: 9, color: ink, align: 'right', numberFormat: '#,##0.00' } as const;
const closing = { ...figure, bold: true, color: accent, fill: shade } as const;

/** The same layout as a worksheet: where facts and figures stand above the table, and how cells look. */
export const statementSheet = {
  fontName: 'Microsoft YaHei',
  pointsPerCharacter: 5.4,
  factColumns: [
    { label: 'position', value: 'document' },
    { label: 'partNumber', value: 'text' },
  ],
  figureColumns: { label: 'unit', between: ['net', 'tax'], value: 'gross' },
  looks: {
    name: { size: 13, bold: true, color: ink },
    title: { size: 16, bold: true, color: accent, align: 'right' },
    other: { size: 9, color: muted },
    otherRight: { size: 9, color: muted, align: 'right' },
    factLabel: { size: 9, color: muted },
    fact: { size: 9, color: ink },
    figureLabel: { size: 9, color: muted },
    figure,
    closingLabel: { size: 9, bold: true, color: accent, fill: shade },
    closing,
    heading: { size: 9, bold: true, color: accent, fill: shade, lineBelow: accent, indent: 1, wraps: true },
    headingRight: { size: 9, bold: true, color: accent, fill: shade, lineBelow: accent, align: 'right', wraps: true },
    text: { ...body, indent: 1, wraps: true },
    integer: { ...body, align: 'right', numberFormat: '0' },
    date: { ...body, indent: 1, numberFormat: 'yyyy-mm-dd' },
    amount: { ...body, align: 'right', numberFormat: '#,##0.00' },
    quantity: { ...body, align: 'right', numberFormat: '#,##0.000' },
    wholeQuantity: { ...body, align: 'right', numberFormat: '#,##0' },
  },
} as const;

/** Digits of the content hash in the page footer. */
export const shortHashDigits = 12;
