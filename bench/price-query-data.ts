/** A database of its own for the rows price-query-*: 250,000 parts, 1,000,000 prices on three lists, one dealer's API key. */
import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import { hashKey, ROLE_PERMISSIONS } from '../src/access/index.ts';
import { ensureFirm } from '../src/firm/index.ts';
import { migrate } from '../src/platform/migrate.ts';
import { startThrowawayServer } from '../tests/support/throwaway-server.ts';

export const PARTS = 250_000;
/** One number in so many is superseded; none of them is asked for, but each line has to find that out. */
export const SUPERSEDED_EVERY = 20;
export const TIME_ZONE = 'Asia/Shanghai';

export type PriceDatabase = { readonly url: string; readonly token: string; stop(): Promise<void> };

/** Two years of settlement prices in CNY, guidance prices in CNY, settlement prices in EUR. */
const FILL = `
set session_replication_role = replica;
insert into dealer (code, name_zh, currency, zone, created_at, updated_at) values ('D1', '河北农机配件有限公司', 'CNY', 'north', now(), now());
insert into part (part_number, name_zh, name_en, part_class, unit, weight_kg, created_at, updated_at)
  select 'YL-' || lpad(n::text, 6, '0'), '加强型卷轮弹齿 ' || n, 'Reinforced reel tine ' || n,
         (array['functional', 'wear', 'standard'])[n % 3 + 1], 'piece', round((n % 5000)::numeric / 1000 + 0.05, 3), now(), now()
  from generate_series(1, ${PARTS}) as n;
insert into supersession (part_id, successor_number, successor_id, created_at)
  select n, 'YL-' || lpad((n + 1)::text, 6, '0'), n + 1, now() from generate_series(${SUPERSEDED_EVERY}, ${PARTS} - 1, ${SUPERSEDED_EVERY}) as n;
insert into price_list (code, kind, currency, tax_inclusive, name_zh, created_at) values
  ('S-CNY', 'settlement', 'CNY', false, '结算价', now()), ('G-CNY', 'guidance', 'CNY', true, '指导价', now()), ('S-EUR', 'settlement', 'EUR', false, '结算价', now());
insert into price_release (number, price_list_id, state, effective_on, created_by, edited_by, submitted_by, approved_by, published_by, created_at, published_at)
  select 'P2024-00000' || n, (array[1, 1, 2, 3])[n], 'published', (array[date '2024-01-01', date '2025-01-01', date '2024-01-01', date '2024-01-01'])[n],
         'a', '{a}', 'a', 'b', 'a', now(), now()
  from generate_series(1, 4) as n;
insert into price_release_line (release_id, part_id, unit_price)
  select r, p, round(((p * 7919 + r * 104729) % 2000000)::numeric / 10000 + 0.01, 4) from generate_series(1, 4) as r, generate_series(1, ${PARTS}) as p;
insert into price (price_list_id, part_id, unit_price, valid, release_id)
  select r.price_list_id, n.part_id, n.unit_price,
         daterange(r.effective_on, case r.id when 1 then date '2025-01-01' end), r.id
  from price_release_line n join price_release r on r.id = n.release_id order by n.part_id, r.id;
set session_replication_role = origin;
vacuum analyze;`;

export async function openPriceDatabase(): Promise<PriceDatabase> {
  const server = await startThrowawayServer();
  const url = new URL(server.adminUrl);
  url.pathname = '/partledger_bench';
  const token = randomBytes(32).toString('base64url');
  await asAdmin(server.adminUrl, client => client.query('create database partledger_bench'));
  await migrate(url.href, async database => {
    const firm = { nameZh: '测试农机', nameEn: null, timeZone: TIME_ZONE, currency: 'CNY', createdAt: new Date() };
    await ensureFirm(database, firm, true);
  });
  await asAdmin(url.href, async client => {
    for (const statement of FILL.split(';')) if (statement.trim() !== '') await client.query(statement);
    await client.query(
      `with account as (
         insert into machine_account (name, role, scopes, dealer_id, created_at)
         select 'bench', 'dealer', $1, id, now() from dealer where code = 'D1' returning id
       )
       insert into api_key (id, machine_account_id, slot, secret_hash, created_at, expires_at)
       select $2, id, 1, $3, '2000-01-01', '2999-01-01' from account`,
      [ROLE_PERMISSIONS.dealer, randomUUID(), hashKey(token)],
    );
  });
  return { url: url.href, token, stop: () => server.stop() };
}

async function asAdmin(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
