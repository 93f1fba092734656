import { expect, test } from 'vitest';
import { fitColumns, fitRow } from '../../../src/platform/xlsx/fit-cells.ts';
import type { CellLook, Sheet, SheetCell } from '../../../src/platform/xlsx/index.ts';

const LOOKS: Record<string, CellLook> = {
  wraps: { size: 9, color: '#000000', wraps: true },
  flat: { size: 9, color: '#000000' },
};
const cell = (kind: SheetCell['kind'], value: string, look = 'flat'): SheetCell => ({ kind, value, look });
const sheet = (rows: Sheet['rows']): Sheet => ({
  name: 's',
  columnWidths: [10, 10],
  rows,
  headingRow: 1,
  lastTableRow: 1,
  orientation: 'landscape',
  footer: { left: '', pageOf: page => page },
});

test('widens a column for a figure, not for a text', () => {
  const figure = '-12345678901234567.89';
  const [wide, kept] = fitColumns(sheet([[cell('decimal', figure), cell('text', figure)]]));
  expect(wide).toBeGreaterThanOrEqual('-12,345,678,901,234,567.89'.length);
  expect(kept).toBe(10);
});

test('gives a row the height its wrapping texts need, Han being twice as wide as Latin', () => {
  const height = (...cells: SheetCell[]) => fitRow(cells, [10, 10], LOOKS);
  expect(height(cell('text', 'short', 'wraps'))).toBe(null);
  expect(height(cell('text', 'x'.repeat(100)))).toBe(null);
  const latin = height(cell('text', 'abcdefgh', 'wraps'), cell('text', 'abcdefghijklmnop', 'wraps')) ?? 0;
  const han = height(cell('text', '柴油滤清器总成柴油滤清器总成', 'wraps')) ?? 0;
  expect(latin).toBeGreaterThan(2 * 9);
  expect(han).toBeGreaterThan(latin);
  expect(height(cell('text', 'a\nb\r\nc', 'wraps'))).toBeGreaterThan(3 * 9);
  expect(height(cell('text', '液'.repeat(5_000), 'wraps'))).toBe(409);
});
