/** Where the present comes from. Posting instants and today's business date go through it, so tests and the demo can pin it. */
export type Clock = { now(): Date };

export const systemClock: Clock = { now: () => new Date() };

export function fixedClock(instant: string): Clock {
  const at = new Date(instant);
  return { now: () => new Date(at) };
}
