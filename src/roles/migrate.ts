import type { Config } from '../config.ts';
import { printResult, readArgs, say } from './command-line.ts';
import { openSystem } from './system.ts';

export async function run(config: Config, args: string[]): Promise<number> {
  const { values } = readArgs(args, { json: { type: 'boolean' } }, 0);
  const system = await openSystem(config, { as: 'tool', migrate: true, say });
  await system.close();
  const { migrated } = system;
  printResult(
    values.json === true,
    { ok: true, migrated },
    migrated.length === 0 ? 'The schema is up to date.' : `Migrated: ${migrated.join(', ')}`,
  );
  return 0;
}
