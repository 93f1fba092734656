/** Checks and applies uploaded files. Either may run twice: a check only counts once, an application commits once. */
import { type Context, systemContext } from '../access/index.ts';
import { Problem } from '../core/problem.ts';
import { type Dependencies, today } from '../platform/dependencies.ts';
import { inTransaction } from '../platform/transaction.ts';
import { getImport, type Import, recordApplication, recordCheck, recordRefusal } from './import.ts';
import { getImportKind } from './import-command.ts';
import type { ImportKind } from './import-kind.ts';
import type { Job, JobKind, JobProgress } from './job-kind.ts';
import { openImportSource } from './read-table.ts';
import { type ImportOutcome, runImport } from './run-import.ts';

/** The jobs of these kinds of import. */
export function importJobs(kinds: readonly ImportKind[]): readonly JobKind[] {
  return [
    {
      kind: 'import-check',
      run: (dependencies, job, progress) =>
        work(dependencies, job, 'uploaded', async found => {
          const outcome = await load(dependencies, kinds, found, progress, null);
          await inTransaction(dependencies.database, { now: dependencies.clock.now() }, tx =>
            recordCheck(tx, found.id, outcome),
          );
        }),
    },
    {
      kind: 'import-application',
      run: (dependencies, job, progress) =>
        work(dependencies, job, 'applying', async found => {
          await load(dependencies, kinds, found, progress, contextOf(dependencies, found));
        }),
    },
  ];
}

/** A file that cannot stand is an answer, not a failure of the job. */
async function work(
  dependencies: Dependencies,
  job: Job,
  awaited: Import['state'],
  act: (found: Import) => Promise<void>,
): Promise<Readonly<Record<string, unknown>>> {
  const { database, clock } = dependencies;
  const importId = String(job.payload['importId']);
  const found = await getImport(database.reader(), importId);
  if (found.state === awaited) {
    try {
      await act(found);
    } catch (error) {
      if (!(error instanceof Problem) || error.status >= 500) throw error;
      // another run of this job was faster: what it did stands
      if (error.code !== 'IMPORT_NOT_APPLICABLE')
        await inTransaction(database, { now: clock.now() }, tx => recordRefusal(tx, importId, error));
    }
  }
  const { state } = await getImport(database.reader(), importId);
  return { importId, state };
}

async function load(
  dependencies: Dependencies,
  kinds: readonly ImportKind[],
  found: Import,
  progress: JobProgress,
  applying: Context | null,
): Promise<ImportOutcome> {
  const kind = getImportKind(kinds, found.kind);
  const path = dependencies.files.pathOf(found.sha256);
  const source = await openImportSource(path, kind.columns, { fileName: found.fileName });
  const watched = {
    ...source,
    // reading is where the time goes, so this is where a cancelled or stopping job lets go
    batches: () => reportRows(source.batches(), progress),
  };
  const context = applying ?? contextOf(dependencies, found);
  return await runImport(dependencies, kind, watched, found.options, context, {
    apply: applying !== null,
    ...(applying === null ? {} : { record: (tx, outcome) => recordApplication(tx, applying, found, outcome) }),
  });
}

async function* reportRows<Row>(batches: AsyncIterable<readonly Row[]>, progress: JobProgress) {
  let rows = 0;
  for await (const batch of batches) {
    rows += batch.length;
    await progress.report(rows);
    yield batch;
  }
}

/** The work is done in the name of whoever asked for it; that they may was checked when they asked. */
function contextOf(dependencies: Dependencies, found: Import): Context {
  const now = dependencies.clock.now();
  const context = systemContext('import', now, today(dependencies));
  return { ...context, principal: { ...context.principal, name: found.requestedBy } };
}
