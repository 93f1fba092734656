/**
 * A dealer's account: what it owes (balance) and what accepted orders will still be charged (open orders), both gross
 * in its one currency. Exposure = balance + open orders stays within the credit limit (R9.1); balances move by delta
 * under the row's own lock, so orders placed at once cannot pass the limit together.
 */
import { problem as accessProblem } from '../access/index.ts';
import { assert } from '../core/assert.ts';
import { isNegative } from '../core/decimal.ts';
import { amount as readAmount } from '../core/money.ts';
import { queryOne, type Reader, type Tx } from '../platform/database.ts';
import { mapConstraints } from '../platform/transaction.ts';
import { problem } from './errors.ts';

// the limit was lowered at that very moment: the figures are those of the next try
mapConstraints({
  dealer_account_within_limit: () =>
    problem('CREDIT_LIMIT_EXCEEDED', {
      creditLimit: '—',
      balance: '—',
      openOrders: '—',
      available: '—',
      amount: '—',
      currency: '—',
    }),
});

export type Exposure = {
  readonly dealerId: string;
  readonly currency: string;
  /** Gross, scale 2, not negative. */
  readonly amount: string;
};

/** Exposure after moving the account by `$n`; SQL of the one rule, for the `where` of an update of dealer_account `a`. */
export function withinLimit(more: string): string {
  return `exists (select from dealer d where d.id = a.dealer_id
    and (d.credit_limit is null or ${more} <= 0 or a.balance + a.open_orders + ${more} <= d.credit_limit))`;
}

/** Takes the gross of an accepted order into the exposure. Throws CREDIT_LIMIT_EXCEEDED. */
export async function holdExposure(tx: Tx, { dealerId, currency, amount }: Exposure): Promise<void> {
  requireAmount(amount);
  const held = await queryOne(
    tx,
    `update dealer_account a set open_orders = a.open_orders + $3::numeric
     where a.dealer_id = $1 and a.currency = $2 and ${withinLimit('$3::numeric')} returning 1`,
    [dealerId, currency, amount],
  );
  if (held === null) throw await creditLimitExceeded(tx, { dealerId, currency, amount });
}

/** Gives back what an order held and will not be charged any more. */
export async function releaseExposure(tx: Tx, { dealerId, currency, amount }: Exposure): Promise<void> {
  requireAmount(amount);
  const released = await queryOne(
    tx,
    `update dealer_account set open_orders = open_orders - $3::numeric
     where dealer_id = $1 and currency = $2 returning 1`,
    [dealerId, currency, amount],
  );
  assert(released, 'a dealer has an account in its currency');
}

/** The refusal of a movement that found no room; `amount` is what it would have added. */
export async function creditLimitExceeded(tx: Tx, { dealerId, currency, amount }: Exposure) {
  const account = await findAccount(tx, dealerId, currency);
  assert(account?.creditLimit, 'an account with a limit refused the movement');
  const { creditLimit, balance, openOrders, available } = account;
  return problem('CREDIT_LIMIT_EXCEEDED', { creditLimit, balance, openOrders, available, amount, currency });
}

export type DealerAccount = {
  readonly dealerCode: string;
  readonly currency: string;
  readonly balance: string;
  readonly openOrders: string;
  /** null = no limit. */
  readonly creditLimit: string | null;
  /** What may still be ordered; below zero when the limit was lowered under the exposure. */
  readonly available: string | null;
};

const COLUMNS = `d.code as "dealerCode", a.currency, a.balance, a.open_orders as "openOrders", d.credit_limit as "creditLimit",
  d.credit_limit - a.balance - a.open_orders as available`;

async function findAccount(em: Reader, dealerId: string, currency: string): Promise<DealerAccount | null> {
  return await queryOne<DealerAccount>(
    em,
    `select ${COLUMNS} from dealer_account a join dealer d on d.id = a.dealer_id where a.dealer_id = $1 and a.currency = $2`,
    [dealerId, currency],
  );
}

/** The account of a dealer by code, if the caller may see it. Throws DEALER_NOT_FOUND. */
export async function getAccount(em: Reader, dealerCode: string, visible: string | null): Promise<DealerAccount> {
  const account = await queryOne<DealerAccount>(
    em,
    `select ${COLUMNS} from dealer d join dealer_account a on a.dealer_id = d.id and a.currency = d.currency
     where d.code = $1 and ($2::bigint is null or d.id = $2::bigint)`,
    [dealerCode, visible],
  );
  if (account === null) throw accessProblem('DEALER_NOT_FOUND', { dealerCode });
  return account;
}

function requireAmount(text: string): void {
  assert(!isNegative(readAmount(text)), 'exposure moves by an amount that is not negative');
}
