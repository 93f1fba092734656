/** Statements of account as they were frozen (R9.3): read-only, and whole statements for files. */
import type { Language } from '../core/problem.ts';
import { isoInstant, query, queryOne, type Reader } from '../platform/database.ts';
import { problem } from './errors.ts';
import type { FrozenLine, FrozenStatement } from './frozen-statement.ts';
import { STATEMENT_HASH_VERSION, statementContentHash } from './statement-csv.ts';

export type StatementHeader = {
  readonly id: string;
  readonly number: string;
  readonly dealerCode: string;
  readonly period: string;
  readonly firstOn: string;
  readonly lastOn: string;
  readonly currency: string;
  readonly opening: string;
  readonly movements: string;
  readonly closing: string;
  readonly lineCount: number;
  readonly hashVersion: string;
  readonly contentHash: string;
  readonly frozenAt: string;
};

const COLUMNS = `s.id, s.number, d.code as "dealerCode", f.name as period, f.first_on as "firstOn", f.last_on as "lastOn", s.currency,
  s.opening, s.movements, s.closing, s.line_count as "lineCount", s.hash_version as "hashVersion", s.content_hash as "contentHash",
  s.frozen_at as "frozenAt"`;
const TABLES = 'statement_of_account s join dealer d on d.id = s.dealer_id join fiscal_period f on f.id = s.period_id';

export type StatementFilter = {
  readonly visible: string | null;
  readonly period: string | null;
  readonly dealerCode: string | null;
  /** First day of the period and dealer code of the last row of the page before. */
  readonly after: { readonly firstOn: string; readonly dealerCode: string } | null;
  readonly limit: number;
};

/** One page in order of period and dealer code. */
export async function listStatements(em: Reader, filter: StatementFilter): Promise<StatementHeader[]> {
  return await query<StatementHeader>(
    em,
    `select ${COLUMNS} from ${TABLES}
     where ($1::bigint is null or s.dealer_id = $1::bigint) and ($2::text is null or f.name = $2) and ($3::text is null or d.code = $3)
       and ($4::date is null or (f.first_on, d.code collate "C") > ($4::date, $5::text))
     order by f.first_on, d.code collate "C" limit $6`,
    [
      filter.visible,
      filter.period,
      filter.dealerCode,
      filter.after?.firstOn ?? null,
      filter.after?.dealerCode ?? null,
      filter.limit,
    ],
  );
}

/** The header of a number, if the caller may see it. Throws STATEMENT_NOT_FOUND. */
export async function getStatement(em: Reader, number: string, visible: string | null): Promise<StatementHeader> {
  const header = await queryOne<StatementHeader>(
    em,
    `select ${COLUMNS} from ${TABLES} where s.number = $1 and ($2::bigint is null or s.dealer_id = $2::bigint)`,
    [number, visible],
  );
  if (header === null) throw problem('STATEMENT_NOT_FOUND', { number });
  return header;
}

const LINE = `l.position, l.document, l.line, l.business_on as "businessOn", l.text_zh as "textZh", l.text_en as "textEn",
  l.part_number as "partNumber", l.quantity, l.unit, l.net, l.tax, l.gross`;

/** One page of a statement's lines, after the position of the page before. */
export async function listStatementLines(
  em: Reader,
  page: { statementId: string; after: number; limit: number },
): Promise<FrozenLine[]> {
  return await query<FrozenLine>(
    em,
    `select ${LINE} from statement_line l where l.statement_id = $1 and l.position > $2 order by l.position limit $3`,
    [page.statementId, page.after, page.limit],
  );
}

type Names = { nameZh: string | null; nameEn: string | null };
type LoadedHeader = StatementHeader & { dealer: Names; firm: Names; timeZone: string };

/** Whole statements by their ids, in the order asked for, ready for a file; units in the words of the language. */
export async function loadStatements(
  em: Reader,
  ids: readonly string[],
  language: Language,
): Promise<FrozenStatement[]> {
  const headers = await query<LoadedHeader>(
    em,
    `select ${COLUMNS}, json_build_object('nameZh', s.dealer_name_zh, 'nameEn', s.dealer_name_en) as dealer,
       json_build_object('nameZh', s.firm_name_zh, 'nameEn', s.firm_name_en) as firm,
       (select time_zone from firm) as "timeZone" from ${TABLES} where s.id = any($1::bigint[])`,
    [ids],
  );
  const lines = await query<FrozenLine & { statementId: string }>(
    em,
    `select l.statement_id as "statementId", ${LINE}, coalesce(case $2 when 'zh' then u.name_zh else u.name_en end, l.unit) as unit
     from statement_line l left join unit u on u.code = l.unit where l.statement_id = any($1::bigint[])
     order by l.statement_id, l.position`,
    [ids, language],
  );
  const linesOf = Map.groupBy(lines, line => line.statementId);
  const byId = new Map(headers.map(header => [header.id, header]));
  return ids.flatMap(id => {
    const header = byId.get(id);
    if (header === undefined) return [];
    const { dealerCode, dealer, lineCount: _, id: __, ...frozen } = header;
    return [
      {
        ...frozen,
        frozenAt: isoInstant(header.frozenAt),
        dealer: { code: dealerCode, ...dealer },
        lines: (linesOf.get(id) ?? []).map(({ statementId: _id, ...line }) => line),
      },
    ];
  });
}

/** Throws STATEMENT_ALTERED when the rows are no longer those that were frozen: such a statement never becomes a file. */
export function requireUnaltered(statement: FrozenStatement): void {
  if (statement.hashVersion !== STATEMENT_HASH_VERSION || statementContentHash(statement) !== statement.contentHash)
    throw problem('STATEMENT_ALTERED', { number: statement.number });
}
