export type { FontPair } from './fonts.ts';
export { groupDigits } from './group-digits.ts';
export { renderTableDocument } from './render-table-document.ts';
export type { TableCell, TableDocument } from './table-document.ts';
