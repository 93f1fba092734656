/** A statement in one language, before it is a page or a sheet: PDF and workbook are drawn from this one view. */
import type { statementColumns } from '../../templates/statement/columns.ts';
import { statementLabels } from '../../templates/statement/labels.ts';
import { shortHashDigits } from '../../templates/statement/page.ts';
import type { Language } from '../core/problem.ts';
import type { FrozenLine, FrozenStatement } from './frozen-statement.ts';

export type StatementColumn = (typeof statementColumns)[number];
export type ColumnKey = StatementColumn['key'];
export type StatementRow = Readonly<Record<ColumnKey, string | null>>;

export type StatementView = {
  readonly locale: string;
  readonly title: string;
  readonly otherTitle: string;
  readonly number: string;
  readonly firmName: string;
  readonly firmOtherName: string | null;
  readonly facts: ReadonlyArray<{ label: string; value: string; otherValue?: string | null }>;
  /** Opening, movements, closing: decimal texts of scale 2. */
  readonly figures: ReadonlyArray<{ readonly label: string; readonly value: string }>;
  /** Decimal texts and dates as frozen; null where there is nothing. */
  readonly rows: readonly StatementRow[];
  readonly noMovements: string;
  readonly notes: readonly string[];
  readonly signatures: readonly string[];
  readonly shortHash: string;
  readonly contentHash: string;
  readonly frozenAt: Date;
  pageOf(page: string, pages: string): string;
};

/** Puts a frozen statement into words. A text that the language lacks falls back to the other one. */
export function viewStatement(statement: FrozenStatement, language: Language): StatementView {
  const labels = statementLabels[language];
  const [firmName, firmOtherName] = inLanguage(statement.firm.nameZh, statement.firm.nameEn, language);
  const [dealerName, dealerOtherName] = inLanguage(statement.dealer.nameZh, statement.dealer.nameEn, language);
  const hash = statement.contentHash;
  return {
    locale: labels.locale,
    title: labels.title,
    otherTitle: statementLabels[language === 'zh' ? 'en' : 'zh'].title,
    number: statement.number,
    firmName,
    firmOtherName,
    facts: [
      { label: labels.number, value: statement.number },
      { label: labels.period, value: statement.period },
      { label: labels.dates, value: `${statement.firstOn} – ${statement.lastOn}` },
      { label: labels.currency, value: statement.currency },
      { label: labels.dealer, value: dealerName, otherValue: dealerOtherName },
      { label: labels.dealerCode, value: statement.dealer.code },
      {
        label: labels.frozenAt,
        value: minuteOf(new Date(statement.frozenAt), statement.timeZone),
      },
    ],
    figures: [
      { label: labels.opening, value: statement.opening },
      { label: labels.movements, value: statement.movements },
      { label: labels.closing, value: statement.closing },
    ],
    rows: statement.lines.toSorted((a, b) => a.position - b.position).map(line => viewLine(line, language)),
    noMovements: labels.noMovements,
    notes: [
      labels.taxNote.replace('{currency}', () => statement.currency),
      labels.hashNote.replace('{version}', () => statement.hashVersion).replace('{hash}', () => hash),
    ],
    signatures: labels.signatures,
    shortHash: labels.hashShort.replace('{hash}', () => hash.slice(0, shortHashDigits)),
    contentHash: hash,
    frozenAt: new Date(statement.frozenAt),
    pageOf: (page, pages) => labels.page.replace('{page}', page).replace('{pages}', pages),
  };
}

function viewLine(line: FrozenLine, language: Language): StatementRow {
  const [text, otherText] = inLanguage(line.textZh, line.textEn, language);
  return {
    position: String(line.position),
    businessOn: line.businessOn,
    document: line.document,
    line: String(line.line),
    partNumber: line.partNumber,
    text,
    otherText,
    quantity: line.quantity,
    unit: line.unit,
    net: line.net,
    tax: line.tax,
    gross: line.gross,
  };
}

/** The name in the language, then the other one where it says something else. */
function inLanguage(zh: string | null, en: string | null, language: Language): [string, string | null] {
  const [wanted, other] = language === 'zh' ? [zh, en] : [en, zh];
  return [wanted ?? other ?? '', wanted !== null && wanted !== other ? other : null];
}

/** `2026-04-02 10:00`, as the clock of the firm shows it. */
function minuteOf(instant: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(instant);
}
