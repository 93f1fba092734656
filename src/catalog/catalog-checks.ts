/** Proofs that the catalog hangs together (R12.3); each finds what the database should have refused. */
import type { Disagreement, VerifyCheck } from '../firm/index.ts';
import { query, type Reader } from '../platform/database.ts';
import { CHAIN_LENGTH_MAX } from './supersession.ts';

const LOOPS = `
with recursive walk (start_id, at_id, step) as (
  select part_id, successor_id, 1 from supersession where successor_id is not null
  union all
  select w.start_id, s.successor_id, w.step + 1 from walk w join supersession s on s.part_id = w.at_id
  where s.successor_id is not null and w.at_id <> w.start_id and w.step < ${CHAIN_LENGTH_MAX}
)
select p.part_number as subject, 'a chain that ends' as expected, 'back at itself after ' || w.step || ' steps' as found
from walk w join part p on p.id = w.start_id where w.at_id = w.start_id order by p.part_number limit $1`;

const NUMBERS = `
select p.part_number as subject, s.successor_number as expected, n.part_number as found
from supersession s join part p on p.id = s.part_id join part n on n.id = s.successor_id
where n.part_number <> s.successor_number order by p.part_number limit $1`;

const UNLINKED = `
select p.part_number as subject, 'linked with ' || s.successor_number as expected, 'dangling' as found
from supersession s join part p on p.id = s.part_id join part n on n.part_number = s.successor_number
where s.successor_id is null order by p.part_number limit $1`;

const BOM_LOOPS = `
with recursive walk (start_id, at_id, step) as (
  select id, parent_id, 1 from service_bom_line where parent_id is not null
  union all
  select w.start_id, b.parent_id, w.step + 1 from walk w join service_bom_line b on b.id = w.at_id
  where b.parent_id is not null and w.at_id <> w.start_id and w.step < ${CHAIN_LENGTH_MAX}
)
select m.code || ' ' || b.figure || '/' || b.position as subject, 'an assembly above it' as expected, 'part of itself' as found
from walk w join service_bom_line b on b.id = w.start_id join machine_model m on m.id = b.model_id
where w.at_id = w.start_id order by 1 limit $1`;

function check(name: string, sql: string): VerifyCheck {
  return { name, run: async (em: Reader, limit: number) => await query<Disagreement>(em, sql, [limit]) };
}

export const catalogChecks: readonly VerifyCheck[] = [
  check('supersessions-have-no-loop', LOOPS),
  check('supersession-numbers-match', NUMBERS),
  check('supersessions-are-linked', UNLINKED),
  check('service-bom-has-no-loop', BOM_LOOPS),
];
