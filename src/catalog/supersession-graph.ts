/** Supersessions as a graph: every number points to at most one successor. Pure; texts are part numbers. */
export type Edges = ReadonlyMap<string, string>;

export type Untangled = {
  /** What can be written without closing a loop. */
  readonly kept: Edges;
  /** Each asked edge that would be part of a loop, with the numbers of that loop from its own on. */
  readonly loops: ReadonlyMap<string, readonly string[]>;
};

/**
 * Takes out of the asked supersessions all that would close a loop, among themselves or with those that stand. An asked
 * edge replaces the standing one of its part; where it is taken out, the standing one holds again, which may close a
 * further loop: so it is repeated until none is left. Standing edges alone never form one.
 */
export function untangle(standing: Edges, asked: Edges): Untangled {
  const kept = new Map(asked);
  const loops = new Map<string, readonly string[]>();
  for (;;) {
    const found = loopsOf(number => kept.get(number) ?? standing.get(number), kept.keys());
    if (found.length === 0) return { kept, loops };
    for (const loop of found) {
      for (const [at, number] of loop.entries()) {
        if (!kept.delete(number)) continue;
        loops.set(number, [...loop.slice(at), ...loop.slice(0, at)]);
      }
    }
  }
}

function loopsOf(successorOf: (number: string) => string | undefined, starts: Iterable<string>): string[][] {
  const visitedFrom = new Map<string, string>();
  const loops: string[][] = [];
  for (const start of starts) {
    const path: string[] = [];
    let at: string | undefined = start;
    while (at !== undefined && !visitedFrom.has(at)) {
      visitedFrom.set(at, start);
      path.push(at);
      at = successorOf(at);
    }
    // back on the path of this very walk, not on one that was walked before
    if (at !== undefined && visitedFrom.get(at) === start) loops.push(path.slice(path.indexOf(at)));
  }
  return loops;
}

/** How many parts reach their last number in one step, in two, and so on. There are no loops among the edges. */
export function countSteps(edges: Edges): Readonly<Record<string, number>> {
  const steps = new Map<string, number>();
  const counts: Record<string, number> = {};
  for (const start of edges.keys()) {
    const path: string[] = [];
    let at = start;
    while (!steps.has(at)) {
      const next = edges.get(at);
      if (next === undefined) break;
      path.push(at);
      at = next;
    }
    let after = steps.get(at) ?? 0;
    for (const number of path.reverse()) {
      after += 1;
      steps.set(number, after);
    }
  }
  for (const count of steps.values()) counts[count] = (counts[count] ?? 0) + 1;
  return counts;
}
