import { assert } from '../../core/assert.ts';

/** A row cut into lines: `cells[column]` are its lines from the top. */
export type LaidOutRow = { readonly cells: ReadonlyArray<readonly Line[]>; readonly lineCount: number };
/** `below`: set small, under the text; `tail`: set small, after the text on the same line. */
export type Line = { readonly text: string; readonly below: boolean; readonly tail?: string };

export type Room = {
  /** Height for rows on the first page and on the others. */
  readonly first: number;
  readonly next: number;
  /** Height of what follows the last row; it is never cut. */
  readonly end: number;
  readonly lineHeight: number;
  readonly padding: number;
};

/**
 * Deals rows out to pages in order. A row stays whole unless it is longer than a page. The last page has room for the
 * end, which takes the last row along when it needs a new page.
 */
export function paginate(rows: readonly LaidOutRow[], room: Room): LaidOutRow[][] {
  let page: LaidOutRow[] = [];
  const pages = [page];
  let left = room.first;
  const oneLine = room.lineHeight + room.padding;
  assert(room.next >= oneLine, 'a page has room for a line');
  const turn = () => {
    page = [];
    pages.push(page);
    left = room.next;
  };
  for (const row of rows) {
    let rest = row;
    if (heightOf(rest, room) > left && (page.length > 0 || left < oneLine)) turn();
    while (heightOf(rest, room) > left) {
      const fitting = Math.max(1, Math.floor((left - room.padding) / room.lineHeight));
      page.push(slice(rest, 0, fitting));
      rest = slice(rest, fitting, rest.lineCount);
      turn();
    }
    page.push(rest);
    left -= heightOf(rest, room);
  }
  if (room.end > left) {
    const last = page.length > 1 ? page.at(-1) : undefined;
    const goesAlong = last !== undefined && heightOf(last, room) + room.end <= room.next;
    if (goesAlong) page.pop();
    turn();
    if (goesAlong) page.push(last);
  }
  return pages;
}

/** Height of a row with its padding. */
export function heightOf(row: LaidOutRow, room: Pick<Room, 'lineHeight' | 'padding'>): number {
  return row.lineCount * room.lineHeight + room.padding;
}

function slice(row: LaidOutRow, from: number, to: number): LaidOutRow {
  return { cells: row.cells.map(lines => lines.slice(from, to)), lineCount: to - from };
}
