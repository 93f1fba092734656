/** Parts from a file: new ones are made, stored ones take what it says of them; supersessions come with them. */
import { Type } from 'typebox';
import { problem as accessProblem, appendAudit, type Context } from '../access/index.ts';
import { businessDate } from '../core/business-date.ts';
import type { Finding, ImportFindings, ImportKind, ImportOptions, ImportSource } from '../exchange/index.ts';
import { query, type Tx } from '../platform/database.ts';
import { BusinessDate, closed } from '../platform/http/schemas.ts';
import { FIRM_STREAM, publish } from '../platform/outbox.ts';
import { problem } from './errors.ts';
import { VALUE_SHOWN_MAX } from './import-cells.ts';
import { countParts, judgeParts, type PartCounts, writeCosts, writeParts } from './load-parts.ts';
import { type LoadedSupersessions, writeSupersessions } from './load-supersessions.ts';
import { PART_COLUMNS } from './part-row.ts';
import { PartClassName, Unit } from './part-view.ts';
import { stageParts } from './stage-parts.ts';
import { lockSupersessions } from './supersession.ts';

const SIMILAR_SHOWN_MAX = 20;

/**
 * Rejections: what `readPartRow` and `judgeParts` name. Warnings: SUPERSESSION_LOOP (left out), SUPERSESSION_DANGLING
 * (kept, linked when the successor arrives), IDENTICAL_LINE. Notices: PART_NUMBER_SIMILAR (same once punctuation is
 * dropped), SUPERSESSION_NOT_READ (the description says USE in a way only a person can read).
 */
export const partsImport: ImportKind = {
  kind: 'parts',
  permission: 'parts.write',
  columns: PART_COLUMNS,
  options: closed({
    partClass: Type.Optional({
      ...PartClassName,
      description: 'Class of new parts where the file names none: functional',
    }),
    unit: Type.Optional({ ...Unit, description: 'Unit of new parts where the file names none: piece' }),
    costFrom: Type.Optional({ ...BusinessDate, description: 'First day of the costs of the file: today' }),
  }),
  run: importParts,
};

/** Throws UNIT_UNKNOWN, BUSINESS_DATE_INVALID, PERMISSION_MISSING (a column of costs needs costs.read). R1.2, R1.5 */
async function importParts(
  tx: Tx,
  context: Context,
  source: ImportSource,
  options: ImportOptions,
): Promise<ImportFindings> {
  const costFrom = businessDate(String(options['costFrom'] ?? context.today));
  const defaults = {
    partClass: String(options['partClass'] ?? 'functional'),
    unit: String(options['unit'] ?? 'piece'),
  };
  await requireUsable(tx, context, source, defaults.unit);
  await lockSupersessions(tx);
  const staged = await stageParts(tx, source);
  await judgeParts(tx, defaults, context.today);
  await writeParts(tx, context, defaults);
  const supersessions = await writeSupersessions(tx, context);
  if (source.columns.has('cost')) await writeCosts(tx, context, costFrom);

  const counts = await countParts(tx);
  const rejected = [...staged.refused, ...(await rejectedRows(tx))].sort(byLine);
  const refused = new Set(rejected.map(({ line }) => line));
  const warned = [...supersessions.loops, ...supersessions.dangling, ...(await identicalRows(tx))].sort(byLine);
  const result = resultOf(supersessions);
  if (counts.created + counts.changed > 0) await tell(tx, context, source.fileName, { ...counts, ...result });
  return {
    counts: {
      read: staged.read,
      ...counts,
      rejected: staged.read - counts.accepted,
      warned: new Set(warned.map(({ line }) => line)).size,
      unchanged: counts.accepted - counts.created - counts.changed,
    },
    rejected,
    warned,
    notices: [...(await similarNumbers(tx)), ...staged.mentions.filter(({ line }) => !refused.has(line))].sort(byLine),
    result: { message: messageOf(counts), ...result },
  };
}

async function requireUsable(tx: Tx, { principal }: Context, source: ImportSource, unit: string): Promise<void> {
  if (source.columns.has('cost') && !principal.permissions.has('costs.read'))
    throw accessProblem('PERMISSION_MISSING', { permission: 'costs.read' });
  if ((await query(tx, 'select 1 from unit where code = $1', [unit])).length === 0)
    throw problem('UNIT_UNKNOWN', { unit });
}

function byLine(a: Finding, b: Finding): number {
  return a.line - b.line;
}

async function rejectedRows(tx: Tx): Promise<Finding[]> {
  const rows = await query<{ line: number; kept_line: number; part_number: string; code: string }>(
    tx,
    'select line, kept_line, part_number, code from part_judged where code is not null',
  );
  return rows.map(({ line, kept_line: keptLine, part_number, code }) => ({
    line,
    code,
    column: 'partNumber',
    value: part_number.slice(0, VALUE_SHOWN_MAX),
    ...(code === 'DUPLICATE_IN_FILE' ? { keptLine } : {}),
  }));
}

async function identicalRows(tx: Tx): Promise<Finding[]> {
  const rows = await query<{ line: number; kept_line: number; part_number: string }>(
    tx,
    'select line, kept_line, part_number from part_judged where code is null and line <> kept_line',
  );
  return rows.map(row => ({
    line: row.line,
    code: 'IDENTICAL_LINE',
    partNumber: row.part_number,
    keptLine: row.kept_line,
  }));
}

/** Numbers that are the same once case and punctuation are dropped, in the file or with a part that is there. */
async function similarNumbers(tx: Tx): Promise<Finding[]> {
  return await query<Finding>(
    tx,
    `with told as (
       select p.search_number, min(j.line) as line from part_judged j join part p on p.part_number = j.part_number
       where j.code is null and p.search_number <> '' group by p.search_number
     )
     select t.line, 'PART_NUMBER_SIMILAR' as code, to_jsonb((array_agg(p.part_number order by p.part_number))[:${SIMILAR_SHOWN_MAX}]) as numbers
     from told t join part p on p.search_number = t.search_number group by t.search_number, t.line having count(*) > 1`,
  );
}

function resultOf({ read, loops, dangling, steps }: LoadedSupersessions) {
  return { supersessions: { read, loops: loops.length, dangling: dangling.length, steps } };
}

function messageOf({ accepted, created, changed }: PartCounts): string {
  if (created + changed > 0)
    return `${created} parts are new, ${changed} were changed. 新增 ${created} 个配件，修改 ${changed} 个。`;
  if (accepted > 0)
    return `Nothing changed: all ${accepted} accepted lines are there already. 没有变化：${accepted} 行均已存在。`;
  return 'Nothing changed: no line of this file can stand. 没有变化：文件中没有可接受的行。';
}

async function tell(tx: Tx, context: Context, fileName: string, after: Record<string, unknown>): Promise<void> {
  publish(tx, { stream: FIRM_STREAM, type: 'parts.imported', subject: after });
  await appendAudit(tx, context, { action: 'parts.imported', subjectKind: 'file', subjectId: fileName, after });
}
