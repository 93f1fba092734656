/** Every code a caller may meet is documented, is thrown somewhere, and some test has met it. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROBLEMS_PAGE, problemsPage } from '../scripts/write-problems.ts';
import { knownProblems } from '../src/core/problem.ts';

const PROJECT = join(import.meta.dirname, '..');

function textOf(pattern: string, but: RegExp): string {
  const files = globSync(pattern, { cwd: PROJECT }).filter(name => !but.test(name));
  return files.map(name => readFileSync(join(PROJECT, name), 'utf8')).join('\n');
}

/** Codes that stand nowhere in a text as a word of their own. */
function missing(codes: readonly string[], text: string): string[] {
  const words = new Set(text.match(/[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*/g));
  return codes.filter(code => !words.has(code));
}

describe('problems', () => {
  it('stand in docs/problems.md as they are in the code', async () => {
    expect(readFileSync(PROBLEMS_PAGE, 'utf8'), 'run `npm run problems`').toBe(await problemsPage());
    expect(knownProblems().length).toBeGreaterThan(60);
  });

  it('have a title in both languages, and a detail whose facts are the same in both', () => {
    const facts = (text: string | undefined) => [...(text ?? '').matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
    const odd = knownProblems().filter(([, { title, detail }]) => {
      const chinese = /\p{Script=Han}/u.test(title.zh) && !/\p{Script=Han}/u.test(title.en);
      return !chinese || String(facts(detail?.zh)) !== String(facts(detail?.en));
    });
    expect(odd.map(([code]) => code)).toEqual([]);
  });

  it('have a status a refusal can have', () => {
    expect(knownProblems().filter(([, { status }]) => status < 400 || status > 599)).toEqual([]);
  });

  it('are used by the code', () => {
    const codes = knownProblems().map(([code]) => code);
    expect(missing(codes, textOf('src/**/*.ts', /errors\.ts$/))).toEqual([]);
  });

  it('are met by a test', () => {
    const codes = knownProblems().map(([code]) => code);
    expect(missing(codes, textOf('tests/**/*.ts', /^tests\/(problems|openapi)\.test\.ts$/))).toEqual([]);
    expect(missing(['NEVER_MET'], 'a NEVER_MET_BEFORE b')).toEqual(['NEVER_MET']);
  });
});
