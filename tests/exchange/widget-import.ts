/** A tiny kind of import with a table of its own: what imports do is tested without any business. */
import pg from 'pg';
import { Type } from 'typebox';
import type { Finding, ImportKind } from '../../src/exchange/index.ts';
import { copyRows } from '../../src/platform/copy-rows.ts';
import { query } from '../../src/platform/database.ts';
import { FIRM_STREAM, publish } from '../../src/platform/outbox.ts';

/** A deferred trigger refuses the code `twin` at commit. */
export async function makeWidgetTable(ownerUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  await client.query(`
    create table widget (code text primary key, name text not null, quantity integer not null);
    create function widget_twin() returns trigger language plpgsql as $$
    begin
      if new.code = 'twin' then raise exception 'refused by widget_twin'; end if;
      return null;
    end $$;
    create constraint trigger widget_twin after insert on widget deferrable initially deferred
      for each row execute function widget_twin()`);
  await client.end();
}

export const widgetImport: ImportKind = {
  kind: 'widgets',
  permission: 'parts.write',
  columns: [
    { key: 'code', headers: ['编号'], required: true },
    { key: 'name', headers: ['名称'], required: true },
    { key: 'quantity', headers: ['数量'], required: false },
  ],
  options: Type.Object(
    {
      currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$', description: 'currency of the widgets' })),
      loseRow: Type.Optional(Type.Boolean()),
    },
    { additionalProperties: false },
  ),
  async run(tx, _context, source, options) {
    const rejected: Finding[] = [];
    const warned: Finding[] = [];
    let read = 0;
    await query(tx, 'create temporary table incoming (code text, name text, quantity integer) on commit drop');
    const copied = await copyRows(
      tx,
      'incoming (code, name, quantity)',
      (async function* () {
        for await (const batch of source.batches()) {
          read += batch.length;
          yield batch.flatMap(({ line, cells: [code = '', name = '', quantity = ''] }) => {
            if (!/^\d+$/.test(quantity)) {
              rejected.push({ line, code: 'QUANTITY_INVALID', column: 'quantity', value: quantity });
              return [];
            }
            if (quantity === '0') warned.push({ line, code: 'QUANTITY_ZERO' });
            return [[code, name, quantity]];
          });
        }
      })(),
    );
    const made = await query(tx, 'insert into widget select * from incoming on conflict do nothing returning code');
    await query(tx, 'drop table incoming');
    if (made.length > 0) publish(tx, { stream: FIRM_STREAM, type: 'widgets.made', subject: { widgets: made.length } });
    return {
      counts: {
        read: options['loseRow'] === true ? read - 1 : read,
        accepted: copied,
        rejected: rejected.length,
        warned: warned.length,
        created: made.length,
        changed: 0,
        unchanged: copied - made.length,
      },
      rejected,
      warned,
      notices: [],
      result: { widgets: copied },
    };
  },
};
