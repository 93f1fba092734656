/** Charges as they stand on the dealers' ledgers: read-only, in the order in which they were posted. */
import { query, type Reader } from '../platform/database.ts';

export type Charge = {
  readonly id: string;
  readonly dealerCode: string;
  readonly period: string;
  readonly documentKind: 'shipment' | 'history';
  readonly document: string;
  readonly line: number;
  readonly businessOn: string;
  readonly postedAt: string;
  readonly chargeKind: 'goods' | 'freight';
  readonly partNumber: string | null;
  readonly textZh: string | null;
  readonly textEn: string | null;
  readonly unit: string | null;
  readonly quantity: string;
  readonly unitPrice: string;
  readonly taxRate: string;
  readonly currency: string;
  readonly net: string;
  readonly tax: string;
  readonly gross: string;
  /** Number of the frozen statement it stands on, null while its period is open. */
  readonly statement: string | null;
};

export type ChargeFilter = {
  readonly visible: string | null;
  readonly dealerCode?: string | undefined;
  readonly period?: string | undefined;
  readonly document?: string | undefined;
  /** Business dates, both included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly after: string | null;
  readonly limit: number;
};

const COLUMNS = `c.id, d.code as "dealerCode", f.name as period, e.document_kind as "documentKind", c.document, c.line,
  c.business_on as "businessOn", e.posted_at as "postedAt", c.charge_kind as "chargeKind", p.part_number as "partNumber",
  c.text_zh as "textZh", c.text_en as "textEn", c.unit, c.quantity, c.unit_price as "unitPrice", c.tax_rate as "taxRate", e.currency,
  c.net, c.tax, c.gross, s.number as statement`;

/** One page, after the charge of the page before. Only the filters that are asked for are in the statement: each has its index. */
export async function listCharges(em: Reader, filter: ChargeFilter): Promise<Charge[]> {
  const params: unknown[] = [];
  const conditions: string[] = [];
  const add = (condition: (parameter: string) => string, value: unknown) => {
    if (value === undefined || value === null) return;
    params.push(value);
    conditions.push(condition(`$${params.length}`));
  };
  add(n => `c.dealer_id = ${n}::bigint`, filter.visible);
  add(n => `c.dealer_id = (select id from dealer where code = ${n})`, filter.dealerCode);
  add(n => `c.period_id = (select id from fiscal_period where name = ${n})`, filter.period);
  add(n => `c.journal_entry_id in (select id from journal_entry where document = ${n})`, filter.document);
  add(n => `c.business_on >= ${n}::date`, filter.from);
  add(n => `c.business_on <= ${n}::date`, filter.to);
  add(n => `c.id > ${n}::bigint`, filter.after);
  params.push(filter.limit);
  return await query<Charge>(
    em,
    `select ${COLUMNS}
     from (select * from charge c ${conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`} order by c.id limit $${params.length}) c
       join journal_entry e on e.id = c.journal_entry_id join dealer d on d.id = c.dealer_id join fiscal_period f on f.id = c.period_id
       left join part p on p.id = c.part_id
       left join statement_line l on l.charge_id = c.id left join statement_of_account s on s.id = l.statement_id
     order by c.id`,
    params,
  );
}
