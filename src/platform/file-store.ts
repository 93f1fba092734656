/**
 * Content-addressed files under FILES_DIR. The row that names a file is written in the transaction that needs
 * it; a file whose row never came is an orphan and swept.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export type StoredContent = { readonly sha256: string; readonly sizeBytes: number };

export type FileStore = {
  /** Stores a stream under the SHA-256 of its bytes; the same content is stored once. */
  put(content: Readable): Promise<StoredContent>;
  read(sha256: string): Readable;
  pathOf(sha256: string): string;
  /** Every stored digest with its age, for the sweep of orphans. */
  list(): AsyncIterable<{ sha256: string; modifiedAt: Date }>;
  remove(sha256: string): Promise<void>;
  /** Removes what was being stored when a process died; returns how many. */
  removeUnfinished(before: Date): Promise<number>;
};

export function openFileStore(directory: string): FileStore {
  const pathOf = (sha256: string): string => {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error('not a SHA-256');
    return join(directory, sha256.slice(0, 2), sha256);
  };
  const incoming = join(directory, 'incoming');
  return {
    pathOf,
    read: sha256 => createReadStream(pathOf(sha256)),
    async put(content) {
      await mkdir(incoming, { recursive: true });
      const temporary = join(incoming, randomBytes(16).toString('hex'));
      const hash = createHash('sha256');
      let sizeBytes = 0;
      try {
        await pipeline(
          content,
          async function* (source: AsyncIterable<Uint8Array>) {
            for await (const chunk of source) {
              hash.update(chunk);
              sizeBytes += chunk.length;
              yield chunk;
            }
          },
          createWriteStream(temporary, { mode: 0o600, flush: true }),
        );
        const sha256 = hash.digest('hex');
        await mkdir(join(directory, sha256.slice(0, 2)), { recursive: true });
        await rename(temporary, pathOf(sha256));
        return { sha256, sizeBytes };
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    },
    async *list() {
      for (const folder of await readdir(directory).catch(() => [])) {
        if (!/^[0-9a-f]{2}$/.test(folder)) continue;
        for (const sha256 of await readdir(join(directory, folder))) {
          const found = await stat(join(directory, folder, sha256)).catch(() => null);
          if (found !== null) yield { sha256, modifiedAt: found.mtime };
        }
      }
    },
    remove: sha256 => rm(pathOf(sha256), { force: true }),
    async removeUnfinished(before) {
      let removed = 0;
      for (const name of await readdir(incoming).catch(() => [])) {
        const found = await stat(join(incoming, name)).catch(() => null);
        if (found === null || found.mtime >= before) continue;
        await rm(join(incoming, name), { force: true });
        removed += 1;
      }
      return removed;
    },
  };
}
