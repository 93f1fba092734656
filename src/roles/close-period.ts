import type { Config } from '../config.ts';
import { periodName } from '../core/fiscal-period.ts';
import { closePeriod } from '../settlement/index.ts';
import { commandLineContext, printResult, readArgs, say } from './command-line.ts';
import { openSystem } from './system.ts';

/** Closes one period: its statements are frozen with number and hash, or nothing happens. */
export async function run(config: Config, args: string[]): Promise<number> {
  const { values, positionals } = readArgs(args, { json: { type: 'boolean' } }, 1);
  const name = periodName(positionals[0] ?? '');
  const system = await openSystem(config, { as: 'tool', migrate: true, say });
  try {
    const result = await closePeriod(system.database, commandLineContext(system), name);
    printResult(
      values.json === true,
      { ok: true, ...result },
      `Period ${name} is closed: ${result.statements} statements frozen, ${result.lines} lines.`,
    );
    return 0;
  } finally {
    await system.close();
  }
}
