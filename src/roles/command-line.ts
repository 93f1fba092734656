/** What the command-line roles share: words for a person on stderr, one result on stdout. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { type Context, systemContext } from '../access/index.ts';
import { businessDateAt } from '../core/business-date.ts';
import type { Problem } from '../core/problem.ts';
import type { System } from './system.ts';

/** Wrong usage: exit status 2. */
export class Usage extends Error {}

export function say(message: string): void {
  process.stderr.write(`${message}\n`);
}

/** The one result of a role: JSON on stdout with --json, else words. */
export function printResult(json: boolean, result: unknown, words: string): void {
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : `${words}\n`);
}

export function describeProblem(refusal: Problem): Record<string, unknown> {
  return {
    ...refusal.facts,
    code: refusal.code,
    title: refusal.title('en'),
    titleZh: refusal.title('zh'),
    detail: refusal.detail('en'),
  };
}

/** Strict options and positionals. Throws Usage. */
export function readArgs<const Options extends ParseArgsOptionsConfig>(
  args: string[],
  options: Options,
  positionals: number,
) {
  try {
    const parsed = parseArgs({ args, options, strict: true, allowPositionals: positionals > 0 });
    if (parsed.positionals.length !== positionals)
      throw new Usage(`Expected ${positionals} argument(s), got ${parsed.positionals.length}.`);
    return parsed;
  } catch (error) {
    throw error instanceof Usage ? error : new Usage((error as Error).message);
  }
}

export function commandLineContext(system: System): Context {
  const now = system.clock.now();
  return systemContext('command-line', now, businessDateAt(now, system.timeZone));
}

/** A progress line that stays one line on a terminal and comes rarely into a log. */
export function progressLine(label: string): (done: number, total?: number) => void {
  let shownAt = 0;
  return (done, total) => {
    const now = Date.now();
    const last = total !== undefined && done >= total;
    if (!last && now - shownAt < (process.stderr.isTTY ? 200 : 5_000)) return;
    shownAt = now;
    const text = `${label}: ${done}${total === undefined ? '' : ` / ${total}`}`;
    process.stderr.write(
      process.stderr.isTTY && !last ? `\r${text}\u001b[K` : `${process.stderr.isTTY ? '\r' : ''}${text}\n`,
    );
  };
}
