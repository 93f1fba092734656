/** Splitting an amount without losing or making a cent. */
import { assert } from './assert.ts';
import {
  compare,
  type Decimal,
  decimal,
  dividedBy,
  hasScale,
  isNegative,
  isPositive,
  isZero,
  minus,
  negate,
  plus,
  sum,
  times,
} from './decimal.ts';

/**
 * Splits `total` by weight, by largest remainder, ties by line order. The shares always sum to the whole; a negative
 * total is split as the mirror of the positive one; a line of weight zero gets nothing. Weights are not negative
 * and not all zero: whether there is anything to split over is the caller's rule, so breaking this is an error of ours.
 */
export function allocate(total: Decimal, weights: readonly Decimal[], scale = 2): Decimal[] {
  assert(hasScale(total, scale), 'the total fits the scale of its shares');
  assert(!weights.some(isNegative), 'weights are not negative');
  const weightSum = sum(weights);
  assert(isPositive(weightSum), 'at least one weight is positive');
  if (isNegative(total)) return allocate(negate(total), weights, scale).map(negate);

  const exact = weights.map(weight => times(total, weight));
  const shares = exact.map(share => dividedBy(share, weightSum, scale, 'down'));
  const remainders = exact.map((share, line) => minus(share, times(at(shares, line), weightSum)));
  const byRemainder = [...weights.keys()].sort((a, b) => compare(at(remainders, b), at(remainders, a)) || a - b);

  const unit = decimal(scale === 0 ? '1' : `0.${'1'.padStart(scale, '0')}`);
  let left = minus(total, sum(shares));
  for (const line of byRemainder) {
    if (isZero(left)) break;
    shares[line] = plus(at(shares, line), unit);
    left = minus(left, unit);
  }
  return shares;
}

/**
 * What `now` of a `whole` quantity takes of `total` after `done` went before: the difference of the rounded cumulative
 * shares, so that the parts sum exactly to the total once the whole is done, in whatever steps. Quantities in one unit.
 */
export function shareOf(total: Decimal, done: Decimal, now: Decimal, whole: Decimal, scale = 2): Decimal {
  assert(hasScale(total, scale), 'the total fits the scale of its shares');
  assert(isPositive(whole) && !isNegative(done) && !isNegative(now), 'quantities are not negative');
  const reached = plus(done, now);
  assert(compare(reached, whole) <= 0, 'the parts do not exceed the whole');
  const share = (part: Decimal) => dividedBy(times(total, part), whole, scale);
  return minus(share(reached), share(done));
}

function at(list: readonly Decimal[], index: number): Decimal {
  const found = list[index];
  assert(found, 'one figure a line');
  return found;
}
