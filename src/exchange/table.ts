import type { CsvRecord } from './csv-records.ts';
import type { Header } from './find-header.ts';
import type { Finding } from './import-kind.ts';

/** A table found in a file: its header, the line of it, and all records of the table from the top. */
export type Table = {
  readonly header: Header;
  readonly headerLine: number;
  records(): AsyncIterable<readonly CsvRecord[]>;
  readonly notices: readonly Finding[];
};

/** A notice for header cells that no column of the kind goes by: a mistyped optional column would else be lost silently. */
export function ignoredColumns(header: Header, line: number): readonly Finding[] {
  return header.ignored.length === 0 ? [] : [{ line, code: 'COLUMNS_IGNORED', columns: header.ignored }];
}
