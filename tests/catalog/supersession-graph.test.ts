import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countSteps, type Edges, untangle } from '../../src/catalog/supersession-graph.ts';

const edges = (text: string): Edges =>
  new Map(
    text
      .split(' ')
      .filter(edge => edge !== '')
      .map(edge => edge.split('>') as [string, string]),
  );
const shown = (map: Edges) => [...map].map(([from, to]) => `${from}>${to}`).join(' ');

/** Where a walk from a number comes back to it. */
function isOnLoop(all: Edges, start: string): boolean {
  let at = all.get(start);
  for (let step = 0; at !== undefined && step <= all.size; step += 1) {
    if (at === start) return true;
    at = all.get(at);
  }
  return false;
}

describe('asked supersessions', () => {
  it('are all kept where none comes back', () => {
    const { kept, loops } = untangle(edges('A>B'), edges('B>C C>D X>D'));
    expect(shown(kept)).toBe('B>C C>D X>D');
    expect(loops.size).toBe(0);
  });

  it('lose every step of a loop, and only those', () => {
    const { kept, loops } = untangle(edges(''), edges('T>A A>B B>C C>A S>S'));
    expect(shown(kept)).toBe('T>A');
    expect([...loops]).toEqual([
      ['A', ['A', 'B', 'C']],
      ['B', ['B', 'C', 'A']],
      ['C', ['C', 'A', 'B']],
      ['S', ['S']],
    ]);
  });

  it('lose what would close a loop with what stands', () => {
    const { kept, loops } = untangle(edges('A>B'), edges('B>A'));
    expect(shown(kept)).toBe('');
    expect([...loops.keys()]).toEqual(['B']);
  });

  it('replace what stands, which holds again where they are taken out', () => {
    expect(shown(untangle(edges('A>B'), edges('A>C B>A')).kept)).toBe('A>C B>A');
    const again = untangle(edges('A>C'), edges('A>B B>A C>A'));
    expect(shown(again.kept)).toBe('');
    expect([...again.loops.keys()].sort()).toEqual(['A', 'B', 'C']);
  });

  it('never leave a loop, and lose no step that was on none (property)', () => {
    const number = fc.integer({ min: 0, max: 12 }).map(String);
    const graph = fc.array(fc.tuple(number, number), { maxLength: 20 }).map(list => new Map(list));
    fc.assert(
      fc.property(graph, graph, (offered, asked) => {
        const standing = untangle(new Map(), offered).kept;
        const { kept, loops } = untangle(standing, asked);
        const written = new Map([...standing, ...kept]);
        for (const start of written.keys()) expect(isOnLoop(written, start)).toBe(false);
        expect(kept.size + loops.size).toBe(asked.size);
        for (const [start, loop] of loops) expect(loop[0]).toBe(start);
        const asWished = new Map([...standing, ...asked]);
        const none = ![...asWished.keys()].some(start => isOnLoop(asWished, start));
        if (none) expect(loops.size).toBe(0);
      }),
    );
  });
});

describe('steps', () => {
  it('are counted to the end of each chain', () => {
    expect(countSteps(edges('A>B B>C C>D X>B Y>Z'))).toEqual({ 1: 2, 2: 1, 3: 2 });
    expect(countSteps(edges(''))).toEqual({});
  });
});
