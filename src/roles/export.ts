import type { Config } from '../config.ts';
import { periodName } from '../core/fiscal-period.ts';
import { exportStatements } from '../settlement/index.ts';
import { printResult, progressLine, readArgs, say, Usage } from './command-line.ts';
import { openSystem } from './system.ts';

const FORMATS = ['xlsx', 'pdf', 'csv'] as const;
const LANGUAGES = ['zh', 'en'] as const;

/** Writes the frozen statements of a period, one file each, into a folder. */
export async function run(config: Config, args: string[]): Promise<number> {
  const { values, positionals } = readArgs(
    args,
    {
      period: { type: 'string' },
      format: { type: 'string' },
      language: { type: 'string' },
      dealer: { type: 'string' },
      out: { type: 'string' },
      json: { type: 'boolean' },
    },
    1,
  );
  if (positionals[0] !== 'statements') throw new Usage(`There is no export "${positionals[0]}"; there is: statements.`);
  if (values.period === undefined || values.out === undefined) throw new Usage('--period and --out are needed.');
  const format = FORMATS.find(known => known === values.format);
  if (format === undefined) throw new Usage(`--format must be one of ${FORMATS.join(', ')}.`);
  const language = LANGUAGES.find(known => known === (values.language ?? 'zh'));
  if (language === undefined) throw new Usage(`--language must be one of ${LANGUAGES.join(', ')}.`);
  const system = await openSystem(config, { as: 'tool', migrate: true, say });
  try {
    const result = await exportStatements({
      database: system.database,
      period: periodName(values.period),
      format,
      language,
      outDir: values.out,
      onProgress: progressLine('statements'),
      ...(values.dealer === undefined ? {} : { dealerCode: values.dealer }),
    });
    printResult(values.json === true, { ok: true, ...result }, `${result.files} files written to ${values.out}.`);
    return 0;
  } finally {
    await system.close();
  }
}
