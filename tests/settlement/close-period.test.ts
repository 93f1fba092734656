import { beforeEach, describe, expect, it } from 'vitest';
import { closePeriod } from '../../src/settlement/index.ts';
import { openTestApp, type TestApp } from '../support/test-app.ts';
import {
  charge,
  close,
  contextOf,
  type Dealer,
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
let part: string;
beforeEach(async () => {
  test = await openTestApp();
  part = await makePart(test, 'P1');
  return () => test.close();
});

const statements = () =>
  select<{ number: string }>(
    test,
    `select s.number, s.opening, s.movements, s.closing, s.line_count from statement_of_account s join fiscal_period f on f.id = s.period_id
     join dealer d on d.id = s.dealer_id order by f.first_on, d.code`,
  );
const refused = (code: string, facts: object = {}) =>
  expect.objectContaining({ code, facts: expect.objectContaining(facts) });

describe('closing a period', () => {
  it('freezes a statement for each dealer that moved or owes: opening + movements = closing', async () => {
    const [a, b] = [await makeDealer(test, 'A'), await makeDealer(test, 'B')];
    await makeDealer(test, 'IDLE');
    await post(test, a, 'D1', '2026-01-10', [charge(part), charge(part, { line: 2 })]);
    await post(test, b, 'D2', '2026-01-31', [charge(part)]);
    await post(test, b, 'D3', '2026-02-01', [
      charge(part, { quantity: '-2', net: '-100.00', tax: '-13.00', gross: '-113.00' }),
    ]);
    expect(await close(test, '2026-01')).toEqual({ period: '2026-01', statements: 2, lines: 3 });
    expect(await close(test, '2026-02')).toEqual({ period: '2026-02', statements: 2, lines: 1 });
    expect(await statements()).toEqual([
      { number: 'S2026-01-A', opening: '0.00', movements: '226.00', closing: '226.00', line_count: 2 },
      { number: 'S2026-01-B', opening: '0.00', movements: '113.00', closing: '113.00', line_count: 1 },
      { number: 'S2026-02-A', opening: '226.00', movements: '0.00', closing: '226.00', line_count: 0 },
      { number: 'S2026-02-B', opening: '113.00', movements: '-113.00', closing: '0.00', line_count: 1 },
    ]);
  });

  it('leaves out a dealer that neither moved nor owes, and takes one whose movements sum to nothing', async () => {
    const a = await makeDealer(test, 'A');
    await post(test, a, 'D1', '2026-01-10', [charge(part)]);
    await post(test, a, 'D2', '2026-01-10', [
      charge(part, { quantity: '-2', net: '-100.00', tax: '-13.00', gross: '-113.00' }),
    ]);
    await post(test, await makeDealer(test, 'B'), 'D3', '2026-02-10', [charge(part)]);
    await close(test, '2026-01');
    await close(test, '2026-02');
    expect((await statements()).map(({ number }) => number)).toEqual(['S2026-01-A', 'S2026-02-B']);
  });

  it('puts the lines in order of business date, document and line, whenever they were posted', async () => {
    const a = await makeDealer(test, 'A');
    await post(test, a, 'D9', '2026-01-10', [charge(part, { line: 2 }), charge(part, { line: 1 })]);
    await post(test, a, 'd1', '2026-01-10', [charge(part)]);
    await post(test, a, 'D10', '2026-01-10', [charge(part)]);
    await post(test, a, 'Z', '2026-01-02', [charge(part)]);
    await close(test, '2026-01');
    expect(await select(test, 'select position, document, line from statement_line order by position')).toEqual([
      { position: 1, document: 'Z', line: 1 },
      { position: 2, document: 'D10', line: 1 },
      { position: 3, document: 'D9', line: 1 },
      { position: 4, document: 'D9', line: 2 },
      { position: 5, document: 'd1', line: 1 },
    ]);
  });

  it('tells each dealer of its statement and the firm of the close, and stands in the audit', async () => {
    await post(test, await makeDealer(test, 'A'), 'D1', '2026-01-10', [charge(part)]);
    await close(test, '2026-01');
    const [frozen] = await select<{ content_hash: string }>(test, 'select content_hash from statement_of_account');
    expect(
      await select(
        test,
        `select stream, type, subject from event where type in ('statement.frozen', 'period.closed') order by type`,
      ),
    ).toEqual([
      { stream: '@firm', type: 'period.closed', subject: { period: '2026-01', statements: 1, lines: 1 } },
      {
        stream: 'A',
        type: 'statement.frozen',
        subject: {
          number: 'S2026-01-A',
          period: '2026-01',
          currency: 'CNY',
          closing: '113.00',
          contentHash: frozen?.content_hash,
        },
      },
    ]);
    expect(
      await select(test, `select actor, subject_id, before, after from audit_entry where action = 'period.closed'`),
    ).toEqual([
      {
        actor: 'system:test',
        subject_id: '2026-01',
        before: { state: 'open' },
        after: { state: 'closed', period: '2026-01', statements: 1, lines: 1 },
      },
    ]);
    expect(await select(test, 'select state, closed_by, version from fiscal_period')).toEqual([
      { state: 'closed', closed_by: 'system:test', version: 2 },
    ]);
  });

  it('lets late documents fall into the next period, with their own date', async () => {
    const a = await makeDealer(test, 'A');
    await post(test, a, 'D1', '2026-02-10', [charge(part)]);
    await close(test, '2026-02');
    expect(await post(test, a, 'D2', '2026-02-11', [charge(part)])).toMatchObject({ period: '2026-03' });
    // a month before it that never existed does not come into being behind the statement
    expect(await post(test, a, 'D3', '2026-01-11', [charge(part)])).toMatchObject({ period: '2026-03' });
    test.setNow('2026-04-02T00:00:00Z');
    await close(test, '2026-03');
    expect(
      await select(
        test,
        `select l.document, l.business_on from statement_line l join statement_of_account s on s.id = l.statement_id
      where s.number = 'S2026-03-A' order by l.position`,
      ),
    ).toEqual([
      { document: 'D3', business_on: '2026-01-11' },
      { document: 'D2', business_on: '2026-02-11' },
    ]);
  });

  it('closes late the past of a dealer that came later, and nobody else’s', async () => {
    const a = await makeDealer(test, 'A');
    await makeDealer(test, 'B');
    await post(test, a, 'D1', '2026-02-10', [charge(part)]);
    await close(test, '2026-02');
    await importHistory(test, historyFile('H1,P1,x,1,2026-01-05,10,B,x'));
    expect(await close(test, '2026-01')).toEqual({ period: '2026-01', statements: 1, lines: 1 });
    test.setNow('2026-04-02T00:00:00Z');
    await post(test, a, 'D2', '2026-03-10', [charge(part)]);
    await close(test, '2026-03');
    expect(await statements()).toEqual([
      { number: 'S2026-01-B', opening: '0.00', movements: '10.00', closing: '10.00', line_count: 1 },
      { number: 'S2026-02-A', opening: '0.00', movements: '113.00', closing: '113.00', line_count: 1 },
      { number: 'S2026-03-A', opening: '113.00', movements: '113.00', closing: '226.00', line_count: 1 },
      { number: 'S2026-03-B', opening: '10.00', movements: '0.00', closing: '10.00', line_count: 0 },
    ]);
  });
});

describe('a period is not closed', () => {
  let a: Dealer;
  beforeEach(async () => {
    a = await makeDealer(test, 'A');
  });

  it('when nothing was ever posted in it', async () => {
    await expect(close(test, '2026-01')).rejects.toEqual(refused('PERIOD_NOT_FOUND', { period: '2026-01' }));
  });

  it('before its last day is over in the time zone of the firm', async () => {
    await post(test, a, 'D1', '2026-03-10', [charge(part)]);
    test.setNow('2026-03-31T15:59:59Z');
    await expect(close(test, '2026-03')).rejects.toEqual(refused('PERIOD_NOT_OVER', { lastOn: '2026-03-31' }));
    test.setNow('2026-03-31T16:00:00Z');
    expect(await close(test, '2026-03')).toMatchObject({ statements: 1 });
  });

  it('while an earlier one is open, which is named', async () => {
    await post(test, a, 'D1', '2025-12-10', [charge(part)]);
    await post(test, a, 'D2', '2026-01-10', [charge(part)]);
    await post(test, a, 'D3', '2026-02-10', [charge(part)]);
    await expect(close(test, '2026-02')).rejects.toEqual(refused('PERIOD_EARLIER_OPEN', { earlier: '2025-12' }));
    await close(test, '2025-12');
    await expect(close(test, '2026-02')).rejects.toEqual(refused('PERIOD_EARLIER_OPEN', { earlier: '2026-01' }));
  });

  it('twice', async () => {
    await post(test, a, 'D1', '2026-01-10', [charge(part)]);
    await close(test, '2026-01');
    const before = await ledgerCounts(test);
    await expect(close(test, '2026-01')).rejects.toEqual(refused('PERIOD_NOT_OPEN', { state: 'closed' }));
    expect(await ledgerCounts(test)).toEqual(before);
  });

  it('when its charges are not what was posted on the receivable', async () => {
    await post(test, a, 'D1', '2026-01-10', [charge(part)]);
    await tamper(test, 'update posting set amount = amount + 1');
    await expect(close(test, '2026-01')).rejects.toEqual(
      refused('PERIOD_FIGURES_DISAGREE', {
        check: 'charges-match-receivable',
        subject: 'A',
        expected: '113.00',
        found: '115.00',
      }),
    );
    expect(await select(test, 'select state from fiscal_period')).toEqual([{ state: 'open' }]);
  });

  it('when it moved before a statement that is frozen already', async () => {
    await post(test, a, 'D1', '2026-01-10', [charge(part)]);
    await post(test, a, 'D2', '2026-02-10', [charge(part)]);
    await close(test, '2026-01');
    await close(test, '2026-02');
    await tamper(test, `update fiscal_period set state = 'open', closed_at = null where name = '2026-01'`);
    await expect(close(test, '2026-01')).rejects.toEqual(
      refused('PERIOD_FIGURES_DISAGREE', { check: 'nothing-before-frozen-statements', subject: 'S2026-01-A' }),
    );
  });

  it('when a check of a higher module objects', async () => {
    await post(test, a, 'D1', '2026-01-10', [charge(part)]);
    const nothingUnshipped = {
      name: 'nothing-unshipped',
      run: async () => [{ subject: 'O1', expected: 'shipped', found: 'half' }],
    };
    await expect(
      closePeriod(test.dependencies.database, contextOf(test), '2026-01', [nothingUnshipped]),
    ).rejects.toEqual(refused('PERIOD_FIGURES_DISAGREE', { check: 'nothing-unshipped', subject: 'O1' }));
    expect(await statements()).toEqual([]);
  });
});
