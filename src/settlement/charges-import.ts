/**
 * History import: a firm that moves to Partledger brings the invoice lines of its past, and they become its dealers'
 * charges, tax-inclusive, in the periods of their dates (R9.2). Read = accepted + rejected; the same file again changes
 * nothing. Rejection codes, the first that holds: DEALER_MISSING, PRICE_NOT_POSITIVE, QUANTITY_ZERO (a malformed customer,
 * price or quantity counts at its place: DEALER_CODE_INVALID, PRICE_INVALID, PRICE_SCALE, QUANTITY_INVALID, QUANTITY_SCALE),
 * then DATE_INVALID, DATE_IN_FUTURE, DOCUMENT_MISSING, DOCUMENT_INVALID, PART_MISSING, PART_NUMBER_INVALID, TEXT_INVALID,
 * AMOUNT_TOO_LARGE, DEALER_UNKNOWN, PART_UNKNOWN, QUANTITY_NOT_WHOLE, DEALER_CURRENCY, PERIOD_CLOSED,
 * IDENTICAL_LINE_DROPPED, DOCUMENT_DIFFERS.
 */
import { Type } from 'typebox';
import type { Context } from '../access/index.ts';
import { currency as readCurrency } from '../core/money.ts';
import type { Finding, ImportFindings, ImportKind, ImportOptions, ImportSource } from '../exchange/index.ts';
import { getFirm } from '../firm/index.ts';
import { query, queryOne, type Tx } from '../platform/database.ts';
import { FIRM_STREAM, publish } from '../platform/outbox.ts';
import { CHARGE_COLUMNS, type ChargeColumn } from './charge-line.ts';
import { type HistoryRules, JUDGED, judgeHistory } from './judge-history.ts';
import { dropEmptyPeriods, loadHistory } from './load-history.ts';
import { stageHistory } from './stage-history.ts';

/** One history file at a time; the second waits this long for the first. */
const LOCK_TIMEOUT_MS = 10 * 60_000;

export const chargesImport: ImportKind = {
  kind: 'charges',
  permission: 'imports.create',
  columns: CHARGE_COLUMNS,
  options: Type.Object(
    {
      createMissing: Type.Optional(Type.Boolean({ description: 'Make dealers and parts that are not there yet' })),
      dropIdentical: Type.Optional(
        Type.Boolean({ description: 'Keep only the first of identical lines of an invoice' }),
      ),
      currency: Type.Optional(
        Type.String({
          pattern: '^[A-Z]{3}$',
          description: 'Currency of the amounts, ISO 4217; the firm’s own by default',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  run,
};

async function run(tx: Tx, context: Context, source: ImportSource, options: ImportOptions): Promise<ImportFindings> {
  const rules = await readRules(tx, options);
  await tx.execute(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`);
  await tx.execute(`set local work_mem = '64MB'`);
  await tx.execute(`select pg_advisory_xact_lock(hashtext('history_import'))`);
  const { read, refused } = await stageHistory(tx, source, context.today);
  const periodsMade = await judgeHistory(tx, rules);
  const { rejected, ...found } = await findings(tx, rules, refused);
  const loaded = await loadHistory(tx, context, rules);
  await dropEmptyPeriods(tx, periodsMade);
  const counts = { read, rejected: rejected.length, changed: 0, ...found.counts };
  const result = { ...loaded, ...found.totals, message: messageOf(counts) };
  if (counts.created > 0) {
    const { message: _, ...figures } = result;
    publish(tx, { stream: FIRM_STREAM, type: 'charges.imported', subject: { ...counts, ...figures } });
  }
  return { counts, rejected, warned: found.warned, notices: found.notices, result };
}

/** The amounts are in one currency. Throws CURRENCY_INVALID. */
async function readRules(tx: Tx, options: ImportOptions): Promise<HistoryRules> {
  const named = options['currency'];
  return {
    createMissing: options['createMissing'] === true,
    dropIdentical: options['dropIdentical'] === true,
    currency: typeof named === 'string' ? readCurrency(named) : (await getFirm(tx)).currency,
  };
}

type Reported = {
  line: number;
  reason: keyof typeof COLUMN_OF | null;
  document: string;
  dealer: string;
  partNumber: string;
  quantity: string;
  businessOn: string;
  sameAs: number | null;
  roundsToZero: boolean;
  positiveCancellation: boolean;
};

const COLUMN_OF = {
  DEALER_UNKNOWN: 'dealer',
  PART_UNKNOWN: 'partNumber',
  QUANTITY_NOT_WHOLE: 'quantity',
  DEALER_CURRENCY: 'dealer',
  PERIOD_CLOSED: 'businessOn',
  IDENTICAL_LINE_DROPPED: 'document',
  DOCUMENT_DIFFERS: 'document',
} as const satisfies Record<string, ChargeColumn>;

const REPORTED = `
select line, reason, document, dealer_code as dealer, part_number as "partNumber", quantity, business_on as "businessOn",
  same_as as "sameAs", gross = 0 as "roundsToZero", document ~ '^C[0-9]' and quantity > 0 as "positiveCancellation"
from (${JUDGED}) j
where reason is not null or same_as is not null or gross = 0 or (document ~ '^C[0-9]' and quantity > 0) order by line`;

const FIGURES = `
select count(*)::int as accepted, count(*) filter (where not stands)::int as created, count(*) filter (where stands)::int as unchanged,
  count(same_as)::int as warned, coalesce(sum(gross) filter (where not stands), 0.00) as gross
from (${JUDGED}) j where reason is null`;

type Figures = { accepted: number; created: number; unchanged: number; warned: number; gross: string };

async function findings(tx: Tx, { dropIdentical, currency }: HistoryRules, refused: readonly Finding[]) {
  const { gross, ...counts } = (await queryOne<Figures>(tx, FIGURES, [dropIdentical])) as Figures;
  const rejected = [...refused];
  const warned: Finding[] = [];
  const notices: Finding[] = [];
  for (const row of await query<Reported>(tx, REPORTED, [dropIdentical])) {
    const { line, document, reason, sameAs } = row;
    if (reason !== null) {
      const column = COLUMN_OF[reason];
      rejected.push({ line, code: reason, column, value: row[column], document });
      continue;
    }
    if (sameAs !== null) warned.push({ line, code: 'IDENTICAL_LINE', document, sameAs });
    if (row.roundsToZero) notices.push({ line, code: 'ROUNDS_TO_ZERO', document });
    if (row.positiveCancellation) notices.push({ line, code: 'CANCELLATION_POSITIVE', document });
  }
  rejected.sort((a, b) => a.line - b.line);
  return { counts, totals: { currency, gross }, rejected, warned, notices };
}

function messageOf({ accepted, created }: { accepted: number; created: number }): string {
  if (created > 0) return `${created} charges were posted. 已记入 ${created} 行。`;
  if (accepted > 0) {
    return `Nothing changed: all ${accepted} accepted lines are there already. 没有变化：可接受的 ${accepted} 行均已存在。`;
  }
  return 'Nothing changed: no line of this file can stand. 没有变化：文件中没有可接受的行。';
}
