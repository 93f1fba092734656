import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestApp, type TestApp } from '../support/test-app.ts';
import {
  charge,
  close,
  historyFile,
  importHistory,
  ledgerCounts,
  makeDealer,
  makePart,
  post,
  select,
  tamper,
} from './ledger.ts';

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
  await makeDealer(test, 'D1');
  await makeDealer(test, 'EURO', { currency: 'EUR' });
  await makePart(test, 'P1');
  await makePart(test, 'OIL', 'litre');
});
afterAll(() => test.close());

/** The codes under which the lines were rejected, null where accepted. */
async function verdicts(lines: readonly string[], options = {}): Promise<Array<string | null>> {
  const { rejected, counts } = await importHistory(test, historyFile(...lines), options, false);
  expect(counts.read).toBe(lines.length);
  expect(counts.accepted + counts.rejected).toBe(counts.read);
  return lines.map((_, at) => rejected.find(({ line }) => line === at + 2)?.code ?? null);
}

describe('a line that cannot stand', () => {
  it.each([
    ['DEALER_MISSING', 'X,P1,a,1,2011-01-05,1,,x'],
    ['DEALER_MISSING', 'X,P1,a,1,2011-01-05,1,   ,x'],
    ['DEALER_CODE_INVALID', 'X,P1,a,1,2011-01-05,1,no such code!,x'],
    ['DEALER_CODE_INVALID', 'X,P1,a,1,2011-01-05,1,=1+1,x'],
    ['PRICE_NOT_POSITIVE', 'X,P1,a,1,2011-01-05,0,D1,x'],
    ['PRICE_NOT_POSITIVE', 'X,P1,a,1,2011-01-05,0.0000,D1,x'],
    ['PRICE_NOT_POSITIVE', 'X,P1,a,1,2011-01-05,-11062.06,D1,x'],
    ['PRICE_INVALID', 'X,P1,a,1,2011-01-05,,D1,x'],
    ['PRICE_INVALID', 'X,P1,a,1,2011-01-05,1e3,D1,x'],
    ['PRICE_INVALID', 'X,P1,a,1,2011-01-05,£2.50,D1,x'],
    ['PRICE_SCALE', 'X,P1,a,1,2011-01-05,0.00001,D1,x'],
    ['QUANTITY_ZERO', 'X,P1,a,0,2011-01-05,1,D1,x'],
    ['QUANTITY_ZERO', 'X,P1,a,-0.000,2011-01-05,1,D1,x'],
    ['QUANTITY_INVALID', 'X,P1,a,one,2011-01-05,1,D1,x'],
    ['QUANTITY_INVALID', 'X,P1,a,+1,2011-01-05,1,D1,x'],
    ['QUANTITY_SCALE', 'X,OIL,a,1.0001,2011-01-05,1,D1,x'],
    ['QUANTITY_NOT_WHOLE', 'X,P1,a,1.5,2011-01-05,1,D1,x'],
    ['DATE_INVALID', 'X,P1,a,1,03/04/2011,1,D1,x'],
    ['DATE_INVALID', 'X,P1,a,1,2011-02-29,1,D1,x'],
    ['DATE_INVALID', 'X,P1,a,1,2011-01-05 25:00,1,D1,x'],
    ['DATE_INVALID', 'X,P1,a,1,40548,1,D1,x'],
    ['DATE_INVALID', 'X,P1,a,1,,1,D1,x'],
    ['DATE_INVALID', 'X,P1,a,1,1911-01-05,1,D1,x'],
    ['DATE_INVALID', 'X,P1,a,1,1989-12-31,1,D1,x'],
    [null, 'X,P1,a,1,1990-01-01,1,D1,x'],
    ['DATE_IN_FUTURE', 'X,P1,a,1,2911-01-05,1,D1,x'],
    ['DATE_IN_FUTURE', 'X,P1,a,1,2026-03-11,1,D1,x'],
    [null, 'X,P1,a,1,2026-03-10,1,D1,x'],
    ['DOCUMENT_MISSING', ',P1,a,1,2011-01-05,1,D1,x'],
    ['DOCUMENT_INVALID', `${'9'.repeat(65)},P1,a,1,2011-01-05,1,D1,x`],
    ['PART_MISSING', 'X,,a,1,2011-01-05,1,D1,x'],
    ['PART_NUMBER_INVALID', `X,${'9'.repeat(65)},a,1,2011-01-05,1,D1,x`],
    ['TEXT_INVALID', `X,P1,${'a'.repeat(401)},1,2011-01-05,1,D1,x`],
    ['TEXT_INVALID', 'X,P1,a\u0007b,1,2011-01-05,1,D1,x'],
    ['AMOUNT_TOO_LARGE', 'X,P1,a,10000000,2011-01-05,1000000,D1,x'],
    ['DEALER_UNKNOWN', 'X,P1,a,1,2011-01-05,1,NOBODY,x'],
    ['PART_UNKNOWN', 'X,P2,a,1,2011-01-05,1,D1,x'],
    ['PART_UNKNOWN', 'X,p1,a,1,2011-01-05,1,D1,x'],
    ['DEALER_CURRENCY', 'X,P1,a,1,2011-01-05,1,EURO,x'],
    [null, 'X,OIL,a,1.125,2011-01-05,1.2345,D1,x'],
  ])('%s: %s', async (code, line) => {
    expect(await verdicts([line])).toEqual([code]);
  });

  it('is listed with the first reason that holds: no customer, price not above zero, quantity zero, then the others', async () => {
    expect(
      await verdicts([
        ',,,0,nonsense,0,,x',
        ',,,0,nonsense,0,D1,x',
        ',,,0,nonsense,1,D1,x',
        ',,,1,nonsense,1,D1,x',
        ',,,1,2911-01-05,1,D1,x',
        ',,,1,2011-01-05,1,D1,x',
        'X,,,1,2011-01-05,1,D1,x',
        'X,P2,,1,2011-01-05,1,NOBODY,x',
        'X,P2,,1,2011-01-05,1,D1,x',
        // malformed counts at its place in that order
        'X,P1,a,0,2011-01-05,0,no code!,x',
        'X,P1,a,0,2011-01-05,cheap,D1,x',
        'X,P1,a,few,nonsense,1,D1,x',
      ]),
    ).toEqual([
      'DEALER_MISSING',
      'PRICE_NOT_POSITIVE',
      'QUANTITY_ZERO',
      'DATE_INVALID',
      'DATE_IN_FUTURE',
      'DOCUMENT_MISSING',
      'PART_MISSING',
      'DEALER_UNKNOWN',
      'PART_UNKNOWN',
      'DEALER_CODE_INVALID',
      'PRICE_INVALID',
      'QUANTITY_INVALID',
    ]);
  });

  it('says which column, what stood there and in which document', async () => {
    const { rejected } = await importHistory(test, historyFile('X9,P1,a,1,04.03.2011,1,D1,x'), {}, false);
    expect(rejected).toEqual([
      { line: 2, code: 'DATE_INVALID', column: 'businessOn', value: '04.03.2011', document: 'X9' },
    ]);
  });

  it('makes no dealer and no part', async () => {
    const before = await ledgerCounts(test);
    const outcome = await importHistory(test, historyFile('X,NEW,a,0,2011-01-05,1,NEWDEALER,x'), {
      createMissing: true,
    });
    expect(outcome.counts).toMatchObject({ read: 1, rejected: 1, created: 0 });
    expect(outcome.result['message']).toMatch(/^Nothing changed: no line/);
    expect(await ledgerCounts(test)).toEqual(before);
  });
});

