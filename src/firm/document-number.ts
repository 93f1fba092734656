import { queryOne, type Tx } from '../platform/database.ts';

/** Next number of a series that may gap: `Q2026-000123`. Invoices and credit notes have their own, gap-free series. */
export async function nextDocumentNumber(
  tx: Tx,
  series: 'Q' | 'O' | 'D' | 'P' | 'R',
  businessOn: string,
): Promise<string> {
  const row = await queryOne<{ number: string }>(tx, `select nextval('document_number') as number`);
  return `${series}${businessOn.slice(0, 4)}-${(row?.number ?? '').padStart(6, '0')}`;
}
