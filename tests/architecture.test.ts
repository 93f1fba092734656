/** The arrows between modules hold, and each rule is shown to bite on a fixture made to break it. */
import { globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forbidden, options } from './architecture-rules.ts';

const PROJECT = join(import.meta.dirname, '..');

async function cruiseFolder(baseDir: string): Promise<ICruiseResult> {
  const result = await cruise(['src'], { ...options, baseDir, validate: true, ruleSet: { forbidden } } as never);
  return result.output as ICruiseResult;
}

describe('the product', () => {
  it('imports one way only, and every file was looked at', async () => {
    const result = await cruiseFolder(PROJECT);
    expect(result.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
    const cruised = result.modules.filter(({ source }) => source.startsWith('src/')).length;
    expect(cruised).toBeGreaterThanOrEqual(globSync('src/**/*.ts', { cwd: PROJECT }).length);
  });
});

describe('each rule bites', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'partledger-arrows-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const write = (base: string, files: Record<string, string>) => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(base, name)), { recursive: true });
      writeFileSync(join(base, name), text);
    }
  };
  /** One violating tree per rule, by the rule's name. */
  const violating = (rule: string): Record<string, string> => {
    const [, lower] = /^(\w+)-looks-down-only$/.exec(rule) ?? [];
    if (lower !== undefined) return { [`src/${lower}/a.ts`]: `import '../app.ts';`, 'src/app.ts': 'export {};' };
    const [, entered] = /^(\w+)-is-entered-through-its-index$/.exec(rule) ?? [];
    if (entered !== undefined)
      return { 'src/app.ts': `import './${entered}/secret.ts';`, [`src/${entered}/secret.ts`]: 'export {};' };
    const trees: Record<string, Record<string, string>> = {
      'no-circles': { 'src/firm/a.ts': `import './b.ts';`, 'src/firm/b.ts': `import './a.ts';` },
      'core-is-a-leaf': { 'src/core/a.ts': `import '../platform/b.ts';`, 'src/platform/b.ts': 'export {};' },
      'big-js-in-one-file': { 'src/firm/a.ts': `import Big from 'big.js'; export const a = Big;` },
      'nothing-imports-main': { 'src/app.ts': `import './main.ts';`, 'src/main.ts': 'export {};' },
      'product-does-not-import-tests': { 'src/app.ts': `import '../tests/a.ts';`, 'tests/a.ts': 'export {};' },
    };
    const tree = trees[rule];
    if (tree === undefined) throw new Error(`the rule ${rule} has no violating fixture`);
    return tree;
  };

  it.each(forbidden.map(({ name }) => name))('%s', async rule => {
    const base = join(folder, rule);
    write(base, violating(rule));
    const result = await cruiseFolder(base);
    expect(result.summary.violations.map(violation => violation.rule.name)).toContain(rule);
  });
});
