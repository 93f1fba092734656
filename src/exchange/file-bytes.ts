/** The bytes of a file that somebody sent, unpacked where it is gzip: what it is, is told by its content, never by its name. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { problem } from './errors.ts';

/** Once unpacked, so that a small file cannot fill memory or time. */
export const UNPACKED_BYTES_MAX = 512 * 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;
const MAGIC_BYTES = 8;

type FileFormat = 'text' | 'gzip' | 'xlsx';

export type FileBytes = {
  readonly fileName: string;
  readonly path: string;
  readonly format: FileFormat;
  /** Unpacked bytes from the start; can be called again. Throws FILE_TRUNCATED, FILE_TOO_LARGE. */
  read(): AsyncGenerator<Buffer>;
};

/** Looks at the first bytes. Throws FILE_UNREADABLE, FILE_EMPTY, FILE_FORMAT_UNSUPPORTED. */
export async function openFileBytes(path: string, fileName: string): Promise<FileBytes> {
  const magic = await firstBytes(path, fileName);
  if (magic.length === 0) throw problem('FILE_EMPTY', { fileName });
  const format = formatOf(magic, fileName);
  return { fileName, path, format, read: () => readBytes(path, fileName, format) };
}

async function firstBytes(path: string, fileName: string): Promise<Buffer> {
  try {
    const file = await open(path, 'r');
    try {
      if (!(await file.stat()).isFile()) throw problem('FILE_UNREADABLE', { fileName, reason: 'not a file' });
      const { buffer, bytesRead } = await file.read(Buffer.alloc(MAGIC_BYTES), 0, MAGIC_BYTES, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || !/^E[A-Z]+$/.test(code)) throw error;
    throw problem('FILE_UNREADABLE', { fileName, reason: code });
  }
}

function formatOf(magic: Buffer, fileName: string): FileFormat {
  const hex = magic.toString('hex');
  if (hex.startsWith('1f8b')) return 'gzip';
  if (hex.startsWith('504b0304') || hex.startsWith('504b0506')) return 'xlsx';
  const foreign = FOREIGN_FORMATS.find(([start]) => hex.startsWith(start));
  if (foreign !== undefined) throw problem('FILE_FORMAT_UNSUPPORTED', { fileName, format: foreign[1] });
  return 'text';
}

const FOREIGN_FORMATS = [
  ['d0cf11e0a1b11ae1', 'an old .xls workbook'],
  ['25504446', 'a PDF'],
  ['52617221', 'a RAR archive'],
  ['377abcaf', 'a 7z archive'],
  ['fd377a58', 'an xz archive'],
  ['28b52ffd', 'a zstd archive'],
  ['425a68', 'a bzip2 archive'],
] as const;

async function* readBytes(path: string, fileName: string, format: FileFormat): AsyncGenerator<Buffer> {
  const packed = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  const bytes = format === 'gzip' ? pipeline(packed, createGunzip({ chunkSize: CHUNK_BYTES }), () => {}) : packed;
  let unpackedBytes = 0;
  try {
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      unpackedBytes += chunk.length;
      if (unpackedBytes > UNPACKED_BYTES_MAX)
        throw problem('FILE_TOO_LARGE', { fileName, bytesMax: UNPACKED_BYTES_MAX });
      yield chunk;
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code?.startsWith('Z_')) throw problem('FILE_TRUNCATED', { fileName });
    throw error;
  }
}
