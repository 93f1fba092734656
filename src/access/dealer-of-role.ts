import { queryOne, type Tx } from '../platform/database.ts';
import { problem } from './errors.ts';
import type { Role } from './permissions.ts';

/**
 * The internal id of the dealer an account belongs to: exactly the accounts of role `dealer` have one, and no
 * other role beside it. Throws DEALER_ROLE_MISMATCH, DEALER_NOT_FOUND.
 */
export async function requireDealerOfRole(
  tx: Tx,
  roles: readonly Role[],
  dealerCode: string | null,
): Promise<string | null> {
  const isDealer = roles.includes('dealer');
  if (isDealer !== (dealerCode !== null) || (isDealer && roles.length > 1)) throw problem('DEALER_ROLE_MISMATCH');
  if (dealerCode === null) return null;
  const dealer = await queryOne<{ id: string }>(tx, 'select id from dealer where code = $1', [dealerCode]);
  if (dealer === null) throw problem('DEALER_NOT_FOUND', { dealerCode });
  return dealer.id;
}
