/** UUIDv7 (RFC 9562 §5.7): names for what has no business key; ids made in one process sort by creation. */
import { assert } from './assert.ts';

const PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
const TIMESTAMP_MAX = 2 ** 48 - 1;
const SEQUENCE_MAX = 0xfff;

let latestMs = 0;
let sequence = 0;

/** A new id, greater than every earlier one of this process even if the clock stands still or goes back. */
export function uuidv7(now: Date): string {
  const ms = now.getTime();
  assert(ms >= 0 && ms <= TIMESTAMP_MAX, 'the instant fits 48 bits');
  const random = Buffer.from(crypto.getRandomValues(new Uint8Array(10)));
  if (ms > latestMs) {
    latestMs = ms;
    // A random start with the top bit free leaves room to count within the millisecond.
    sequence = random.readUInt16BE(0) & (SEQUENCE_MAX >> 1);
  } else if (sequence < SEQUENCE_MAX) {
    sequence += 1;
  } else {
    latestMs += 1;
    sequence = 0;
  }
  const time = latestMs.toString(16).padStart(12, '0');
  const count = sequence.toString(16).padStart(3, '0');
  const tail = random.subarray(2);
  tail[0] = 0x80 | ((tail[0] ?? 0) & 0x3f);
  const rest = tail.toString('hex');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${count}-${rest.slice(0, 4)}-${rest.slice(4)}`;
}

/** Is it a UUID of any version, in either case? */
export function isUuid(text: string): boolean {
  return PATTERN.test(text);
}
