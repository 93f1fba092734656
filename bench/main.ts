/** `npm run bench [-- --only PREFIX] [--json FILE]`: each row against its floor, interleaved in one run; one table. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { BenchRow } from './row.ts';

const ROWS: Readonly<Record<string, () => Promise<() => Promise<BenchRow>>>> = {
  'price-query-20': async () => (await import('./price-query.ts')).priceQuery20,
  'price-query-100': async () => (await import('./price-query.ts')).priceQuery100,
  'history-import': async () => (await import('./history-import.ts')).historyImport,
  'month-close': async () => (await import('./month-close.ts')).monthClose,
  'statement-pdf': async () => (await import('./statement-pdf.ts')).statementPdf,
  start: async () => (await import('./start.ts')).start,
};

const { values } = parseArgs({ options: { only: { type: 'string' }, json: { type: 'string' } } });
const chosen = Object.entries(ROWS).filter(([name]) => name.startsWith(values.only ?? ''));
if (chosen.length === 0) {
  process.stderr.write(`There is no row ${values.only}; there are: ${Object.keys(ROWS).join(', ')}\n`);
  process.exit(2);
}
const results: BenchRow[] = [];
for (const [name, load] of chosen) {
  process.stderr.write(`${name} …\n`);
  results.push(await (await load())());
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
process.stdout.write(
  `${['row', 'ours', 'floor', 'ratio', 'target', 'unit', 'runs'].join('\t')}\n${results
    .map(({ row, ours, floor, ratio, target, unit, runs }) =>
      [row, ours.toFixed(2), floor.toFixed(2), ratio.toFixed(2), target, unit, runs].join('\t'),
    )
    .join('\n')}\n`,
);
process.exit(0);
