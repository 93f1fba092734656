/** Fiscal periods are rows: open → closed → locked. They come into being with the first document dated in them. */
import { businessDate } from '../core/business-date.ts';
import { periodContaining } from '../core/fiscal-period.ts';
import { query, queryOne, type Reader, type Tx } from '../platform/database.ts';
import { problem } from './errors.ts';

export type FiscalPeriod = {
  readonly id: string;
  readonly name: string;
  readonly firstOn: string;
  readonly lastOn: string;
  readonly state: 'open' | 'closed' | 'locked';
  readonly closedAt: string | null;
  readonly closedBy: string | null;
  readonly version: number;
};

type PeriodRow = {
  id: string;
  name: string;
  first_on: string;
  last_on: string;
  state: FiscalPeriod['state'];
  closed_at: string | null;
  closed_by: string | null;
  version: number;
};
const COLUMNS = 'id, name, first_on, last_on, state, closed_at, closed_by, version';

export function toPeriod(row: PeriodRow): FiscalPeriod {
  return {
    id: row.id,
    name: row.name,
    firstOn: row.first_on,
    lastOn: row.last_on,
    state: row.state,
    closedAt: row.closed_at,
    closedBy: row.closed_by,
    version: row.version,
  };
}

/** Makes the natural months of these business dates exist. Safe to call twice and at once. */
export async function ensurePeriods(tx: Tx, dates: readonly string[]): Promise<void> {
  const periods = new Map(dates.map(date => periodContaining(businessDate(date))).map(period => [period.name, period]));
  if (periods.size === 0) return;
  const list = [...periods.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  await query(
    tx,
    `insert into fiscal_period (name, first_on, last_on)
     select * from unnest($1::text[], $2::date[], $3::date[]) on conflict (name) do nothing`,
    [list.map(({ name }) => name), list.map(({ firstOn }) => firstOn), list.map(({ lastOn }) => lastOn)],
  );
}

/**
 * The period a document of this date is posted in, held until commit: its own while open, else the next open
 * one (a late document falls into the next period); the current month comes into being when there is none.
 */
export async function periodForPosting(tx: Tx, businessOn: string, today: string): Promise<FiscalPeriod> {
  await ensurePeriods(tx, [businessOn, today]);
  const row = await queryOne<PeriodRow>(
    tx,
    `select ${COLUMNS} from fiscal_period where last_on >= $1 and state = 'open' order by first_on limit 1 for share`,
    [businessOn],
  );
  if (row === null) throw problem('PERIOD_CLOSED', { period: businessOn.slice(0, 7) });
  return toPeriod(row);
}

/** Takes the period for a change of its state: the first lock of a close. Throws PERIOD_NOT_FOUND. */
export async function lockPeriod(tx: Tx, name: string): Promise<FiscalPeriod> {
  const row = await queryOne<PeriodRow>(tx, `select ${COLUMNS} from fiscal_period where name = $1 for update`, [name]);
  if (row === null) throw problem('PERIOD_NOT_FOUND', { period: name });
  return toPeriod(row);
}

export async function listPeriods(em: Reader): Promise<FiscalPeriod[]> {
  return (await query<PeriodRow>(em, `select ${COLUMNS} from fiscal_period order by first_on`)).map(toPeriod);
}

export async function getPeriod(em: Reader, name: string): Promise<FiscalPeriod> {
  const row = await queryOne<PeriodRow>(em, `select ${COLUMNS} from fiscal_period where name = $1`, [name]);
  if (row === null) throw problem('PERIOD_NOT_FOUND', { period: name });
  return toPeriod(row);
}
