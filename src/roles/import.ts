import { importKinds } from '../composition.ts';
import type { Config } from '../config.ts';
import {
  describeImport,
  getImportKind,
  importFile,
  importFlags,
  importHelp,
  importOptions,
} from '../exchange/index.ts';
import { commandLineContext, printResult, progressLine, readArgs, say, Usage } from './command-line.ts';
import { openSystem } from './system.ts';

const USAGE = 'Usage: node src/main.ts import <kind> <file> [--apply] [--json] [options of the kind]';
const FLAGS = { apply: { type: 'boolean' }, json: { type: 'boolean' } } as const;

/** Checks a file, and loads it with --apply: the same run, kept or rolled back. Rejected lines are listed; the accepted ones stand. */
export async function run(config: Config, args: string[]): Promise<number> {
  const [name] = args;
  if (name === '--help' || name === '-h' || args.includes('--help')) {
    process.stdout.write(`${USAGE}\n\nKinds\n${importHelp(importKinds)}\n`);
    return 0;
  }
  if (name === undefined || name.startsWith('-')) throw new Usage(`${USAGE}\n\nKinds\n${importHelp(importKinds)}`);
  const kind = getImportKind(importKinds, name);
  const { values, positionals } = readArgs(args, { ...FLAGS, ...importFlags(kind) }, 2);
  const flags: Readonly<Record<string, unknown>> = values;
  const system = await openSystem(config, { as: 'tool', migrate: true, say });
  try {
    const outcome = await importFile({
      database: system.database,
      kind,
      path: positionals[1] ?? '',
      options: importOptions(kind, flags),
      context: commandLineContext(system),
      apply: flags['apply'] === true,
      onProgress: progressLine('lines read'),
    });
    printResult(flags['json'] === true, outcome, describeImport(outcome));
    return 0;
  } finally {
    await system.close();
  }
}
