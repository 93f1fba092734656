/** Just enough of the ZIP format to fix dates and to refuse bombs (PKWARE APPNOTE 4.3). Neither ZIP64 nor encryption. */
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import { problem } from './errors.ts';

const END = 0x0605_4b50;
const CENTRAL = 0x0201_4b50;
const LOCAL = 0x0403_4b50;
const END_SIZE = 22;
const COMMENT_BYTES_MAX = 65_535;
const DEFLATED = 8;
/** 1980-01-01 00:00, the first date a ZIP can hold. */
const FIRST_DATE = 0x0021;

export const UNPACKED_BYTES_MAX = 128 * 1024 * 1024;
const ENTRIES_MAX = 2_000;

const inflate = promisify(inflateRaw);

type Entry = { central: number; local: number; method: number; packed: number; unpacked: number };

/** Sets every date inside a ZIP file to its earliest, in place: packing the same content again gives the same bytes. */
export function fixZipDates(zip: Buffer): Buffer {
  for (const { central, local } of listEntries(zip)) {
    zip.writeUInt32LE(FIRST_DATE << 16, central + 12);
    zip.writeUInt32LE(FIRST_DATE << 16, local + 10);
  }
  return zip;
}

/**
 * Unpacks every entry once under a limit, because a ZIP may unpack to far more than it says.
 * Throws WORKBOOK_UNREADABLE, WORKBOOK_TOO_LARGE.
 */
export async function requireSafeZip(zip: Buffer): Promise<void> {
  const entries = listEntries(zip);
  if (entries.length > ENTRIES_MAX) throw problem('WORKBOOK_TOO_LARGE', { what: 'parts', max: ENTRIES_MAX });
  let left = UNPACKED_BYTES_MAX;
  for (const { local, method, packed, unpacked } of entries) {
    if (unpacked > left) throw problem('WORKBOOK_TOO_LARGE', { what: 'bytes', max: UNPACKED_BYTES_MAX });
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const data = zip.subarray(start, start + packed);
    const size = method === DEFLATED ? await unpackedSize(data, unpacked) : data.length;
    if (size !== unpacked) throw problem('WORKBOOK_UNREADABLE');
    left -= unpacked;
  }
}

async function unpackedSize(data: Buffer, expected: number): Promise<number> {
  try {
    // One byte more than promised is already a lie; zlib then stops.
    return (await inflate(data, { maxOutputLength: expected + 1 })).length;
  } catch {
    throw problem('WORKBOOK_UNREADABLE');
  }
}

function listEntries(zip: Buffer): Entry[] {
  try {
    const end = findEnd(zip);
    const entries: Entry[] = [];
    let at = zip.readUInt32LE(end + 16);
    for (let i = 0; i < zip.readUInt16LE(end + 10); i++) {
      if (zip.readUInt32LE(at) !== CENTRAL) throw new RangeError('not a central directory');
      const entry: Entry = {
        central: at,
        local: zip.readUInt32LE(at + 42),
        method: zip.readUInt16LE(at + 10),
        packed: zip.readUInt32LE(at + 20),
        unpacked: zip.readUInt32LE(at + 24),
      };
      if (zip.readUInt32LE(entry.local) !== LOCAL) throw new RangeError('not a local header');
      entries.push(entry);
      at += 46 + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
    }
    return entries;
  } catch {
    throw problem('WORKBOOK_UNREADABLE');
  }
}

function findEnd(zip: Buffer): number {
  const lowest = Math.max(0, zip.length - END_SIZE - COMMENT_BYTES_MAX);
  for (let at = zip.length - END_SIZE; at >= lowest; at--) if (zip.readUInt32LE(at) === END) return at;
  throw new RangeError('no end of central directory');
}
