/**
 * Which encoding a text file is in, proven by reading all of it: UTF-8 unless a byte order mark says UTF-16;
 * GB18030 (what Excel in China writes as CSV) only where it decodes cleanly and looks like Chinese.
 */
import { problem } from './errors.ts';
import type { FileBytes } from './file-bytes.ts';

type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030';

export type CheckedText = {
  readonly encoding: TextEncoding;
  /** The beginning of the text, without a byte order mark. */
  readonly head: string;
  /** The head is the whole text. */
  readonly complete: boolean;
};

const HEAD_CHARACTERS = 256 * 1024;
/** One line of nothing but separators would become millions of cells. */
const LINE_CHARACTERS_MAX = 4 * 1024 * 1024;
/** In a UTF-8 file with a torn byte few characters are broken; of a file in another encoding, most. */
const BROKEN_SHARE_OF_OTHER_ENCODING = 0.25;
const REPLACEMENT = '\ufffd';

/** Reads the text once from end to end. Throws FILE_ENCODING, FILE_TRUNCATED, FILE_MALFORMED. */
export async function checkText(bytes: FileBytes): Promise<CheckedText> {
  const marked = await byteOrderMark(bytes);
  const first = await decodes(bytes, marked ?? 'utf-8');
  if (typeof first !== 'string') return first;
  const { fileName } = bytes;
  if (first === 'cut') throw problem('FILE_TRUNCATED', { fileName });
  if (marked !== null) throw problem('FILE_ENCODING', { fileName, reason: `not valid ${marked}` });
  if (await isTornUtf8(bytes)) throw problem('FILE_ENCODING', { fileName, reason: 'UTF-8 with invalid bytes' });
  const second = await decodes(bytes, 'gb18030');
  if (typeof second === 'string' || !(await looksChinese(bytes)))
    throw problem('FILE_ENCODING', { fileName, reason: 'invalid bytes' });
  return second;
}

/** The text as UTF-8 bytes; a UTF-8 byte order mark is still there. Reads what `checkText` has vouched for. */
export async function* utf8Bytes(bytes: FileBytes, encoding: TextEncoding): AsyncGenerator<Buffer> {
  if (encoding === 'utf-8') {
    yield* bytes.read();
    return;
  }
  const decoder = new TextDecoder(encoding, { fatal: true });
  for await (const chunk of bytes.read()) yield Buffer.from(decoder.decode(chunk, { stream: true }));
  yield Buffer.from(decoder.decode());
}

async function byteOrderMark(bytes: FileBytes): Promise<TextEncoding | null> {
  let start = Buffer.alloc(0);
  for await (const chunk of bytes.read()) {
    start = Buffer.concat([start, chunk.subarray(0, 3)]);
    if (start.length >= 3) break;
  }
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return 'utf-8';
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  return null;
}

/** `invalid`: a byte that cannot stand there; `cut`: all is well up to the end, where a character is incomplete. */
async function decodes(bytes: FileBytes, encoding: TextEncoding): Promise<CheckedText | 'invalid' | 'cut'> {
  const { fileName } = bytes;
  const decoder = new TextDecoder(encoding, { fatal: true });
  let head = '';
  let complete = true;
  let lineCharacters = 0;
  for await (const chunk of bytes.read()) {
    let text: string;
    try {
      text = decoder.decode(chunk, { stream: true });
    } catch {
      return 'invalid';
    }
    if (text.includes('\0')) throw problem('FILE_ENCODING', { fileName, reason: 'it contains NUL' });
    lineCharacters = longestLine(text, lineCharacters, fileName);
    if (head.length < HEAD_CHARACTERS) head += text;
    else complete = false;
  }
  try {
    head += decoder.decode();
  } catch {
    return 'cut';
  }
  return { encoding, head, complete };
}

/** Length so far of the line that goes on in the next chunk. */
function longestLine(text: string, before: number, fileName: string): number {
  const first = text.search(/[\r\n]/);
  const lineCharacters = before + (first === -1 ? text.length : first);
  if (lineCharacters > LINE_CHARACTERS_MAX)
    throw problem('FILE_MALFORMED', {
      fileName,
      line: 1,
      reason: `a line has more than ${LINE_CHARACTERS_MAX} characters`,
    });
  return first === -1 ? lineCharacters : text.length - 1 - Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r'));
}

async function isTornUtf8(bytes: FileBytes): Promise<boolean> {
  const decoder = new TextDecoder('utf-8');
  let broken = 0;
  let beyondAscii = 0;
  for await (const chunk of bytes.read()) {
    for (const character of decoder.decode(chunk, { stream: true }).match(/[^\0-\x7f]/gu) ?? []) {
      beyondAscii += 1;
      if (character === REPLACEMENT) broken += 1;
    }
  }
  return broken < beyondAscii * BROKEN_SHARE_OF_OTHER_ENCODING;
}

/** Western text may decode as rare Han by chance; real Chinese is mostly GB 2312, whose both bytes are above A0. */
async function looksChinese(bytes: FileBytes): Promise<boolean> {
  let common = 0;
  let rare = 0;
  let lead = false;
  for await (const chunk of bytes.read()) {
    for (const byte of chunk) {
      if (lead) {
        if (byte > 0xa0) common += 1;
        else rare += 1;
        lead = false;
      } else lead = byte > 0x80;
    }
  }
  return common > rare;
}
