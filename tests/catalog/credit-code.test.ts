import { describe, expect, it } from 'vitest';
import { creditCodeIsValid } from '../../src/catalog/credit-code.ts';

/** Published codes of well-known firms. */
const REAL = ['91330100799655058B', '914403001922038216', '9144030071526726XG', '91110000802100433B'];

describe('the unified social credit code', () => {
  it('of real firms passes', () => {
    for (const code of REAL) expect(creditCodeIsValid(code), code).toBe(true);
  });

  it('with any one character changed fails', () => {
    const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
    for (const code of REAL) {
      for (let at = 0; at < code.length; at += 1) {
        for (const other of alphabet) {
          if (other === code[at]) continue;
          expect(creditCodeIsValid(code.slice(0, at) + other + code.slice(at + 1)), `${code} ${at} ${other}`).toBe(
            false,
          );
        }
      }
    }
  });

  it('with letters it does not use, in lower case or of another length fails', () => {
    for (const code of ['', '9133010079965505', '91330100799655058BB', '91330100799655058b', '9I330100799655058B'])
      expect(creditCodeIsValid(code), code).toBe(false);
  });
});
