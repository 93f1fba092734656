import { verifyChecks } from '../composition.ts';
import type { Config } from '../config.ts';
import { runVerification } from '../firm/index.ts';
import { commandLineContext, printResult, readArgs, say } from './command-line.ts';
import { openSystem } from './system.ts';

/** Runs every proof; exit status 1 and a list when a figure disagrees. */
export async function run(config: Config, args: string[]): Promise<number> {
  const { values } = readArgs(args, { json: { type: 'boolean' } }, 0);
  const system = await openSystem(config, { as: 'tool', migrate: true, say });
  try {
    const result = await runVerification(
      system.database,
      verifyChecks,
      commandLineContext(system).principal.name,
      system.clock,
    );
    const lines = result.checks.flatMap(check => [
      `${check.disagreements.length === 0 ? 'agrees   ' : 'DISAGREES'} ${check.name}`,
      ...check.disagreements.map(
        ({ subject, expected, found }) => `            ${subject}: expected ${expected}, found ${found}`,
      ),
    ]);
    printResult(values.json === true, result, lines.join('\n'));
    return result.ok ? 0 : 1;
  } finally {
    await system.close();
  }
}
