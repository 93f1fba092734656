/** The service as a process: one command, one owner of DATA_DIR, clean stops, and starts after a kill. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  environment,
  killHard,
  newDataDir,
  PROJECT,
  type Running,
  readyAddress,
  removeDataDir,
  run,
  start,
} from '../support/processes.ts';

let dataDir = '';
let started: Running[] = [];
beforeEach(() => {
  dataDir = newDataDir();
  started = [];
});
afterEach(async () => {
  for (const running of started) {
    if (running.child.exitCode === null) running.child.kill('SIGTERM');
    await running.finished;
  }
  // whatever a kill left behind is adopted, checked and stopped by a tool
  await run(['migrate'], environment(dataDir));
  expect(serversOf(dataDir)).toEqual([]);
  removeDataDir(dataDir);
});

function launch(args: readonly string[], env = environment(dataDir)): Running {
  const running = start(args, env);
  started.push(running);
  return running;
}

/** PostgreSQL processes that work in this folder. */
function serversOf(folder: string): string[] {
  const lines = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' }).split('\n');
  return lines.filter(line => line.includes('postgres') && line.includes(folder));
}

async function isReady(address: string): Promise<boolean> {
  return (await fetch(`${address}/health/ready`)).status === 200;
}

describe('serve', () => {
  it('is ready on an empty folder, stops cleanly on SIGTERM and takes no server along', async () => {
    const service = launch(['serve']);
    expect(await isReady(await readyAddress(service))).toBe(true);
    expect(serversOf(dataDir).length).toBeGreaterThan(0);
    service.child.kill('SIGTERM');
    expect((await service.finished).code).toBe(0);
    expect(serversOf(dataDir)).toEqual([]);
  });

  it('ignores a repeated Ctrl-C within two seconds', async () => {
    const service = launch(['serve']);
    await readyAddress(service);
    service.child.kill('SIGINT');
    service.child.kill('SIGINT');
    expect((await service.finished).code).toBe(0);
  });

  it('stops when npm alone is told to', async () => {
    const npm = spawn('npm', ['start'], { cwd: PROJECT, env: environment(dataDir), stdio: ['ignore', 'pipe', 'pipe'] });
    const finished = once(npm, 'close').then(([code, signal]) => ({ code, signal, stdout: '', stderr: '' }));
    await readyAddress({ child: npm, finished });
    npm.kill('SIGTERM');
    await finished;
    expect(serversOf(dataDir)).toEqual([]);
  });

  it('leaves the first alone when a second is started on its folder', async () => {
    const first = launch(['serve']);
    const address = await readyAddress(first);
    const second = await run(['serve'], environment(dataDir));
    expect(second.code).toBe(1);
    expect(second.stderr).toContain('DATA_DIR_IN_USE');
    expect(await isReady(address)).toBe(true);
  });

  it('starts after kill -9, on what was left running', async () => {
    const first = launch(['serve']);
    await readyAddress(first);
    await killHard(first);
    expect(serversOf(dataDir).length).toBeGreaterThan(0);
    const second = launch(['serve']);
    expect(await isReady(await readyAddress(second))).toBe(true);
  });

  it('starts after a kill -9 in the middle of a first start', async () => {
    for (const milliseconds of [300, 900, 1_800]) {
      const early = launch(['serve']);
      await new Promise(resolve => setTimeout(resolve, milliseconds));
      await killHard(early);
    }
    const service = launch(['serve']);
    expect(await isReady(await readyAddress(service))).toBe(true);
    service.child.kill('SIGTERM');
    await service.finished;
    expect((await run(['verify'], environment(dataDir))).code).toBe(0);
  });

  it('lets the command line work beside it', async () => {
    await readyAddress(launch(['serve']));
    const verify = await run(['verify', '--json'], environment(dataDir));
    expect(verify.code, verify.stderr).toBe(0);
    expect(JSON.parse(verify.stdout)).toMatchObject({ ok: true });
  });
});

describe('the command line', () => {
  it('says what is wrong with its use', async () => {
    expect(await run(['nonsense'], environment(dataDir))).toMatchObject({ code: 2 });
    expect(await run(['close-period'], environment(dataDir))).toMatchObject({ code: 2 });
    expect(await run(['export', 'statements', '--format', 'doc'], environment(dataDir))).toMatchObject({ code: 2 });
    expect(await run(['serve'], environment(dataDir, { PORT: 'x' }))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('PORT'),
    });
    expect(await run(['--help'], environment(dataDir))).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('close-period'),
    });
  });
});
