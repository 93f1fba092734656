import fc from 'fast-check';
import { expect, test } from 'vitest';
import { heightOf, type LaidOutRow, paginate } from '../../../src/platform/pdf/paginate.ts';

const row = (name: string, lineCount: number): LaidOutRow => ({
  cells: [Array.from({ length: lineCount }, (_, i) => ({ text: `${name}.${i}`, below: false }))],
  lineCount,
});
const room = { first: 50, next: 100, end: 30, lineHeight: 10, padding: 5 };
const texts = (pages: LaidOutRow[][]) =>
  pages.map(page => page.flatMap(({ cells }) => cells[0]?.map(line => line.text)));

test('fills the first page, then the next', () => {
  const pages = paginate([row('a', 1), row('b', 1), row('c', 1), row('d', 1)], room);
  expect(texts(pages)).toEqual([['a.0', 'b.0', 'c.0'], ['d.0']]);
});

test('takes the last row along when the end needs a new page', () => {
  expect(texts(paginate([row('a', 1), row('b', 1)], room))).toEqual([['a.0'], ['b.0']]);
  expect(texts(paginate([row('a', 1)], room))).toEqual([['a.0']]);
});

test('keeps a row whole that fits a page', () => {
  expect(texts(paginate([row('a', 1), row('b', 4), row('c', 1)], room))[0]).toEqual(['a.0']);
});

test('cuts a row that is longer than a page', () => {
  const pages = texts(paginate([row('a', 22)], room));
  expect(pages.map(page => page.length)).toEqual([4, 9, 9, 0]);
});

test('starts the table on the second page when the head leaves no room', () => {
  expect(texts(paginate([row('a', 1)], { ...room, first: -20 }))).toEqual([[], ['a.0']]);
});

test('keeps every line in order, overfills no page and leaves room for the end', () => {
  const rows = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(rows, fc.integer({ min: -10, max: 100 }), (lineCounts, first) => {
      const list = lineCounts.map((count, i) => row(String(i), count));
      const pages = paginate(list, { ...room, first });
      expect(texts(pages).flat()).toEqual(texts([list]).flat());
      const heights = pages.map(page => page.reduce((sum, each) => sum + heightOf(each, room), 0));
      heights.forEach((height, i) => {
        if (height > 0) expect(height).toBeLessThanOrEqual(i === 0 ? first : room.next);
      });
      const last = heights.length - 1;
      expect(room.end + (heights[last] ?? 0)).toBeLessThanOrEqual(last === 0 ? first : room.next);
    }),
  );
});
