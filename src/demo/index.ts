/** The demo company: deterministic, resumable, and built through the same verbs the API uses. */
import { type BusinessDate, businessDate, businessDateAt } from '../core/business-date.ts';
import type { Clock } from '../core/clock.ts';
import { type Database, queryOne } from '../platform/database.ts';
import { closePeriod } from '../settlement/index.ts';
import { makeMasterData, releasePrices } from './master-data.ts';
import { makePeople } from './people.ts';
import { castOn, isDone, runStep } from './step.ts';
import { playMonth } from './story.ts';
import { monthsUpTo } from './usage.ts';

export { openDemoLogins } from './people.ts';

export type DemoOptions = {
  readonly database: Database;
  readonly clock: Clock;
  readonly timeZone: string;
  /** Pins the last day of the story; null = today. */
  readonly today: string | null;
  readonly say: (message: string) => void;
};

/** Its mark carries the last day of the story. */
const FIRST_STEP = 'story.begun';
const LAST_STEP = 'story.told';
/** The last full month stays open: closing it is the visitor's. */
const MONTHS_LEFT_OPEN = 2;

/** Whether the story can be told here: an installation with dealers of its own is left alone. */
async function isForeign(database: Database): Promise<boolean> {
  const row = await queryOne(
    database.reader(),
    `select 1 from dealer where not exists (select 1 from demo_step) limit 1`,
  );
  return row !== null;
}

/**
 * Loads the demo company where it is not there yet, and goes on with one that was cut short. Returns whether it is
 * there; an installation that has dealers of its own is left as it is.
 */
export async function ensureDemo(options: DemoOptions): Promise<boolean> {
  const { database, say } = options;
  if (await isDone(database, LAST_STEP)) return true;
  if (await isForeign(database)) return false;
  const today = await lastDay(options);
  const months = monthsUpTo(today);
  const [first] = months;
  if (first === undefined) return false;
  say('Loading the demo company: two years of business …');
  await runStep(database, 'master-data', first, async (tx, cast) => {
    await makeMasterData(tx, cast);
    await makePeople(tx, cast);
  });
  for (const [index, month] of months.entries()) {
    if (index % 12 === 0)
      await runStep(database, `prices.${month}`, month, (tx, cast) => releasePrices(tx, cast, index / 12));
    await runStep(database, `month.${month}`, month, tx => playMonth(tx, month, today));
    const closing = months[index - MONTHS_LEFT_OPEN];
    if (closing !== undefined) await closeMonth(database, closing, month);
    say(`  ${month.slice(0, 7)}`);
  }
  await runStep(database, LAST_STEP, today, async () => {});
  return true;
}

/** A month is closed early in the second month after it; done again, it is found closed. */
async function closeMonth(database: Database, month: BusinessDate, later: BusinessDate): Promise<void> {
  const step = `close.${month}`;
  if (await isDone(database, step)) return;
  const name = month.slice(0, 7);
  const row = await queryOne<{ state: string }>(database.reader(), 'select state from fiscal_period where name = $1', [
    name,
  ]);
  if (row?.state === 'open') await closePeriod(database, castOn(later).manager, name);
  await runStep(database, step, later, async () => {});
}

/** The day the story was begun up to: a start that goes on with it the next day tells the same story. */
async function lastDay({ database, clock, timeZone, today }: DemoOptions): Promise<BusinessDate> {
  const day = today === null ? businessDateAt(clock.now(), timeZone) : businessDate(today);
  await runStep(database, FIRST_STEP, day, async () => {});
  const row = await queryOne<{ day: string }>(
    database.reader(),
    'select done_at::date::text as day from demo_step where step = $1',
    [FIRST_STEP],
  );
  return businessDate(row?.day ?? day);
}
