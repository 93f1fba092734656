/** The one firm of this installation: its names, time zone (fixed at first migrate) and currency. */
import { type Database, query, queryOne, type Reader } from '../platform/database.ts';
import { problem as platformProblem } from '../platform/errors.ts';

export type Firm = {
  readonly nameZh: string | null;
  readonly nameEn: string | null;
  readonly timeZone: string;
  readonly currency: string;
};

export type NewFirm = Firm & { readonly createdAt: Date };

/** Writes the firm at first migrate; afterwards only checks that the time zone is still the same. Throws TIME_ZONE_MISMATCH. */
export async function ensureFirm(database: Database, firm: NewFirm, timeZoneIsSet: boolean): Promise<Firm> {
  await query(
    database.reader(),
    `insert into firm (name_zh, name_en, time_zone, currency, created_at) values ($1, $2, $3, $4, $5) on conflict do nothing`,
    [firm.nameZh, firm.nameEn, firm.timeZone, firm.currency, firm.createdAt.toISOString()],
  );
  const stored = await getFirm(database.reader());
  if (timeZoneIsSet && stored.timeZone !== firm.timeZone) {
    throw platformProblem('TIME_ZONE_MISMATCH', { stored: stored.timeZone, configured: firm.timeZone });
  }
  return stored;
}

export async function getFirm(em: Reader): Promise<Firm> {
  const row = await queryOne<{ name_zh: string | null; name_en: string | null; time_zone: string; currency: string }>(
    em,
    'select name_zh, name_en, time_zone, currency from firm',
  );
  if (row === null) throw platformProblem('SCHEMA_NOT_MIGRATED', { pending: 'firm' });
  return { nameZh: row.name_zh, nameEn: row.name_en, timeZone: row.time_zone, currency: row.currency };
}
