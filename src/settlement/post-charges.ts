/** Charges onto a dealer's ledger: one document, one journal entry, one data-modifying statement (R9.2). */
import type { Context } from '../access/index.ts';
import { assert } from '../core/assert.ts';
import { sum, decimal as toDecimal, toFixed } from '../core/decimal.ts';
import { AMOUNT_SCALE } from '../core/money.ts';
import { periodForPosting } from '../firm/index.ts';
import { queryOne, type Tx } from '../platform/database.ts';
import { publish } from '../platform/outbox.ts';
import { creditLimitExceeded, withinLimit } from './account.ts';

/** One billable line. Decimals are texts: amounts scale 2, unit price up to 4, quantity up to 3; negative for a credit. */
export type NewCharge = {
  readonly line: number;
  readonly chargeKind: 'goods' | 'freight';
  readonly partId: string | null;
  readonly textZh: string | null;
  readonly textEn: string | null;
  readonly unit: string | null;
  readonly quantity: string;
  readonly unitPrice: string;
  /** A fraction: 0.13 is 13 %. */
  readonly taxRate: string;
  readonly net: string;
  readonly tax: string;
  readonly gross: string;
};

export type PostCharges = {
  readonly documentKind: 'shipment';
  readonly document: string;
  readonly dealer: { readonly id: string; readonly code: string; readonly currency: string };
  readonly businessOn: string;
  /** Gross that the order held for these lines and gives up now; '0.00' where none. */
  readonly releasedExposure: string;
  readonly lines: readonly NewCharge[];
};

/** Rows of postings for a document's net and tax; a credit moves the other way. */
export const POSTINGS_OF_TOTALS = `
  select entry_id, case when amount > 0 then 'receivable' else account end, case when amount > 0 then account else 'receivable' end, abs(amount)
  from (select entry_id, 'revenue' as account, net as amount from totals union all select entry_id, 'output_tax', tax from totals) sides
  where amount <> 0`;

// the account first: its row is the lock under which the limit is tested; without it nothing else is written
const POST = `
with line as (
  select * from unnest($8::int[], $9::text[], $10::bigint[], $11::text[], $12::text[], $13::text[], $14::numeric[], $15::numeric[],
    $16::numeric[], $17::numeric[], $18::numeric[], $19::numeric[])
    as l (line, charge_kind, part_id, text_zh, text_en, unit, quantity, unit_price, tax_rate, net, tax, gross)
), moved as (
  select sum(gross) as gross, sum(gross) - $20::numeric as exposure from line
), account as (
  update dealer_account a set balance = a.balance + moved.gross, open_orders = a.open_orders - $20::numeric
  from moved where a.dealer_id = $1 and a.currency = $2 and ${withinLimit('moved.exposure')}
  returning a.dealer_id
), entry as (
  insert into journal_entry (dealer_id, currency, period_id, document_kind, document, business_on, posted_at, actor)
  select dealer_id, $2, $3, $21, $4, $5, $6, $7 from account returning id
), charged as (
  insert into charge (journal_entry_id, dealer_id, period_id, business_on, document, line, charge_kind, part_id, text_zh, text_en, unit,
    quantity, unit_price, tax_rate, net, tax, gross)
  select entry.id, $1, $3, $5, $4, l.line, l.charge_kind, l.part_id, l.text_zh, l.text_en, l.unit,
    l.quantity, l.unit_price, l.tax_rate, l.net, l.tax, l.gross
  from line l, entry order by l.line
), totals as (
  select entry.id as entry_id, sum(net) as net, sum(tax) as tax from line, entry group by entry.id
), posted as (
  insert into posting (journal_entry_id, debit_account, credit_account, amount) ${POSTINGS_OF_TOTALS}
)
select id from entry`;

/**
 * Posts the charges of one document, moves the balance and gives up what the order held. A late document falls into
 * the next open period; its business date stays. Throws CREDIT_LIMIT_EXCEEDED, DOCUMENT_ALREADY_POSTED, PERIOD_CLOSED,
 * STATEMENT_FROZEN.
 */
export async function postCharges(
  tx: Tx,
  context: Context,
  command: PostCharges,
): Promise<{ journalEntryId: string; period: string }> {
  const { dealer, document, documentKind, businessOn, lines } = command;
  assert(lines.length > 0, 'a document has at least one charge');
  const period = await periodForPosting(tx, businessOn, context.today);
  const entry = await queryOne<{ id: string }>(tx, POST, [
    dealer.id,
    dealer.currency,
    period.id,
    document,
    businessOn,
    context.now.toISOString(),
    context.principal.name,
    ...columnsOf(lines),
    command.releasedExposure,
    documentKind,
  ]);
  const gross = toFixed(sum(lines.map(line => toDecimal(line.gross))), AMOUNT_SCALE);
  if (entry === null) {
    throw await creditLimitExceeded(tx, { dealerId: dealer.id, currency: dealer.currency, amount: gross });
  }
  publish(tx, {
    stream: dealer.code,
    type: 'charges.posted',
    subject: {
      documentKind,
      document,
      period: period.name,
      businessOn,
      currency: dealer.currency,
      gross,
      lines: lines.length,
    },
  });
  return { journalEntryId: entry.id, period: period.name };
}

function columnsOf(lines: readonly NewCharge[]): unknown[][] {
  return [
    lines.map(({ line }) => line),
    lines.map(({ chargeKind }) => chargeKind),
    lines.map(({ partId }) => partId),
    lines.map(({ textZh }) => textZh),
    lines.map(({ textEn }) => textEn),
    lines.map(({ unit }) => unit),
    lines.map(({ quantity }) => quantity),
    lines.map(({ unitPrice }) => unitPrice),
    lines.map(({ taxRate }) => taxRate),
    lines.map(({ net }) => net),
    lines.map(({ tax }) => tax),
    lines.map(({ gross }) => gross),
  ];
}
