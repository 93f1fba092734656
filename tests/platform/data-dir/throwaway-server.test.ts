import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startThrowawayServer } from '../../support/throwaway-server.ts';
import { ask, isAlive, until } from './child.ts';

const WHERE = `select current_setting('data_directory') as folder,
  (select min(substring(pg_read_file('postmaster.pid') from '^\\d+'))) as pid`;

test('leaves neither server nor files behind when it is stopped', async () => {
  const server = await startThrowawayServer();
  const [at] = await ask(server.adminUrl, WHERE);
  await server.stop();
  expect(isAlive(Number(at?.['pid']))).toBe(false);
  expect(existsSync(String(at?.['folder']))).toBe(false);
});

test('leaves neither server nor files behind when the test run is killed', async () => {
  const module = join(import.meta.dirname, '..', '..', 'support', 'throwaway-server.ts');
  const script = `const { startThrowawayServer } = await import(${JSON.stringify(module)});
    console.log((await startThrowawayServer()).adminUrl); setInterval(() => {}, 1000);`;
  const run = spawn(process.execPath, ['--input-type=module', '-e', script]);
  const [url] = (await once(run.stdout, 'data')) as [Buffer];
  const [at] = await ask(url.toString().trim(), WHERE);
  run.kill('SIGKILL');
  await until(() => !isAlive(Number(at?.['pid'])) && !existsSync(String(at?.['folder'])));
});
