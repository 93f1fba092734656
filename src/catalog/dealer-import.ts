/** Dealers from a file, by their code: new ones with their accounts, stored ones take what the file says. Thousands, not millions: row by row through the verbs. */
import { Type } from 'typebox';
import { appendAudit, type Context } from '../access/index.ts';
import { businessDate } from '../core/business-date.ts';
import { decimal, toFixed } from '../core/decimal.ts';
import type { Finding, ImportFindings, ImportKind, ImportOptions, ImportSource } from '../exchange/index.ts';
import { getFirm } from '../firm/index.ts';
import { query, type Tx } from '../platform/database.ts';
import { BusinessDate, Currency, closed } from '../platform/http/schemas.ts';
import { FIRM_STREAM, publish } from '../platform/outbox.ts';
import { changeDealer, createDealer, type Dealer, findDealers } from './dealer.ts';
import { type DealerLevel, setDealerLevel } from './dealer-level.ts';
import { DEALER_COLUMNS, type DealerRow, readDealerRow } from './dealer-row.ts';

/** Rejections: what `readDealerRow` names, DUPLICATE_IN_FILE, NAME_MISSING, DEALER_CURRENCY (it never changes), DEALER_LEVEL_NOT_LATER. */
export const dealersImport: ImportKind = {
  kind: 'dealers',
  permission: 'dealers.write',
  columns: DEALER_COLUMNS,
  options: closed({
    currency: Type.Optional({
      ...Currency,
      description: 'Currency of new dealers where the file names none: that of the firm',
    }),
    levelFrom: Type.Optional({ ...BusinessDate, description: 'First day of the levels of the file: today' }),
  }),
  run: importDealers,
};

type Outcome = 'created' | 'changed' | 'unchanged';
type Terms = { readonly currency: string; readonly levelFrom: string };

/** Throws BUSINESS_DATE_INVALID; what is wrong with a line is its finding. R1.3, R1.5 */
async function importDealers(
  tx: Tx,
  context: Context,
  source: ImportSource,
  options: ImportOptions,
): Promise<ImportFindings> {
  const levelFrom = businessDate(String(options['levelFrom'] ?? context.today));
  const currency = String(options['currency'] ?? (await getFirm(tx)).currency);
  const rejected: Finding[] = [];
  const outcomes: Record<Outcome, number> = { created: 0, changed: 0, unchanged: 0 };
  const lines = new Map<string, number>();
  let read = 0;
  for await (const batch of source.batches()) {
    read += batch.length;
    const rows: DealerRow[] = [];
    for (const sourceRow of batch) {
      const { row, fault } = readDealerRow(sourceRow);
      if (fault !== null) rejected.push(fault);
      else if (lines.has(row.code)) rejected.push(refuse(row, 'DUPLICATE_IN_FILE', { keptLine: lines.get(row.code) }));
      else {
        lines.set(row.code, row.line);
        rows.push(row);
      }
    }
    const stored = await findDealers(
      tx,
      rows.map(row => row.code),
    );
    const levels = await latestLevels(
      tx,
      rows.map(row => row.code),
    );
    for (const row of rows) {
      const outcome = await load(tx, context, row, stored.get(row.code), levels.get(row.code), { currency, levelFrom });
      if (typeof outcome === 'string') outcomes[outcome] += 1;
      else rejected.push(outcome);
    }
  }
  const { created, changed, unchanged } = outcomes;
  const accepted = created + changed + unchanged;
  const message = messageOf(accepted, created, changed);
  if (created + changed > 0) {
    const after = { created, changed, unchanged, rejected: rejected.length };
    publish(tx, { stream: FIRM_STREAM, type: 'dealers.imported', subject: after });
    await appendAudit(tx, context, {
      action: 'dealers.imported',
      subjectKind: 'file',
      subjectId: source.fileName,
      after,
    });
  }
  return {
    counts: { read, accepted, rejected: rejected.length, warned: 0, created, changed, unchanged },
    rejected: rejected.sort((a, b) => a.line - b.line),
    warned: [],
    notices: [],
    result: { message },
  };
}

/** Everything that can be refused is looked at before anything is written. */
async function load(
  tx: Tx,
  context: Context,
  row: DealerRow,
  stored: Dealer | undefined,
  latest: DealerLevel | undefined,
  { currency, levelFrom }: Terms,
): Promise<Outcome | Finding> {
  const { level } = row;
  const newLevel = level !== null && level !== latest?.level;
  if (newLevel && latest !== undefined && (levelFrom <= latest.fromOn || levelFrom < context.today))
    return refuse(row, 'DEALER_LEVEL_NOT_LATER', { latestFrom: latest.fromOn });
  const creditLimit = row.creditLimit === null ? null : toFixed(decimal(row.creditLimit), 2);
  const told = { ...row, creditLimit };
  if (stored === undefined) {
    if (row.nameZh === null && row.nameEn === null) return refuse(row, 'NAME_MISSING');
    const { dealerKind, terms, nameZh, nameEn, zone, creditCode } = told;
    await createDealer(tx, context, {
      code: row.code,
      dealerKind: dealerKind ?? 'dealer',
      nameZh,
      nameEn,
      currency: row.currency ?? currency,
      zone,
      terms: terms ?? 'per_order',
      creditLimit,
      creditCode,
    });
  } else if (row.currency !== null && row.currency !== stored.currency) {
    return refuse(row, 'DEALER_CURRENCY', { currency: stored.currency });
  }
  const change = stored === undefined ? {} : changeOf(stored, told);
  const changes = Object.keys(change).length > 0;
  if (stored !== undefined && changes) await changeDealer(tx, context, row.code, stored.version, change);
  if (newLevel) await setDealerLevel(tx, context, row.code, { level, fromOn: levelFrom });
  if (stored === undefined) return 'created';
  return changes || newLevel ? 'changed' : 'unchanged';
}

/** What the row says otherwise than is stored; a blank cell says nothing. */
function changeOf(stored: Dealer, row: DealerRow): Partial<Dealer> {
  const keys = ['dealerKind', 'nameZh', 'nameEn', 'zone', 'terms', 'creditLimit', 'creditCode'] as const;
  return Object.fromEntries(
    keys.filter(key => row[key] !== null && row[key] !== stored[key]).map(key => [key, row[key]]),
  );
}

function refuse(row: DealerRow, code: string, facts: Readonly<Record<string, unknown>> = {}): Finding {
  return { line: row.line, code, column: 'code', value: row.code, ...facts };
}

async function latestLevels(tx: Tx, codes: readonly string[]): Promise<Map<string, DealerLevel>> {
  const rows = await query<DealerLevel & { code: string }>(
    tx,
    `select distinct on (d.code) d.code, l.level, l.from_on as "fromOn" from dealer_level l join dealer d on d.id = l.dealer_id
     where d.code = any($1::text[]) order by d.code, l.from_on desc`,
    [codes],
  );
  return new Map(rows.map(({ code, ...latest }) => [code, latest]));
}

function messageOf(accepted: number, created: number, changed: number): string {
  if (created + changed > 0)
    return `${created} dealers are new, ${changed} were changed. 新增 ${created} 个经销商，修改 ${changed} 个。`;
  if (accepted > 0)
    return `Nothing changed: all ${accepted} accepted lines are there already. 没有变化：${accepted} 行均已存在。`;
  return 'Nothing changed: no line of this file can stand. 没有变化：文件中没有可接受的行。';
}
