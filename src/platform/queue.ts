/**
 * Wake-ups, nothing more: what is due stands in tables, and a handler that is woken twice or never loses
 * nothing. BullMQ on PostgreSQL or Redis sits behind this interface.
 */
import type { Queue, QueueOptions, WorkQueue } from './queue-interface.ts';

export type { Queue, QueueOptions, WakeUp, WorkQueue } from './queue-interface.ts';

/** For command-line roles that run their work themselves. */
export const silentQueue: Queue = { wake: async () => {}, close: async () => {} };

/** Opens the queue without waiting for its server: a queue that is down delays work, it does not stop the service. */
export async function openQueue(options: QueueOptions): Promise<WorkQueue> {
  // the command line never gets here, and does not pay for loading BullMQ
  const { openBullQueue } = await import('./queue-bull.ts');
  return openBullQueue(options);
}

/** Brings the queue's own schema in PostgreSQL to the release of BullMQ and lets the service role use it; cheap when it is. */
export async function migrateQueue(databaseUrl: string): Promise<void> {
  const { migrateQueueSchema } = await import('./queue-schema.ts');
  await migrateQueueSchema(databaseUrl);
}
