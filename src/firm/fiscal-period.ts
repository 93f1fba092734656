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

/**
 * Makes the natural months of these business dates exist; returns the names of those it made. Safe to call twice and at
 * once. Called before any period is locked: adding one waits for a running close, which waits for whoever holds a period.
 */
export async function ensurePeriods(tx: Tx, dates: readonly string[]): Promise<string[]> {
  const periods = new Map(dates.map(date => periodContaining(businessDate(date))).map(period => [period.name, period]));
  if (periods.size === 0) return [];
  const rows = await query<{ name: string }>(tx, 'select name from fiscal_period where name = any($1::text[])', [
    [...periods.keys()],
  ]);
  for (const { name } of rows) periods.delete(name as never);
  if (periods.size === 0) return [];
  const list = [...periods.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const made = await query<{ name: string }>(
    tx,
    `insert into fiscal_period (name, first_on, last_on)
     select * from unnest($1::text[], $2::date[], $3::date[]) on conflict do nothing returning name`,
    [list.map(({ name }) => name), list.map(({ firstOn }) => firstOn), list.map(({ lastOn }) => lastOn)],
  );
  return made.map(({ name }) => name);
}

// a period with a later one closed may still be open for new dealers' history; documents of today pass it by
const AFTER_EVERY_CLOSED = `p.state = 'open' and not exists (
  select from fiscal_period closed where closed.state <> 'open' and closed.first_on > p.first_on)`;

/**
 * The period a document of this date is posted in, held until commit: its own while that is open and nothing after it
 * is closed, else the next one (R9.2: late documents fall into the next period). Periods come into being on the way.
 * Throws PERIOD_CLOSED when there is none.
 */
export async function periodForPosting(tx: Tx, businessOn: string, today: string): Promise<FiscalPeriod> {
  const own = await queryOne<PeriodRow>(
    tx,
    `select ${COLUMNS} from fiscal_period p where $1::date between first_on and last_on and ${AFTER_EVERY_CLOSED} for share of p`,
    [businessOn],
  );
  if (own !== null) return toPeriod(own);
  const late = await queryOne(tx, `select from fiscal_period where state <> 'open' and last_on >= $1 limit 1`, [
    businessOn,
  ]);
  await ensurePeriods(tx, late === null ? [businessOn] : [today]);
  const next = await queryOne<PeriodRow>(
    tx,
    `select ${COLUMNS} from fiscal_period p where last_on >= $1 and ${AFTER_EVERY_CLOSED} order by first_on limit 1 for share of p`,
    [businessOn],
  );
  if (next === null) throw problem('PERIOD_CLOSED', { period: businessOn.slice(0, 7) });
  return toPeriod(next);
}

/** Takes the period for a change of its state: the first lock of a close. Throws PERIOD_NOT_FOUND. */
export async function lockPeriod(tx: Tx, name: string): Promise<FiscalPeriod> {
  // nobody adds a period until this transaction ends: an earlier one would be missed
  await query(tx, `select pg_advisory_xact_lock(hashtext('fiscal_period'))`);
  const row = await queryOne<PeriodRow>(tx, `select ${COLUMNS} from fiscal_period where name = $1 for update`, [name]);
  if (row === null) throw problem('PERIOD_NOT_FOUND', { period: name });
  return toPeriod(row);
}

/** One page in order of time, after the first day of the last period before. */
export async function listPeriods(
  em: Reader,
  page: { after: string | null; limit: number } = { after: null, limit: 10_000 },
): Promise<FiscalPeriod[]> {
  return (
    await query<PeriodRow>(
      em,
      `select ${COLUMNS} from fiscal_period where ($1::date is null or first_on > $1::date) order by first_on limit $2`,
      [page.after, page.limit],
    )
  ).map(toPeriod);
}

/** The period of a name. Throws PERIOD_NOT_FOUND. */
export async function getPeriod(em: Reader, name: string): Promise<FiscalPeriod> {
  const row = await queryOne<PeriodRow>(em, `select ${COLUMNS} from fiscal_period where name = $1`, [name]);
  if (row === null) throw problem('PERIOD_NOT_FOUND', { period: name });
  return toPeriod(row);
}

/** The earliest open period before this one, or null. */
export async function earlierOpenPeriod(em: Reader, period: FiscalPeriod): Promise<FiscalPeriod | null> {
  const row = await queryOne<PeriodRow>(
    em,
    `select ${COLUMNS} from fiscal_period where first_on < $1 and state = 'open' order by first_on limit 1`,
    [period.firstOn],
  );
  return row === null ? null : toPeriod(row);
}
