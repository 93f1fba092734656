import { expect, test } from 'vitest';
import { statementFileName } from '../../src/settlement/statement-document.ts';
import { frozenStatement } from './frozen-statement-builder.ts';

const nameFor = (code: string) =>
  statementFileName(frozenStatement(0, { dealer: { code, nameZh: null, nameEn: null } }), 'pdf');

test('names period, dealer and statement', () => {
  expect(statementFileName(frozenStatement(0), 'csv')).toBe('2011-03_17850_S2011-03-17850.csv');
  expect(nameFor('绿禾_01')).toBe('2011-03_绿禾_01_S2011-03-17850.pdf');
});

test('stays one harmless path segment whatever the dealer code holds', () => {
  const codes = [
    '../../etc/passwd',
    '..',
    '.',
    '/',
    'C:\\x',
    'a\nb',
    'a b',
    '~',
    '-rf',
    'x'.repeat(500),
    '液'.repeat(500),
    '\u202egnp',
  ];
  for (const code of codes) {
    const name = nameFor(code);
    expect(name).toMatch(/^2011-03_[\p{L}\p{N}~._-]+_S2011-03-17850\.pdf$/u);
    expect(name).not.toContain('..');
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
  }
});

test('keeps codes apart that become alike', () => {
  expect(new Set(['A/B', 'A\\B', 'A-B', 'A B'].map(nameFor)).size).toBe(4);
});
