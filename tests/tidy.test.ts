/** The measures of the house: files and functions stay readable, and no room is named after nothing. The checks are themselves checked. */
import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const PROJECT = join(import.meta.dirname, '..');
const LINES_MAX = 400;
const VAGUE = /(^|\/)(utils?|common|helpers?|services?|managers?|dtos?|types)\//;

function tooLong(files: ReadonlyArray<readonly [name: string, text: string]>): string[] {
  return files.filter(([, text]) => text.split('\n').length - 1 > LINES_MAX).map(([name]) => name);
}

function vague(names: readonly string[]): string[] {
  return names.filter(name => VAGUE.test(name));
}

/** Files of the project itself, as git knows them (untracked ones too, ignored ones not). */
function projectFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: PROJECT,
    encoding: 'utf8',
  });
  return listed.split('\n').filter(name => /\.(ts|mjs)$/.test(name));
}

describe('tidy', () => {
  it('no file is longer than 400 lines', () => {
    const files = globSync('{src,tests,bench,scripts,templates}/**/*.{ts,mjs}', { cwd: PROJECT });
    expect(files.length).toBeGreaterThan(50);
    expect(tooLong(files.map(name => [name, readFileSync(join(PROJECT, name), 'utf8')] as const))).toEqual([]);
    expect(tooLong([['long.ts', 'x\n'.repeat(LINES_MAX + 1)]])).toEqual(['long.ts']);
  });

  it('no folder is named after nothing', () => {
    expect(vague(globSync('{src,tests}/**/*.ts', { cwd: PROJECT }))).toEqual([]);
    expect(vague(['src/utils/a.ts', 'src/orders/helpers/b.ts'])).toHaveLength(2);
  });

  it('file names are kebab-case', () => {
    const odd = (names: readonly string[]) => names.filter(name => !/^[a-z0-9.-]+$/.test(name.split('/').at(-1) ?? ''));
    expect(odd(projectFiles())).toEqual([]);
    expect(odd(['src/StockLevel.ts'])).toHaveLength(1);
  });
});
