/** One line of the benchmark's report: our figure beside the floor taken in the same run, interleaved with it. */
export type BenchRow = {
  /** Id, as in `npm run bench -- --only statement-pdf`. */
  readonly row: string;
  /** absolute: `target` is a figure in `unit`; otherwise it is a ratio. */
  readonly kind?: 'absolute';
  /** Median of the runs, in `unit`. */
  readonly ours: number;
  readonly floor: number;
  /** ours ÷ floor: rates want it high, times want it low. */
  readonly ratio: number;
  readonly target: number;
  readonly unit: string;
  readonly runs: number;
  /** What the floor does, in SQL or source text, so that anyone can judge whether it is honest. */
  readonly floorSource: string;
};

/** The middle value; of an even count the upper one. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('no value to take the median of');
  return middle;
}
