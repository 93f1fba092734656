/** The supersessions of a parts file: those that would close a loop are reported and left out, the others are written. */
import type { Context } from '../access/index.ts';
import type { Finding } from '../exchange/index.ts';
import { query, type Tx } from '../platform/database.ts';
import { countSteps, untangle } from './supersession-graph.ts';

export type LoadedSupersessions = {
  /** Read out of the file, those in loops among them. */
  readonly read: number;
  readonly loops: readonly Finding[];
  readonly dangling: readonly Finding[];
  /** How many parts reach the end of their chain within the file in one step, in two, and so on. */
  readonly steps: Readonly<Record<string, number>>;
};

const WRITE = `
with asked as (
  select p.id, p.part_number, a.successor_number, n.id as successor_id
  from unnest($4::text[], $5::text[]) as a (part_number, successor_number)
    join part p on p.part_number = a.part_number left join part n on n.part_number = a.successor_number
), old as (
  select s.part_id, s.successor_number from supersession s join asked a on a.id = s.part_id
), written as (
  insert into supersession as s (part_id, successor_number, successor_id, created_at)
  select id, successor_number, successor_id, $1 from asked
  on conflict (part_id) do update set successor_number = excluded.successor_number, successor_id = excluded.successor_id,
    created_at = excluded.created_at
  where s.successor_number <> excluded.successor_number returning part_id, successor_number
), audited as (
  insert into audit_entry (at, actor, action, outcome, subject_kind, subject_id, before, after, request_id)
  select $1, $2, 'supersession.set', 'done', 'part', a.part_number, jsonb_build_object('successorNumber', old.successor_number),
    jsonb_build_object('successorNumber', w.successor_number), $3
  from written w join old on old.part_id = w.part_id join asked a on a.id = w.part_id order by a.part_number
)
insert into part_touched select part_id from written`;

/** Reads `part_judged`, when its parts are written. The caller holds the lock of supersessions. */
export async function writeSupersessions(tx: Tx, context: Context): Promise<LoadedSupersessions> {
  const rows = await query<{ line: number; part_number: string; successor: string }>(
    tx,
    'select line, part_number, successor from part_judged where code is null and line = kept_line and successor is not null order by line',
  );
  const standing = await query<{ part_number: string; successor_number: string }>(
    tx,
    'select p.part_number, s.successor_number from supersession s join part p on p.id = s.part_id',
  );
  const asked = new Map(rows.map(row => [row.part_number, row.successor]));
  const { kept, loops } = untangle(new Map(standing.map(row => [row.part_number, row.successor_number])), asked);
  const { now, principal, requestId = null } = context;
  await query(tx, WRITE, [now.toISOString(), principal.name, requestId, [...kept.keys()], [...kept.values()]]);
  return {
    read: rows.length,
    loops: rows.flatMap(({ line, part_number: partNumber, successor }) => {
      const numbers = loops.get(partNumber);
      return numbers === undefined
        ? []
        : [{ ...edge(line, partNumber, successor), code: 'SUPERSESSION_LOOP', numbers }];
    }),
    dangling: await danglingOf(tx, loops),
    steps: countSteps(kept),
  };
}

function edge(line: number, partNumber: string, successorNumber: string) {
  return { line, column: 'successor', value: successorNumber, partNumber };
}

/** `perhaps` is a part whose number is the first word of what the file says: for a person to decide. */
async function danglingOf(tx: Tx, loops: ReadonlyMap<string, unknown>): Promise<Finding[]> {
  const rows = await query<{ line: number; part_number: string; successor: string; perhaps: string | null }>(
    tx,
    `select j.line, j.part_number, j.successor, w.part_number as perhaps
     from part_judged j left join part n on n.part_number = j.successor
       left join part w on w.part_number = split_part(j.successor, ' ', 1) and w.part_number <> j.part_number
     where j.code is null and j.line = j.kept_line and j.successor is not null and n.id is null order by j.line`,
  );
  return rows
    .filter(row => !loops.has(row.part_number))
    .map(({ line, part_number: partNumber, successor, perhaps }) => ({
      ...edge(line, partNumber, successor),
      code: 'SUPERSESSION_DANGLING',
      ...(perhaps === null ? {} : { perhaps }),
    }));
}
