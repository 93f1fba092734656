/**
 * The worker: wake-ups from the queue, a sweeper that needs no queue, the nights' schedules, and a stop that
 * finishes or hands back what runs. Any number of them share one database.
 */
import {
  type JobKind,
  type JobRunnerOptions,
  maintenanceJobs,
  maintenanceSchedules,
  runSchedules,
  type Schedule,
  startJobRunner,
  sweepJobs,
} from './exchange/index.ts';
import type { Dependencies } from './platform/dependencies.ts';
import type { WakeUp, WorkQueue } from './platform/queue.ts';

export type WorkerOptions = {
  readonly jobKinds: readonly JobKind[];
  /** Beside the maintenance of the floor. */
  readonly schedules?: readonly Schedule[];
  /** Without one, only the sweeper finds work. */
  readonly queue?: Pick<WorkQueue, 'work'>;
  readonly sweepEveryMs?: number;
  readonly runner?: Omit<JobRunnerOptions, 'kinds'>;
};

export type Worker = { stop(): Promise<void> };

const SWEEP_EVERY_MS = 3_000;

/** Starts answering wake-ups and looking for due work. */
export async function startWorker(dependencies: Dependencies, options: WorkerOptions): Promise<Worker> {
  const { sweepEveryMs = SWEEP_EVERY_MS } = options;
  const schedules = [...maintenanceSchedules, ...(options.schedules ?? [])];
  const runner = startJobRunner(dependencies, { ...options.runner, kinds: [...maintenanceJobs, ...options.jobKinds] });
  const answers: Readonly<Record<string, (wakeUp: WakeUp) => Promise<void>>> = { job: runner.poke };
  const listener = await options.queue?.work(async wakeUp => {
    const answer = answers[wakeUp.topic];
    if (answer === undefined) dependencies.log.warn({ 'queue.topic': wakeUp.topic }, 'queue.topic-unknown');
    await answer?.(wakeUp);
  });
  const sweeper = repeat(
    sweepEveryMs,
    async () => {
      await sweepJobs(dependencies);
      await runSchedules(dependencies, schedules);
      await runner.poke();
    },
    error => dependencies.log.warn({ err: error }, 'worker.sweep-failed'),
  );
  return {
    async stop() {
      await sweeper.stop();
      await listener?.stop();
      await runner.stop();
    },
  };
}

/** Runs `work` now and again after each pause, never twice at once. */
function repeat(everyMs: number, work: () => Promise<void>, failed: (error: unknown) => void) {
  let stopped = false;
  let timer: NodeJS.Timeout | null = null;
  let current = Promise.resolve();
  const round = () => {
    current = work()
      .catch(failed)
      .then(() => {
        if (!stopped) timer = setTimeout(round, everyMs);
      });
  };
  round();
  return {
    async stop() {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
      await current;
    },
  };
}
