import type { Config } from '../config.ts';
import { ensureDemo } from '../demo/index.ts';
import { printResult, readArgs, say } from './command-line.ts';
import { openSystem } from './system.ts';

/** Loads the demo company, or goes on with one that was cut short; an installation with dealers of its own is left alone. */
export async function run(config: Config, args: string[]): Promise<number> {
  const { values } = readArgs(args, { json: { type: 'boolean' } }, 0);
  const system = await openSystem({ ...config, demo: true }, { as: 'tool', migrate: true, say });
  try {
    const { database, clock, timeZone } = system;
    const loaded = await ensureDemo({ database, clock, timeZone, today: config.demoToday, say });
    const words = loaded
      ? 'The demo company is there.'
      : 'This installation has dealers of its own: the demo company was not loaded.';
    printResult(values.json === true, { ok: loaded }, words);
    return loaded ? 0 : 1;
  } finally {
    await system.close();
  }
}
