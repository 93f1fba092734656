import { statementColumns } from '../../templates/statement/columns.ts';
import { statementPage, statementSheet } from '../../templates/statement/page.ts';
import type { Language } from '../core/problem.ts';
import { type SheetCell, writeWorkbook } from '../platform/xlsx/index.ts';
import type { FrozenStatement } from './frozen-statement.ts';
import {
  type ColumnKey,
  type StatementColumn,
  type StatementRow,
  type StatementView,
  viewStatement,
} from './statement-view.ts';

const WHOLE_QUANTITY = /\.0+$/;
type Row = Array<SheetCell | null>;

/** The statement as a workbook of one sheet, from its frozen rows (R9.5). */
export function renderStatementXlsx(statement: FrozenStatement, language: Language): Promise<Buffer> {
  const view = viewStatement(statement, language);
  const head = headRows(view);
  const rows = view.rows.map(tableRow);
  if (rows.length === 0)
    rows.push(statementColumns.map(({ key }) => text(key === 'text' ? view.noMovements : '', 'text')));
  const heading = statementColumns.map(column =>
    text(column[language], column.align === 'right' ? 'headingRight' : 'heading'),
  );
  return writeWorkbook({
    title: `${view.title} ${view.number}`,
    company: view.firmName,
    keywords: view.contentHash,
    createdAt: view.frozenAt,
    fontName: statementSheet.fontName,
    looks: statementSheet.looks,
    sheets: [
      {
        name: view.title,
        columnWidths: statementColumns.map(({ width }) => width / statementSheet.pointsPerCharacter),
        rows: [...head, heading, ...rows, ...endRows(view)],
        headingRow: head.length + 1,
        lastTableRow: head.length + 1 + rows.length,
        orientation: statementPage.orientation,
        footer: { left: `${view.number} · ${view.shortHash}`, pageOf: view.pageOf },
      },
    ],
  });
}

function headRows(view: StatementView): Row[] {
  const { factColumns, figureColumns } = statementSheet;
  const first: ColumnKey = factColumns[0].label;
  const rows: Row[] = [
    row({ [first]: text(view.firmName, 'name'), [figureColumns.value]: text(view.title, 'title') }),
    row({
      [first]: text(view.firmOtherName ?? '', 'other'),
      [figureColumns.value]: text(view.otherTitle, 'otherRight'),
    }),
  ];
  const perColumn = Math.ceil(view.facts.length / factColumns.length);
  for (let i = 0; i < perColumn; i++) {
    const cells: Partial<Record<ColumnKey, SheetCell>> = {};
    factColumns.forEach((place, n) => {
      const fact = view.facts[n * perColumn + i];
      if (!fact) return;
      cells[place.label] = text(fact.label, 'factLabel');
      cells[place.value] = text(fact.otherValue ? `${fact.value} / ${fact.otherValue}` : fact.value, 'fact');
    });
    Object.assign(cells, figureCells(view, i));
    rows.push(row(cells));
  }
  rows.push([]);
  return rows;
}

function endRows(view: StatementView): Row[] {
  const first = statementSheet.factColumns[0].label;
  return [
    ...view.figures.map((_, i) => row(figureCells(view, i))),
    [],
    ...view.notes.map(note => row({ [first]: text(note, 'other') })),
  ];
}

function figureCells(view: StatementView, index: number): Partial<Record<ColumnKey, SheetCell>> {
  const { figureColumns } = statementSheet;
  const figure = view.figures[index];
  if (!figure) return {};
  const last = index === view.figures.length - 1;
  const cells: Partial<Record<ColumnKey, SheetCell>> = {};
  for (const key of figureColumns.between) cells[key] = text('', last ? 'closing' : 'figure');
  cells[figureColumns.label] = text(figure.label, last ? 'closingLabel' : 'figureLabel');
  cells[figureColumns.value] = { kind: 'decimal', value: figure.value, look: last ? 'closing' : 'figure' };
  return cells;
}

function tableRow(line: StatementRow): Row {
  return statementColumns.map(column => tableCell(column, line[column.key]));
}

function tableCell({ kind }: StatementColumn, value: string | null): SheetCell {
  if (value === null) return text('', 'text');
  switch (kind) {
    case 'quantity':
      return { kind: 'decimal', value, look: WHOLE_QUANTITY.test(value) ? 'wholeQuantity' : 'quantity' };
    case 'amount':
    case 'integer':
      return { kind: 'decimal', value, look: kind };
    case 'date':
      return { kind: 'date', value, look: 'date' };
    default:
      return text(value, 'text');
  }
}

function row(cells: Partial<Record<ColumnKey, SheetCell>>): Row {
  return statementColumns.map(({ key }) => cells[key] ?? null);
}

function text(value: string, look: keyof typeof statementSheet.looks): SheetCell {
  return { kind: 'text', value, look };
}
