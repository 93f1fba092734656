import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Binaries } from './binaries.ts';
import type { ServerUser } from './server-user.ts';

export type Outcome = { readonly code: number | null; readonly output: string };

const OUTPUT_BYTES_MAX = 64 * 1024;

/** Runs one of the server's programs to its end, under the server's account and out of reach of a terminal's Ctrl-C. */
export function runProgram(
  binaries: Binaries,
  program: 'initdb' | 'pg_ctl',
  args: readonly string[],
  user: ServerUser | null,
  cwd = '/',
): Promise<Outcome> {
  return new Promise(done => {
    const child = spawn(join(binaries.folder, 'bin', program), args, {
      cwd,
      // Own session: a Ctrl-C is for us to answer, the server is stopped when we say so.
      detached: process.platform !== 'win32',
      windowsHide: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      // No PG… variable of the caller may bend the server; Windows programs do not load without their own.
      ...(process.platform === 'win32' ? {} : { env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' } }),
      ...(user === null ? {} : { uid: user.uid, gid: user.gid }),
    });
    let output = '';
    const collect = (chunk: Buffer) => {
      if (output.length < OUTPUT_BYTES_MAX) output += chunk.toString('utf8');
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', error => done({ code: null, output: error.message }));
    child.on('close', code => done({ code, output: output.trim() }));
  });
}
