/**
 * The CSV form of a statement, which is also the canonical form of its content hash: whoever has the file proves the
 * statement with `sha256sum`. The bytes are a promise: a change needs a new hash version beside this one.
 */
import { createHash } from 'node:crypto';
import { csvLine, guardFormula } from '../platform/csv/index.ts';
import type { FrozenLine, FrozenStatement } from './frozen-statement.ts';

export const STATEMENT_HASH_VERSION = 'partledger-statement-1';

const HEADER = 'dealer,period,opening,document,line,business_on,text,quantity,net,tax,gross,closing\n';
const NO_MOVEMENTS = '本期无发生 / No movements';

/** The statement as CSV: UTF-8 without BOM, LF, one row per line in order of position (R9.5). Language-independent. */
export function statementCsv(statement: FrozenStatement): string {
  const before = [guardFormula(statement.dealer.code), statement.period, statement.opening];
  const rows = statement.lines
    .toSorted((a, b) => a.position - b.position)
    .map(line => csvLine([...before, ...lineCells(line), statement.closing]));
  if (rows.length > 0) return HEADER + rows.join('');
  const none = ['', '0', statement.lastOn, NO_MOVEMENTS, '0.000', '0.00', '0.00', '0.00'];
  return HEADER + csvLine([...before, ...none, statement.closing]);
}

/** SHA-256 of the CSV form in hexadecimal: what `contentHash` of a statement of this hash version must be. */
export function statementContentHash(statement: FrozenStatement): string {
  return createHash('sha256').update(statementCsv(statement), 'utf8').digest('hex');
}

function lineCells(line: FrozenLine): string[] {
  return [
    guardFormula(line.document),
    String(line.line),
    line.businessOn,
    guardFormula(bothTexts(line.textZh, line.textEn)),
    line.quantity,
    line.net,
    line.tax,
    line.gross,
  ];
}

function bothTexts(zh: string | null, en: string | null): string {
  return zh !== null && en !== null && zh !== en ? `${zh} / ${en}` : (zh ?? en ?? '');
}
