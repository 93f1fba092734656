/** What the rest of the service knows of the queue; the BullMQ behind it knows nothing else either. */
import type { Logger } from 'pino';

export type WakeUp = { readonly topic: string; readonly id: string };

export type Queue = {
  /** Tells the workers that something is due; called after commit, and safe to lose: never throws, never waits long. */
  wake(wakeUp: WakeUp): Promise<void>;
  close(): Promise<void>;
};

/** A queue whose wake-ups this process can also answer. */
export type WorkQueue = Queue & {
  /** Calls `handler` for wake-ups of any process, one at a time; it may be called twice for one. Resolves once it listens. */
  work(handler: (wakeUp: WakeUp) => Promise<void>): Promise<{ stop(): Promise<void> }>;
};

export type QueueOptions = {
  readonly databaseUrl: string;
  /** BullMQ on Redis instead of PostgreSQL. */
  readonly redisUrl?: string | null;
  readonly log: Logger;
};
