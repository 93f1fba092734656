export { type FontPair, notoSansSc } from './fonts.ts';
export { groupDigits } from './group-digits.ts';
export { renderTableDocument } from './render-table-document.ts';
export type { PageStyle, TableCell, TableColumn, TableDocument } from './table-document.ts';
