/** A step of the story and its mark are one transaction: killed in the middle, the next start goes on with it. */
import { type Context, systemContext } from '../access/index.ts';
import { type Database, query, queryOne, type Tx } from '../platform/database.ts';
import { inTransaction } from '../platform/transaction.ts';

/** Who acts in the story: releases need two people. */
export type Cast = { readonly specialist: Context; readonly manager: Context; readonly warehouse: Context };

const HOUR_OF_DAY = 'T02:00:00Z';

/** The people of a day of the story; their clock stands at ten in the morning in Shanghai. */
export function castOn(day: string): Cast {
  const now = new Date(`${day}${HOUR_OF_DAY}`);
  return {
    specialist: systemContext('demo-parts', now, day),
    manager: systemContext('demo-manager', now, day),
    warehouse: systemContext('demo-warehouse', now, day),
  };
}

export async function isDone(database: Database, step: string): Promise<boolean> {
  return (await queryOne(database.reader(), 'select 1 from demo_step where step = $1', [step])) !== null;
}

/** Runs a step once. Bulk work of the first start: no statement timeout. */
export async function runStep(
  database: Database,
  step: string,
  day: string,
  work: (tx: Tx, cast: Cast) => Promise<void>,
): Promise<void> {
  if (await isDone(database, step)) return;
  const cast = castOn(day);
  await inTransaction(database, { now: cast.specialist.now, statementTimeoutMs: 0 }, async tx => {
    await work(tx, cast);
    await query(tx, 'insert into demo_step (step, done_at) values ($1, $2)', [step, cast.specialist.now.toISOString()]);
  });
}
