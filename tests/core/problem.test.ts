import { expect, test } from 'vitest';
import '../../src/core/errors.ts';
import { defineProblems, knownProblems, Problem } from '../../src/core/problem.ts';

const problem = defineProblems({
  TEST_REFUSED: {
    status: 422,
    title: { zh: '拒绝', en: 'Refused' },
    detail: { zh: '{part} 缺 {missing}', en: '{part} lacks {missing}' },
  },
});

test('speaks both languages and fills in its facts', () => {
  const refused = problem('TEST_REFUSED', { part: 'A-1' });
  expect(refused).toBeInstanceOf(Problem);
  expect(refused.title('zh')).toBe('拒绝');
  expect(refused.detail('en')).toBe('A-1 lacks ?');
  expect(refused.message).toBe('TEST_REFUSED: A-1 lacks ?');
});

test('refuses to define a code twice', () => {
  expect(() => defineProblems({ TEST_REFUSED: { status: 409, title: { zh: '', en: '' } } })).toThrow('defined twice');
});

test('lists what core refuses, in order, with a title and a detail in both languages', () => {
  const listed = knownProblems().filter(([code]) => !code.startsWith('TEST_'));
  expect(listed.map(([code]) => code)).toEqual([
    'BUSINESS_DATE_INVALID',
    'CURRENCY_INVALID',
    'DECIMAL_INVALID',
    'DECIMAL_SCALE_EXCEEDED',
    'DECIMAL_TOO_LARGE',
    'PERIOD_NAME_INVALID',
    'QUANTITY_NOT_WHOLE',
    'TAX_RATE_INVALID',
  ]);
  for (const [, { title, detail }] of listed) {
    for (const text of [title.zh, detail?.zh]) expect(text).toMatch(/\p{Script=Han}/u);
    for (const text of [title.en, detail?.en]) expect(text).toMatch(/^["A-Z]|^\{/);
  }
});
