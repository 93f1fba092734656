/** Files that rows name. The content is stored first, its row in the transaction that needs it; what no row names is swept. */
import { stat } from 'node:fs/promises';
import { assert } from '../core/assert.ts';
import { uuidv7 } from '../core/uuid.ts';
import { query, queryOne, type Tx } from '../platform/database.ts';
import type { Dependencies } from '../platform/dependencies.ts';
import { problem } from '../platform/errors.ts';
import type { FileStore, StoredContent } from '../platform/file-store.ts';
import { inTransaction } from '../platform/transaction.ts';

const ORPHANS_KEPT_HOURS = 24;
const NAME_LENGTH_MAX = 200;
const HOUR_MS = 3_600_000;

type NewFile = {
  readonly content: StoredContent;
  readonly name: string;
  readonly mediaType: string;
  /** The dealer who may see it; null for the firm's own. */
  readonly dealerId: string | null;
  readonly createdBy: string;
  readonly now: Date;
};

/** Gives stored content a name. Returns the id of the file. Throws BUSY when the sweep came in between: store it again. */
export async function storeFile(tx: Tx, files: FileStore, file: NewFile): Promise<string> {
  await lockContent(tx, file.content.sha256);
  if ((await modifiedAt(files, file.content.sha256)) === null) throw problem('BUSY');
  const id = uuidv7(file.now);
  await query(
    tx,
    `insert into stored_file (id, sha256, size_bytes, name, media_type, dealer_id, created_by, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      id,
      file.content.sha256,
      file.content.sizeBytes,
      safeFileName(file.name),
      file.mediaType,
      file.dealerId,
      file.createdBy,
      file.now.toISOString(),
    ],
  );
  return id;
}

/** The last part of a path, without what a file system or a header could stumble over. */
function safeFileName(name: string): string {
  const plain = name
    .toWellFormed()
    .split(/[\\/]/)
    .at(-1)
    ?.replace(/[\p{Cc}\p{Cf}"<>:|?*]/gu, '_')
    .trim()
    .slice(-NAME_LENGTH_MAX);
  return plain === undefined || /^\.*$/.test(plain) ? 'file' : plain.toWellFormed();
}

/** Removes content that no row has named for a day, whole or not. Returns how many; safe to run twice and beside uploads. */
export async function sweepFiles(dependencies: Dependencies): Promise<number> {
  const { files, database, clock } = dependencies;
  const isOld = (at: Date) => clock.now().getTime() - at.getTime() > ORPHANS_KEPT_HOURS * HOUR_MS;
  let removed = await files.removeUnfinished(new Date(clock.now().getTime() - ORPHANS_KEPT_HOURS * HOUR_MS));
  for await (const { sha256, modifiedAt: listedAt } of files.list()) {
    if (!isOld(listedAt)) continue;
    removed += await inTransaction(database, { now: clock.now() }, async tx => {
      await lockContent(tx, sha256);
      const named = await queryOne(tx, 'select 1 from stored_file where sha256 = $1 limit 1', [sha256]);
      // the same content may have been stored again since it was listed
      const at = await modifiedAt(files, sha256);
      if (named !== null || at === null || !isOld(at)) return 0;
      await files.remove(sha256);
      return 1;
    });
  }
  return removed;
}

async function lockContent(tx: Tx, sha256: string): Promise<void> {
  assert(/^[0-9a-f]{64}$/.test(sha256), 'a SHA-256');
  await query(tx, `select pg_advisory_xact_lock(hashtextextended('file ' || $1, 0))`, [sha256]);
}

async function modifiedAt(files: FileStore, sha256: string): Promise<Date | null> {
  try {
    return (await stat(files.pathOf(sha256))).mtime;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
