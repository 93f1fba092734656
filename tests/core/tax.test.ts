import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  absolute,
  compare,
  type Decimal,
  decimal,
  equals,
  hasScale,
  minus,
  negate,
  plus,
  sum,
  toFixed,
} from '../../src/core/decimal.ts';
import { sumTaxed, type TaxBasis, type Taxed, taxedGross, taxedLine, taxedNet, taxRate } from '../../src/core/tax.ts';
import { decimals, textOf, weights } from './arbitraries.ts';
import { refusal } from './refusal.ts';

const rates = fc.bigInt(0n, 999_999n).map(millionths => taxRate(textOf(millionths, 6)));
const bases = fc.constantFrom<TaxBasis>('tax_exclusive', 'tax_inclusive');
const priced = fc.record({ unitPrice: weights(4), quantity: decimals(3, 10n ** 8n), rate: rates, basis: bases });

const figures = ({ net, tax, gross }: Taxed) => [net, tax, gross].map(d => toFixed(d, 2)).join(' ');
const line = (unitPrice: string, quantity: string, rate: string, basis: TaxBasis) =>
  figures(taxedLine({ unitPrice: decimal(unitPrice), quantity: decimal(quantity), rate: decimal(rate), basis }));

function expectWithin(limit: string, a: Decimal, b: Decimal): void {
  expect(compare(absolute(minus(a, b)), decimal(limit))).toBeLessThanOrEqual(0);
}

describe('a line', () => {
  test('of a tax-exclusive list keeps its net and adds tax', () => {
    expect(line('88.5000', '3', '0.13', 'tax_exclusive')).toBe('265.50 34.52 300.02');
  });

  test('of a tax-inclusive list keeps its gross and finds the tax in it', () => {
    expect(line('100', '1', '0.13', 'tax_inclusive')).toBe('88.50 11.50 100.00');
  });

  test('without tax is net alone, on both bases', () => {
    expect(line('2.5500', '6', '0', 'tax_inclusive')).toBe('15.30 0.00 15.30');
    expect(line('2.5500', '6', '0', 'tax_exclusive')).toBe('15.30 0.00 15.30');
  });

  test('rounds a tie away from zero, in both signs', () => {
    expect(line('0.0050', '1', '0', 'tax_exclusive')).toBe('0.01 0.00 0.01');
    expect(line('0.0050', '-1', '0', 'tax_exclusive')).toBe('-0.01 0.00 -0.01');
    expect(line('0.50', '1', '0.13', 'tax_exclusive')).toBe('0.50 0.07 0.57');
    expect(line('0.50', '-1', '0.13', 'tax_exclusive')).toBe('-0.50 -0.07 -0.57');
  });

  test('adds up: net + tax = gross, all in whole cents', () => {
    fc.assert(
      fc.property(priced, input => {
        const { net, tax, gross } = taxedLine(input);
        expect(equals(plus(net, tax), gross)).toBe(true);
        expect([net, tax, gross].every(d => hasScale(d, 2))).toBe(true);
      }),
    );
  });

  test('returned is the mirror of the line sold', () => {
    fc.assert(
      fc.property(priced, input => {
        const { net, tax, gross } = taxedLine(input);
        const mirrored = { net: negate(net), tax: negate(tax), gross: negate(gross) };
        expect(figures(taxedLine({ ...input, quantity: negate(input.quantity) }))).toBe(figures(mirrored));
      }),
    );
  });

  test('too large for the ledger is refused', () => {
    const huge = {
      unitPrice: decimal('999999999999999.9999'),
      quantity: decimal('99999999999'),
      rate: decimal('0.13'),
    };
    for (const basis of ['tax_exclusive', 'tax_inclusive'] as const) {
      expect(refusal(() => taxedLine({ ...huge, basis }))).toMatchObject({ code: 'DECIMAL_TOO_LARGE' });
    }
    const most = decimal('99999999999999999.99');
    expect(refusal(() => taxedNet(most, decimal('0.13')))).toMatchObject({ code: 'DECIMAL_TOO_LARGE' });
  });
});

describe('the two bases', () => {
  test('agree within a cent when one is taken back to the other', () => {
    fc.assert(
      fc.property(decimals(2), rates, (net, rate) => {
        const exclusive = taxedNet(net, rate);
        const inclusive = taxedGross(exclusive.gross, rate);
        expectWithin('0.01', inclusive.net, exclusive.net);
        expectWithin('0.01', inclusive.tax, exclusive.tax);
      }),
    );
  });

  test('do not round what was not rounded by name', () => {
    expect(() => taxedNet(decimal('1.001'), decimal('0.13'))).toThrow('assertion failed');
    expect(() => taxedGross(decimal('1.001'), decimal('0.13'))).toThrow('assertion failed');
  });
});

test('a document is the sum of its lines, never computed again', () => {
  const lines = [1, 2, 3].map(() => taxedNet(decimal('0.04'), decimal('0.13')));
  expect(figures(sumTaxed(lines))).toBe('0.12 0.03 0.15');
  expect(figures(sumTaxed([]))).toBe('0.00 0.00 0.00');
  fc.assert(
    fc.property(fc.array(priced), inputs => {
      const total = sumTaxed(inputs.map(taxedLine));
      expect(equals(plus(total.net, total.tax), total.gross)).toBe(true);
      expect(equals(total.gross, sum(inputs.map(input => taxedLine(input).gross)))).toBe(true);
    }),
  );
});

test('a rate is a fraction from 0 to below 1', () => {
  expect(['0', '0.13', '0.999999'].map(text => toFixed(taxRate(text), 6))).toEqual([
    '0.000000',
    '0.130000',
    '0.999999',
  ]);
  for (const text of ['1', '13', '-0.01']) {
    expect(refusal(() => taxRate(text))).toMatchObject({ code: 'TAX_RATE_INVALID', status: 422 });
  }
  expect(refusal(() => taxRate('0.1234567'))).toMatchObject({ code: 'DECIMAL_SCALE_EXCEEDED' });
});
