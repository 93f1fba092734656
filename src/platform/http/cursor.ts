/** Keyset cursors: the sort key of the last row, opaque to the caller, checked when it comes back. */
import { problem } from '../errors.ts';
import { PAGE_LIMIT_MAX } from './schemas.ts';

const PAGE_LIMIT_DEFAULT = 50;

/** One cursor holds the key values of the last row, as text, and the list it belongs to. */
export function encodeCursor(list: string, key: readonly string[]): string {
  return Buffer.from(JSON.stringify([list, ...key])).toString('base64url');
}

/** Null for the first page. Throws CURSOR_INVALID for anything this list did not hand out. */
export function decodeCursor(list: string, cursor: string | undefined, keyLength: number): string[] | null {
  if (cursor === undefined) return null;
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (!Array.isArray(value) || value.length !== keyLength + 1 || value[0] !== list) throw problem('CURSOR_INVALID');
    if (!value.every(part => typeof part === 'string' && part.isWellFormed() && !part.includes('\u0000')))
      throw problem('CURSOR_INVALID');
    return value.slice(1) as string[];
  } catch {
    throw problem('CURSOR_INVALID');
  }
}

/** An `id` of the keyset: a positive bigint as text. Throws CURSOR_INVALID. */
export function cursorId(text: string): string {
  if (!/^[0-9]{1,18}$/.test(text)) throw problem('CURSOR_INVALID');
  return text;
}

/** Rows to read: one more than shown tells whether there is a next page. */
export function pageLimit(limit: number | undefined): number {
  return Math.min(limit ?? PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX);
}

/** Cuts the extra row off and makes the cursor of the next page. */
export function toPage<Row, Item>(
  list: string,
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => readonly string[],
  view: (row: Row) => Item,
): { items: Item[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { items: shown.map(view), nextCursor: more ? encodeCursor(list, keyOf(last)) : null };
}
