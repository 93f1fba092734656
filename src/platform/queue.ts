/**
 * Wake-ups, nothing more: what is due stands in tables, and a handler that is woken twice or never loses
 * nothing. BullMQ on PostgreSQL or Redis sits behind this interface.
 */
export type WakeUp = { readonly topic: string; readonly id: string };

export type Queue = {
  /** Tells the workers that something is due; called after commit, and safe to lose. */
  wake(wakeUp: WakeUp): Promise<void>;
  close(): Promise<void>;
};

/** For command-line roles that run their work themselves. */
export const silentQueue: Queue = { wake: async () => {}, close: async () => {} };
