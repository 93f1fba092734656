import { createHash } from 'node:crypto';
import { unreachable } from '../core/assert.ts';
import type { Language } from '../core/problem.ts';
import type { FrozenStatement } from './frozen-statement.ts';
import { statementCsv } from './statement-csv.ts';
import { renderStatementPdf } from './statement-pdf.ts';
import { renderStatementXlsx } from './statement-xlsx.ts';

export type StatementFormat = 'xlsx' | 'pdf' | 'csv';

const NAME_PART_BYTES_MAX = 64;

/** The statement of account as a file, from its frozen rows alone (R9.5). CSV is the same in both languages. */
export async function renderStatement(
  statement: FrozenStatement,
  format: StatementFormat,
  language: Language,
): Promise<Buffer> {
  switch (format) {
    case 'csv':
      return Buffer.from(statementCsv(statement), 'utf8');
    case 'pdf':
      return renderStatementPdf(statement, language);
    case 'xlsx':
      return renderStatementXlsx(statement, language);
    default:
      return unreachable(format);
  }
}

/** Name of the exported file, such as 2011-03_17850_S2011-03-17850.csv. Safe as one path segment whatever the codes hold. */
export function statementFileName(statement: FrozenStatement, format: StatementFormat): string {
  return `${[statement.period, statement.dealer.code, statement.number].map(nameSegment).join('_')}.${format}`;
}

/** Letters, digits, dot, dash, underscore; a code that had to change keeps apart from others by a few digits of its hash. */
function nameSegment(code: string): string {
  let safe = code
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/\.{2,}/g, '.')
    .replace(/^[.-]+|[.-]+$/g, '');
  while (Buffer.byteLength(safe) > NAME_PART_BYTES_MAX) safe = [...safe].slice(0, -1).join('');
  if (safe === code) return safe;
  return `${safe}~${createHash('sha256').update(code).digest('hex').slice(0, 6)}`;
}
