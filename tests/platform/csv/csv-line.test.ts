import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvLine, guardFormula } from '../../../src/platform/csv/index.ts';

test('quotes a cell only where RFC 4180 needs it', () => {
  expect(csvLine(['a', ' b ', "c'd", '滤清器', ''])).toBe("a, b ,c'd,滤清器,\n");
  expect(csvLine(['a,b', 'say "x"', 'two\nlines', 'cr\r'])).toBe('"a,b","say ""x""","two\nlines","cr\r"\n');
});

test('puts an apostrophe before text a spreadsheet would take for a formula', () => {
  for (const start of ['=', '+', '-', '@', '\t', '\r']) {
    expect(guardFormula(`${start}1+1`)).toBe(`'${start}1+1`);
  }
  for (const text of ['', '1+1', ' =1', '滤清器', "'=1"]) expect(guardFormula(text)).toBe(text);
});

test('is read back cell by cell by another reader', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.string({ unit: 'binary' }), { minLength: 2, maxLength: 4 })), rows => {
      const read = parse(rows.map(csvLine).join(''), { relax_column_count: true, record_delimiter: '\n' });
      expect(read).toEqual(rows);
    }),
  );
});
