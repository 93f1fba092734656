import { statSync } from 'node:fs';

/** Whether two paths lead to the same folder, whatever links are between; null when one of them cannot be seen. */
export function isSameFolder(one: string, other: string): boolean | null {
  try {
    const [a, b] = [statSync(one, { bigint: true }), statSync(other, { bigint: true })];
    return a.dev === b.dev && a.ino === b.ino;
  } catch {
    return null;
  }
}
