/** Imports on the command line: a kind's options as flags, one run, and the words that tell a person what came of it. */
import type { TSchema } from 'typebox';
import { appendAudit, type Context } from '../access/index.ts';
import type { Database } from '../platform/database.ts';
import { problem } from './errors.ts';
import type { Finding, ImportKind, ImportOptions } from './import-kind.ts';
import { openImportSource } from './read-table.ts';
import { type ImportOutcome, requireOptions, runImport } from './run-import.ts';

type ImportRequest = {
  readonly database: Database;
  readonly kind: ImportKind;
  readonly path: string;
  readonly options: ImportOptions;
  readonly context: Context;
  readonly apply: boolean;
  readonly onProgress?: (done: number) => void;
};

/** Flags as `parseArgs` takes them: booleans stand alone, texts take a value. */
type ImportFlags = Readonly<Record<string, { readonly type: 'boolean' | 'string' }>>;

const FINDINGS_SHOWN = 20;

/** Checks or loads one file. Throws what `openImportSource` and `runImport` throw. */
export async function importFile(request: ImportRequest): Promise<ImportOutcome> {
  const { database, kind, path, options, context, apply, onProgress } = request;
  requireOptions(kind, options);
  const fileName = path.split(/[\\/]/).at(-1) ?? path;
  const source = await openImportSource(path, kind.columns, { fileName });
  return await runImport({ database }, kind, source, options, context, {
    apply,
    ...(onProgress === undefined ? {} : { onProgress }),
    async record(tx, { counts, result }) {
      // a file that is there already leaves no trace: nothing was done
      if (counts.created + counts.changed === 0) return;
      await appendAudit(tx, context, {
        action: 'import.applied',
        subjectKind: 'file',
        subjectId: fileName,
        after: { kind: kind.kind, options, counts, result },
      });
    },
  });
}

/** Throws IMPORT_KIND_UNKNOWN. */
export function getImportKind(kinds: readonly ImportKind[], name: string): ImportKind {
  const kind = kinds.find(known => known.kind === name);
  if (kind === undefined)
    throw problem('IMPORT_KIND_UNKNOWN', { kind: name, known: kinds.map(known => known.kind).join(', ') });
  return kind;
}

/** `createMissing` of a kind is `--create-missing`. */
export function importFlags(kind: ImportKind): ImportFlags {
  const entries = Object.entries(propertiesOf(kind)).map(
    ([name, schema]) => [kebab(name), { type: isBoolean(schema) ? 'boolean' : 'string' }] as const,
  );
  return Object.fromEntries(entries);
}

/** What `parseArgs` read for `importFlags`, under the names of the kind. */
export function importOptions(kind: ImportKind, values: Readonly<Record<string, unknown>>): ImportOptions {
  const options: Record<string, string | boolean> = {};
  for (const name of Object.keys(propertiesOf(kind))) {
    const value = values[kebab(name)];
    if (typeof value === 'string' || typeof value === 'boolean') options[name] = value;
  }
  return options;
}

/** Every kind with its columns and flags. */
export function importHelp(kinds: readonly ImportKind[]): string {
  return kinds
    .map(kind => {
      const columns = kind.columns.map(({ key, required }) => (required ? key : `[${key}]`)).join(', ');
      const flags = Object.entries(propertiesOf(kind)).map(([name, schema]) => {
        const { description } = schema as { description?: string };
        const flag = `--${kebab(name)}${isBoolean(schema) ? '' : ` ${name.toUpperCase()}`}`;
        return `    ${flag.padEnd(26)} ${description ?? ''}`.trimEnd();
      });
      return [`  ${kind.kind}`, `    columns: ${columns}`, ...flags].join('\n');
    })
    .join('\n');
}

/** The outcome in words: counts, the first findings of each sort, what was made, and what to do next. */
export function describeImport(outcome: ImportOutcome): string {
  const { counts, applied } = outcome;
  const lines = [
    applied ? 'Loaded / 已导入' : 'Checked, nothing changed / 已检查，未做更改',
    row('read', '读取', counts.read),
    row('accepted', '接受', counts.accepted),
    row('  created', '新增', counts.created),
    row('  changed', '修改', counts.changed),
    row('  unchanged', '未变', counts.unchanged),
    row('rejected', '拒绝', counts.rejected),
    row('warned', '警告', counts.warned),
    ...findingLines('Rejected / 拒绝', outcome.rejected),
    ...findingLines('Warnings / 警告', outcome.warned),
    ...findingLines('Notices / 提示', outcome.notices),
    ...Object.entries(outcome.result).map(([name, value]) => `${name}: ${shown(value)}`),
  ];
  if (!applied) lines.push('Add --apply to load it. / 加 --apply 导入。');
  return lines.join('\n');
}

function row(label: string, labelZh: string, count: number): string {
  return `  ${label.padEnd(12)} ${String(count).padStart(9)}  ${labelZh}`;
}

function findingLines(title: string, findings: readonly Finding[]): string[] {
  if (findings.length === 0) return [];
  const lines = findings.slice(0, FINDINGS_SHOWN).map(({ line, code, ...facts }) => {
    const details = Object.entries(facts).map(([name, value]) => `${name}=${shown(value)}`);
    return [`  line ${line}: ${code}`, ...details].join(' ');
  });
  const more = findings.length - FINDINGS_SHOWN;
  return [title, ...lines, ...(more > 0 ? [`  … and ${more} more (all of them with --json)`] : [])];
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function propertiesOf(kind: ImportKind): Readonly<Record<string, TSchema>> {
  return (kind.options as { properties?: Record<string, TSchema> }).properties ?? {};
}

function isBoolean(schema: TSchema): boolean {
  return (schema as { type?: unknown }).type === 'boolean';
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
}