describe('a history file', () => {
  it('is refused whole in a currency that does not exist', async () => {
    const before = await ledgerCounts(test);
    const file = historyFile('X,P1,a,1,2011-01-05,1,D1,x');
    await expect(importHistory(test, file, { currency: 'XYQ' })).rejects.toMatchObject({ code: 'CURRENCY_INVALID' });
    await expect(importHistory(test, file, { currency: 'gbp' })).rejects.toMatchObject({
      code: 'IMPORT_OPTIONS_INVALID',
    });
    await expect(importHistory(test, file, { dropAll: true })).rejects.toMatchObject({
      code: 'IMPORT_OPTIONS_INVALID',
    });
    expect(await ledgerCounts(test)).toEqual(before);
  });
});

describe('a document that stands already', () => {
  it('is refused with other lines, all of them, and changes nothing', async () => {
    await importHistory(test, historyFile('S1,P1,a,1,2011-01-05,1,D1,x', 'S1,P1,b,1,2011-01-05,1,D1,x'));
    const before = await ledgerCounts(test);
    for (const other of [
      ['S1,P1,a,1,2011-01-05,1,D1,x', 'S1,P1,b,2,2011-01-05,1,D1,x'],
      ['S1,P1,a,1,2011-01-05,1,D1,x'],
      ['S1,P1,a,1,2011-01-05,1,D1,x', 'S1,P1,b,1,2011-01-05,1,D1,x', 'S1,P1,c,1,2011-01-05,1,D1,x'],
      ['S1,P1,a,1,2011-01-05,1,D1,x', 'S1,P1,b,1,2011-01-06,1,D1,x'],
      ['S1,P1,a,1,2011-01-05,1,D1,x', 'S1,P1,other,1,2011-01-05,1,D1,x'],
    ]) {
      expect(await verdicts(other)).toEqual(other.map(() => 'DOCUMENT_DIFFERS'));
      await importHistory(test, historyFile(...other));
    }
    expect(await ledgerCounts(test)).toEqual(before);
  });

  it('is the dealer’s own: another one may have the same number', async () => {
    await makeDealer(test, 'D2');
    expect(await verdicts(['S1,P1,z,1,2011-01-05,1,D2,x'])).toEqual([null]);
  });
});

