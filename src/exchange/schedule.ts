/** What is done every night. Whichever process comes first takes the day; a night on which nothing ran is made up for. */
import { businessDateAt } from '../core/business-date.ts';
import { query, queryOne } from '../platform/database.ts';
import type { Dependencies } from '../platform/dependencies.ts';
import { inTransaction } from '../platform/transaction.ts';
import { createJob } from './job.ts';

export type Schedule = {
  readonly name: string;
  /** Hour of the business day, 0 to 23, from which the day's run is due. */
  readonly hour: number;
  readonly jobKind: string;
};

const HOUR_MS = 3_600_000;

/** Queues the jobs that are due; returns how many. Safe in any number of processes, and at any time. */
export async function runSchedules(dependencies: Dependencies, schedules: readonly Schedule[]): Promise<number> {
  const now = dependencies.clock.now();
  let queued = 0;
  for (const schedule of schedules) {
    // a day that begins at the hour of the schedule: it changes when the next run is due
    const day = businessDateAt(new Date(now.getTime() - schedule.hour * HOUR_MS), dependencies.timeZone);
    if (takenDays.get(dependencies.database)?.get(schedule.name) === day) continue;
    queued += await inTransaction(dependencies.database, { now }, async tx => {
      const taken = await queryOne<{ first: boolean }>(
        tx,
        `insert into schedule_run (name, business_on) values ($1, $2) on conflict do nothing
         returning not exists (select from schedule_run where name = $1) as first`,
        [schedule.name, day],
      );
      // a new installation has nothing to sweep or prove yet
      if (taken === null || taken.first) return 0;
      await query(tx, 'delete from schedule_run where name = $1 and business_on < $2', [schedule.name, day]);
      const requestedBy = `system:${schedule.name}`;
      await createJob(tx, { kind: schedule.jobKind, payload: {}, dealerId: null, requestedBy, now });
      return 1;
    });
    remember(dependencies, schedule.name, day);
  }
  return queued;
}

/** Days this process knows to be taken, so that it does not ask every few seconds. */
const takenDays = new WeakMap<object, Map<string, string>>();

function remember(dependencies: Dependencies, name: string, day: string): void {
  const days = takenDays.get(dependencies.database) ?? new Map<string, string>();
  takenDays.set(dependencies.database, days.set(name, day));
}
