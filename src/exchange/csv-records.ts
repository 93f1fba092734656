/**
 * Records of a CSV file, thousands at a time. csv-parse does the parsing; its records are taken as they come
 * out of it instead of one by one through a stream, and lines are counted from what the parser has counted.
 */
import { once } from 'node:events';
import { type CsvError, Parser } from 'csv-parse';
import { problem } from './errors.ts';

export const BATCH_RECORDS = 2_000;
const RECORD_CHARACTERS_MAX = 1024 * 1024;

/** `line` is where the record begins, from 1; a quoted cell may hold line breaks. */
export type CsvRecord = { readonly line: number; readonly record: readonly string[] };
export type Delimiter = ',' | ';' | '\t';

class RecordParser extends Parser {
  collected: CsvRecord[] = [];
  /** Line on which the next record begins, empty lines before it not counted. */
  #line = 1;
  #linesSeen = 0;
  #emptySeen = 0;

  constructor(delimiter: Delimiter) {
    super({
      bom: true,
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: RECORD_CHARACTERS_MAX,
    });
  }

  override push(record: string[] | null): boolean {
    if (record === null) return super.push(null);
    const { lines, empty_lines: empty } = this.info;
    const line = this.#line + empty - this.#emptySeen;
    this.collected.push({ line, record });
    // csv-parse counts CR LF inside quotes twice, so a record that spans lines is counted by its cells
    const spans = lines - this.#linesSeen > 1 + empty - this.#emptySeen;
    this.#line = line + 1 + (spans ? lineBreaks(record) : 0);
    this.#linesSeen = lines;
    this.#emptySeen = empty;
    return true;
  }

  /** The line of the record that could not be read. */
  get brokenLine(): number {
    return this.#line + this.info.empty_lines - this.#emptySeen;
  }
}

function lineBreaks(record: readonly string[]): number {
  return record.reduce((sum, cell) => sum + (cell.match(/\r\n|\n|\r/g)?.length ?? 0), 0);
}

/** Batches of records, empty lines left out. Throws FILE_MALFORMED with the line. */
export async function* csvRecords(
  bytes: AsyncIterable<Buffer>,
  delimiter: Delimiter,
  fileName: string,
): AsyncGenerator<readonly CsvRecord[]> {
  const parser = new RecordParser(delimiter);
  parser.on('error', () => {});
  try {
    for await (const chunk of bytes) {
      parser.write(chunk);
      if (parser.errored) throw malformed(parser, fileName);
      if (parser.collected.length < BATCH_RECORDS) continue;
      const collected = parser.collected;
      parser.collected = [];
      for (let at = 0; at < collected.length; at += BATCH_RECORDS) yield collected.slice(at, at + BATCH_RECORDS);
    }
    parser.end();
    if (!parser.errored) await once(parser, 'finish').catch(() => {});
    if (parser.errored) throw malformed(parser, fileName);
    if (parser.collected.length > 0) yield parser.collected;
  } finally {
    parser.destroy();
  }
}

/** The records at the beginning of a text, with the error that ended them early. */
export async function headRecords(
  head: string,
  complete: boolean,
  delimiter: Delimiter,
  fileName: string,
): Promise<{ records: readonly CsvRecord[]; error: Error | null }> {
  const parser = new RecordParser(delimiter);
  parser.on('error', () => {});
  parser.write(Buffer.from(head));
  // the last record of a head that goes on is not whole
  if (complete) parser.end();
  if (complete && !parser.errored) await once(parser, 'finish').catch(() => {});
  const error = parser.errored === null ? null : malformed(parser, fileName);
  parser.destroy();
  return { records: parser.collected, error };
}

const REASONS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened and never closed',
  INVALID_OPENING_QUOTE: 'a quote stands inside an unquoted cell',
  CSV_INVALID_CLOSING_QUOTE: 'text follows a closing quote',
  CSV_MAX_RECORD_SIZE: `a record has more than ${RECORD_CHARACTERS_MAX} characters`,
};

function malformed(parser: RecordParser, fileName: string): Error {
  const { code } = parser.errored as CsvError;
  const reason = REASONS[code];
  if (reason === undefined) return parser.errored as Error;
  return problem('FILE_MALFORMED', { fileName, line: parser.brokenLine, reason });
}