describe('a closed period', () => {
  it('refuses new lines, knows the old ones again, and says what differs', async () => {
    const dealer = await makeDealer(test, 'CLOSED');
    const part = await makePart(test, 'P9');
    await importHistory(test, historyFile('K1,P1,a,1,2010-05-05,1,CLOSED,x'));
    await close(test, '2010-05');
    const before = await ledgerCounts(test);
    expect(
      await verdicts([
        'K1,P1,a,1,2010-05-05,1,CLOSED,x',
        'K2,P1,a,1,2010-05-31,1,CLOSED,x',
        'K3,P1,a,1,2010-04-30,1,CLOSED,x',
        'K4,P1,a,1,2010-05-31,1,D1,x',
      ]),
    ).toEqual([null, 'PERIOD_CLOSED', 'PERIOD_CLOSED', 'PERIOD_CLOSED']);
    expect(await verdicts(['K1,P1,other,1,2010-05-05,1,CLOSED,x'])).toEqual(['PERIOD_CLOSED']);
    // the period of a refused line does not come into being: it would have to be closed before the next one
    await importHistory(test, historyFile('K3,P1,a,1,2010-04-30,1,CLOSED,x'));
    expect(await ledgerCounts(test)).toEqual(before);
    expect(await post(test, dealer, 'D-late', '2010-05-20', [charge(part)])).toMatchObject({ period: '2011-01' });
  });

  it('does not stop the past of a dealer that has no statement yet', async () => {
    expect(await verdicts(['K5,P1,a,1,2010-04-30,1,NEWCOMER,x'], { createMissing: true })).toEqual([null]);
  });

  it('goes by the period row, not by the month: a locked one is closed as well', async () => {
    await tamper(
      test,
      `insert into fiscal_period (name, first_on, last_on, state, closed_at) values ('2009-07', '2009-06-26', '2009-07-25', 'locked', now())`,
    );
    expect(await verdicts(['K6,P1,a,1,2009-06-26,1,D1,x', 'K7,P1,a,1,2009-07-25,1,D1,x'])).toEqual([
      'PERIOD_CLOSED',
      'PERIOD_CLOSED',
    ]);
    expect(await select(test, `select name from fiscal_period where name like '2009%'`)).toEqual([{ name: '2009-07' }]);
  });
});
