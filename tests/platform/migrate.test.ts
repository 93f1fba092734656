import { createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureFirm } from '../../src/firm/index.ts';
import { type Database, openDatabase, query } from '../../src/platform/database.ts';
import { migrate, pendingMigrations } from '../../src/platform/migrate.ts';
import { freshDatabase } from '../support/test-database.ts';

let url = '';
let database: Database;
beforeAll(async () => {
  url = await freshDatabase();
  database = await openDatabase({ url, role: 'owner', entities: [], poolMax: 2 });
});
afterAll(() => database.close());

/** Speaks just enough of PostgreSQL's protocol to say that it is version 14. */
async function oldServer(): Promise<{ url: string; close(): void }> {
  const message = (type: string, body: Buffer) => {
    const head = Buffer.alloc(5);
    head.write(type, 0, 'latin1');
    head.writeInt32BE(body.length + 4, 1);
    return Buffer.concat([head, body]);
  };
  const int = (bytes: number, value: number) => {
    const buffer = Buffer.alloc(bytes);
    buffer.writeIntBE(value, 0, bytes);
    return buffer;
  };
  const column = (name: string) =>
    Buffer.concat([Buffer.from(`${name}\0`), int(4, 0), int(2, 0), int(4, 25), int(2, -1), int(4, -1), int(2, 0)]);
  const value = (text: string) => Buffer.concat([int(4, text.length), Buffer.from(text)]);
  const ready = message('Z', Buffer.from('I'));
  const answer = Buffer.concat([
    message('T', Buffer.concat([int(2, 2), column('number'), column('version')])),
    message('D', Buffer.concat([int(2, 2), value('140011'), value('14.11')])),
    message('C', Buffer.from('SELECT 1\0')),
    ready,
  ]);
  const talk = (socket: Socket) => {
    socket.once('data', () => {
      socket.write(Buffer.concat([message('R', int(4, 0)), ready]));
      socket.on('data', chunk => (chunk.toString('latin1', 0, 1) === 'X' ? socket.end() : socket.write(answer)));
    });
    socket.on('error', () => {});
  };
  const server = createServer(talk);
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as { port: number };
  return { url: `postgres://old@127.0.0.1:${port}/old`, close: () => server.close() };
}

describe('migrating', () => {
  it('refuses a server older than 15 before it touches anything', async () => {
    const old = await oldServer();
    try {
      await expect(migrate(old.url)).rejects.toMatchObject({ code: 'SERVER_TOO_OLD', facts: { version: '14.11' } });
    } finally {
      old.close();
    }
  });

  it('does nothing the second time, from several processes at once', async () => {
    expect(await Promise.all([migrate(url), migrate(url), migrate(url)])).toEqual([[], [], []]);
    expect(await pendingMigrations(database)).toEqual([]);
  });

  it('tells what a database lacks', async () => {
    await query(database.reader(), `delete from schema_migration where name = '0009-orders'`);
    expect(await pendingMigrations(database)).toEqual(['0009-orders']);
    await query(database.reader(), `insert into schema_migration (name, executed_at) values ('0009-orders', now())`);
  });
});

describe('the time zone of the firm', () => {
  const firm = { nameZh: '甲', nameEn: null, currency: 'CNY', createdAt: new Date() };

  it('is fixed at the first migrate: another one is refused when it is asked for, and kept when it is not', async () => {
    const berlin = { ...firm, timeZone: 'Europe/Berlin' };
    await expect(ensureFirm(database, berlin, true)).rejects.toMatchObject({
      code: 'TIME_ZONE_MISMATCH',
      facts: { stored: 'Asia/Shanghai', configured: 'Europe/Berlin' },
    });
    expect(await ensureFirm(database, berlin, false)).toMatchObject({ timeZone: 'Asia/Shanghai' });
    expect(await ensureFirm(database, { ...firm, timeZone: 'Asia/Shanghai' }, true)).toMatchObject({
      timeZone: 'Asia/Shanghai',
    });
  });
});
