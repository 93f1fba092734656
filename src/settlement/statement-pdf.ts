import { statementColumns } from '../../templates/statement/columns.ts';
import { statementPage } from '../../templates/statement/page.ts';
import type { Language } from '../core/problem.ts';
import {
  type FontPair,
  groupDigits,
  renderTableDocument,
  type TableCell,
  type TableDocument,
} from '../platform/pdf/index.ts';
import type { FrozenStatement } from './frozen-statement.ts';
import { type StatementColumn, type StatementRow, type StatementView, viewStatement } from './statement-view.ts';

const PRINTED = statementColumns.filter(column => !('below' in column));
const BELOW = new Map(statementColumns.flatMap(column => ('below' in column ? [[column.below, column.key]] : [])));
const WHOLE_QUANTITY = /\.0+$/;

/** The statement as PDF, rendered from its frozen rows (R9.5). `fonts` other than the default only where the text is Latin. */
export function renderStatementPdf(statement: FrozenStatement, language: Language, fonts?: FontPair): Promise<Buffer> {
  return renderTableDocument(printed(viewStatement(statement, language), language), statementPage, fonts);
}

function printed(view: StatementView, language: Language): TableDocument {
  return {
    info: {
      title: `${view.title} ${view.number}`,
      author: view.firmName,
      keywords: view.contentHash,
      createdAt: view.frozenAt,
      language: view.locale,
    },
    letterhead: {
      name: view.firmName,
      otherName: view.firmOtherName,
      title: view.title,
      otherTitle: view.otherTitle,
      reference: view.number,
    },
    facts: view.facts,
    figures: view.figures.map(({ label, value }) => ({ label, value: groupDigits(value) })),
    columns: PRINTED.map(({ width, align, wraps, ...label }) => ({ label: label[language], width, align, wraps })),
    rows: view.rows.map(row => PRINTED.map(column => printedCell(column, row))),
    emptyText: view.noMovements,
    notes: view.notes,
    signatures: view.signatures,
    footer: {
      left: `${view.number} · ${view.shortHash}`,
      pageOf: (page, pages) => view.pageOf(String(page), String(pages)),
    },
  };
}

function printedCell({ key, kind }: StatementColumn, row: StatementRow): TableCell {
  const value = row[key] ?? '';
  if (kind === 'amount') return { text: groupDigits(value) };
  if (kind === 'quantity') return { text: groupDigits(value.replace(WHOLE_QUANTITY, '')) };
  const belowKey = BELOW.get(key as 'text');
  return { text: value, below: belowKey ? row[belowKey] : null };
}
