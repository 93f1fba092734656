/**
 * Rows into a table by COPY, on the connection of the transaction: the only way that keeps up with a file of a
 * million lines. Text format of PostgreSQL, "COPY", File Formats.
 */
import { once } from 'node:events';
import { from } from 'pg-copy-streams';
import { clientOf, type Tx } from './database.ts';

export type CopyRow = readonly (string | null)[];
type CopyBatches = AsyncIterable<readonly CopyRow[]> | Iterable<readonly CopyRow[]>;

const CHUNK_CHARACTERS_MIN = 64 * 1024;
const BUFFER_BYTES_MAX = 1024 * 1024;
const NEEDS_ESCAPE = /[\\\t\n\r]/;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/**
 * Copies batches of rows into `into` (`table (column, …)`, never from user input); cells are texts as PostgreSQL
 * reads them, null is NULL. Returns how many rows. A bulk transaction sets its own statement timeout.
 */
export async function copyRows(tx: Tx, into: string, batches: CopyBatches): Promise<number> {
  const client = await clientOf(tx);
  const copy = client.query(from(`copy ${into} from stdin`, { highWaterMark: BUFFER_BYTES_MAX }));
  let failure: Error | null = null;
  copy.on('error', error => {
    failure = error;
    // chunks still waiting for the socket must not be sent on a connection that has left the copy
    copy.destroy();
  });
  const closed = new Promise<void>(resolve => copy.once('close', resolve));
  try {
    let pending = '';
    for await (const batch of batches) {
      pending += textOf(batch);
      if (pending.length < CHUNK_CHARACTERS_MIN) continue;
      if (failure !== null) throw failure;
      if (!copy.write(pending)) await once(copy, 'drain');
      pending = '';
    }
    if (failure !== null) throw failure;
    copy.end(pending);
    await once(copy, 'finish');
  } catch (error) {
    if (failure === null) {
      // the server answers CopyFail with an error of its own; only then is the connection free again
      copy.destroy(new Error('the source of the copy failed'));
      await closed;
    }
    throw error;
  }
  return copy.rowCount;
}

function textOf(rows: readonly CopyRow[]): string {
  let text = '';
  for (const row of rows) {
    let separator = '';
    for (const cell of row) {
      if (cell === null) text += `${separator}\\N`;
      else text += separator + (NEEDS_ESCAPE.test(cell) ? escapeCell(cell) : cell);
      separator = '\t';
    }
    text += '\n';
  }
  return text;
}

function escapeCell(cell: string): string {
  return cell.replace(/[\\\t\n\r]/g, character => ESCAPES[character] as string);
}
