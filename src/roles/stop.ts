/**
 * One way to stop: finish or hand back what runs, then leave. A terminal's Ctrl-C reaches us twice (npm passes
 * it on), so repeats are ignored for two seconds; a later one means "now".
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';

const GRACE_MS = 20_000;
const REPEAT_IGNORED_MS = 2_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export type StopSignal = {
  /** Resolves at the first signal or fatal error. */
  readonly asked: Promise<void>;
  /** Runs `stop` within the grace time and resolves with the exit status. */
  finish(stop: () => Promise<void>): Promise<number>;
  /** A fatal error from elsewhere: the database is gone, say. */
  fail(error: Error): void;
};

/** Installed before anything is started, so that a signal during the start also stops cleanly. */
export function listenForStop(log: () => Logger | null): StopSignal {
  let failed = false;
  let askedAt: number | null = null;
  let resolve: () => void;
  const asked = new Promise<void>(done => {
    resolve = done;
  });
  const ask = () => {
    askedAt ??= Date.now();
    resolve();
  };
  const fail = (error: Error) => {
    failed = true;
    const logger = log();
    if (logger === null) process.stderr.write(`${error.stack}\n`);
    else logger.fatal({ err: error }, 'process.failed');
    ask();
  };
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (askedAt !== null && Date.now() - askedAt > REPEAT_IGNORED_MS) process.exit(1);
      if (askedAt === null) log()?.info({ 'process.signal': signal }, 'process.stopping');
      ask();
    });
  }
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', reason => fail(reason instanceof Error ? reason : new Error(String(reason))));
  return {
    asked,
    fail,
    async finish(stop) {
      const late = sleep(GRACE_MS, 'late', { ref: false });
      const outcome = await Promise.race([stop().then(() => 'stopped', fail), late]);
      if (outcome === 'late')
        process.stderr.write('Stopping took too long; what was running is taken up again at the next start.\n');
      return failed || outcome !== 'stopped' ? 1 : 0;
    },
  };
}
