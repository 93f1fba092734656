/** Supersessions: the successor takes the part's place. At most one per part; a successor that is not in the catalog dangles. */
import { appendAudit, type Context } from '../access/index.ts';
import { query, queryOne, type Reader, type Tx } from '../platform/database.ts';
import { FIRM_STREAM, publish } from '../platform/outbox.ts';
import { mapConstraints } from '../platform/transaction.ts';
import { problem } from './errors.ts';
import { getPart } from './part.ts';
import { type Beholder, visiblePart } from './part-visibility.ts';

export const CHAIN_LENGTH_MAX = 100;

/** What takes a part's place, step by step. */
export type SupersessionChain = {
  readonly partNumber: string;
  /** What stands in for it directly; null where nothing does. */
  readonly successorNumber: string | null;
  /** The numbers after it in order; the last may be one that is not in the catalog. */
  readonly chain: readonly string[];
  /** The number to ask for today: the last of them that is in the catalog. */
  readonly currentNumber: string;
  /** The chain ends in a number that is not in the catalog. */
  readonly dangling: boolean;
};

mapConstraints({
  supersession_no_loop: () => problem('SUPERSESSION_LOOP'),
  supersession_not_itself: () => problem('SUPERSESSION_ITSELF'),
  supersession_successor_number_check: () => problem('PART_NUMBER_INVALID'),
});

const CHAIN = `
with recursive chain (part_id, part_number, step, visible) as (
  select p.id, p.part_number, 0, ${visiblePart('p')} from part p where p.part_number = $3
  union all
  select n.id, n.part_number, c.step + 1, ${visiblePart('n')}
  from chain c join supersession s on s.part_id = c.part_id join part n on n.id = s.successor_id
  where c.step < ${CHAIN_LENGTH_MAX}
)
select c.part_number as "partNumber", c.visible, s.successor_number as "danglingNumber"
from chain c left join supersession s on s.part_id = c.part_id and s.successor_id is null order by c.step`;

type ChainRow = { partNumber: string; visible: boolean; danglingNumber: string | null };

/** The chain of a part, of numbers the caller may see: a dealer learns of no other (R3.3). Throws PART_NOT_FOUND. */
export async function getSupersession(em: Reader, partNumber: string, beholder: Beholder): Promise<SupersessionChain> {
  const { forDealer, today } = beholder;
  const rows = await query<ChainRow>(em, CHAIN, [forDealer, today, partNumber]);
  if (rows[0]?.visible !== true) throw problem('PART_NOT_FOUND', { partNumber });
  const known = rows.filter(row => row.visible).map(row => row.partNumber);
  const danglingNumber = forDealer ? null : (rows.at(-1)?.danglingNumber ?? null);
  const chain = [...known.slice(1), ...(danglingNumber === null ? [] : [danglingNumber])];
  return {
    partNumber,
    successorNumber: chain[0] ?? null,
    chain,
    currentNumber: known.at(-1) ?? partNumber,
    dangling: danglingNumber !== null,
  };
}

/** Whoever writes supersessions waits here for parts that are just arriving, and they for it. */
export async function lockSupersessions(tx: Tx): Promise<void> {
  await query(tx, `select pg_advisory_xact_lock(hashtext('supersession'))`);
}

/**
 * Lets a successor take a part's place, instead of the one it had; the audit keeps both. A successor that is not in the
 * catalog dangles until it arrives. Throws PART_NOT_FOUND, SUPERSESSION_ITSELF, SUPERSESSION_LOOP, PART_NUMBER_INVALID. R1.2
 */
export async function supersede(
  tx: Tx,
  context: Context,
  command: { readonly partNumber: string; readonly successorNumber: string },
): Promise<void> {
  const { partNumber, successorNumber } = command;
  await lockSupersessions(tx);
  const staff = { forDealer: false, today: context.today };
  const part = await getPart(tx, partNumber, staff);
  if (successorNumber === partNumber) throw problem('SUPERSESSION_ITSELF');
  await refuseLoop(tx, staff, command);
  const row = await queryOne<{ before: string | null; changed: boolean }>(
    tx,
    `with old as (select successor_number from supersession where part_id = $1), written as (
       insert into supersession as s (part_id, successor_number, successor_id, created_at)
       values ($1, $2, (select id from part where part_number = $2), $3)
       on conflict (part_id) do update set successor_number = excluded.successor_number, successor_id = excluded.successor_id,
         created_at = excluded.created_at
       where s.successor_number <> excluded.successor_number returning 1
     )
     select (select successor_number from old) as before, exists (select from written) as changed`,
    [part.id, successorNumber, context.now.toISOString()],
  );
  if (row?.changed !== true) return;
  await tell(tx, context, partNumber, row.before, successorNumber);
}

/** The database has the last word; here is told which numbers would close the loop. */
async function refuseLoop(
  tx: Tx,
  staff: Beholder,
  command: { readonly partNumber: string; readonly successorNumber: string },
): Promise<void> {
  const { partNumber, successorNumber } = command;
  const rows = await query<ChainRow>(tx, CHAIN, [staff.forDealer, staff.today, successorNumber]);
  const numbers = rows.map(row => row.partNumber);
  const at = numbers.indexOf(partNumber);
  if (at >= 0) throw problem('SUPERSESSION_LOOP', { partNumber, numbers: [partNumber, ...numbers.slice(0, at + 1)] });
}

/** The part stands for itself again. Throws PART_NOT_FOUND, SUPERSESSION_NOT_FOUND. */
export async function endSupersession(tx: Tx, context: Context, partNumber: string): Promise<void> {
  await lockSupersessions(tx);
  const part = await getPart(tx, partNumber, { forDealer: false, today: context.today });
  const row = await queryOne<{ successor_number: string }>(
    tx,
    'delete from supersession where part_id = $1 returning successor_number',
    [part.id],
  );
  if (row === null) throw problem('SUPERSESSION_NOT_FOUND', { partNumber });
  await tell(tx, context, partNumber, row.successor_number, null);
}

async function tell(tx: Tx, context: Context, partNumber: string, before: string | null, after: string | null) {
  await appendAudit(tx, context, {
    action: after === null ? 'supersession.ended' : 'supersession.set',
    subjectKind: 'part',
    subjectId: partNumber,
    ...(before === null ? {} : { before: { successorNumber: before } }),
    ...(after === null ? {} : { after: { successorNumber: after } }),
  });
  const type = after === null ? 'part.supersession-ended' : 'part.superseded';
  publish(tx, { stream: FIRM_STREAM, type, subject: { partNumber, successorNumber: after } });
}
