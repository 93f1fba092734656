import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { query } from '../../src/platform/database.ts';
import { type Client, openTestApp, type TestApp } from '../support/test-app.ts';

let test: TestApp;
let specialist: Client;
beforeAll(async () => {
  test = await openTestApp();
  specialist = await test.as('parts_specialist');
  await specialist.post('/v1/dealers', { code: 'D1', currency: 'CNY', nameZh: '河北农机' });
});
afterAll(() => test.close());

async function make(...partNumbers: string[]): Promise<void> {
  for (const partNumber of partNumbers) {
    const partClass = partNumber.endsWith('CORE') ? 'core' : 'functional';
    const made = await specialist.post('/v1/parts', { partNumber, nameEn: partNumber, partClass });
    expect(made.status).toBe(201);
  }
}
const supersede = (partNumber: string, successorNumber: string) =>
  specialist.post('/v1/supersessions', { partNumber, successorNumber });
const chainOf = async (partNumber: string, client = specialist) =>
  (await client.get(`/v1/parts/${encodeURIComponent(partNumber)}/supersession`)).body;

describe('a supersession', () => {
  it('leads step by step to the current number', async () => {
    await make('A1', 'A2', 'A3');
    expect(await supersede('A1', 'A2')).toMatchObject({
      status: 201,
      headers: { location: '/v1/parts/A1/supersession' },
    });
    await supersede('A2', 'A3');
    expect(await chainOf('A1')).toEqual({
      partNumber: 'A1',
      successorNumber: 'A2',
      chain: ['A2', 'A3'],
      currentNumber: 'A3',
      dangling: false,
    });
    expect(await chainOf('A3')).toEqual({
      partNumber: 'A3',
      successorNumber: null,
      chain: [],
      currentNumber: 'A3',
      dangling: false,
    });
  });

  it('never comes back to its part', async () => {
    await make('L1', 'L2', 'L3');
    expect((await supersede('L1', 'L1')).body.code).toBe('SUPERSESSION_ITSELF');
    await supersede('L1', 'L2');
    await supersede('L2', 'L3');
    expect(await supersede('L3', 'L1')).toMatchObject({
      status: 409,
      body: { code: 'SUPERSESSION_LOOP', numbers: ['L3', 'L1', 'L2', 'L3'] },
    });
    expect((await chainOf('L3')).chain).toEqual([]);
  });

  it('never comes back to its part, however many close the ring at once', async () => {
    const ring = Array.from({ length: 20 }, (_, at) => `R${at}`);
    await make(...ring);
    const answers = await Promise.all(ring.map((number, at) => supersede(number, ring[(at + 1) % 20] ?? '')));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(19);
    expect(answers.find(({ status }) => status !== 201)).toMatchObject({
      status: 409,
      body: { code: 'SUPERSESSION_LOOP' },
    });
  });

  it('is refused by the database, too, when it closes a loop', async () => {
    await make('X1', 'X2');
    await supersede('X1', 'X2');
    await expect(
      query(
        test.dependencies.database.reader(),
        `insert into supersession (part_id, successor_number, successor_id, created_at)
         select a.id, b.part_number, b.id, now() from part a, part b where a.part_number = 'X2' and b.part_number = 'X1'`,
      ),
    ).rejects.toThrow(/supersession loop/);
  });

  it('of an unknown part is refused; its successor has a proper number', async () => {
    await make('Q1');
    expect(await supersede('none', 'Q1')).toMatchObject({ status: 404, body: { code: 'PART_NOT_FOUND' } });
    expect((await supersede('Q1', ' Q2')).body.code).toBe('PART_NUMBER_INVALID');
  });

  it('is replaced by another one, and the audit keeps both', async () => {
    await make('B1', 'B2', 'B3');
    await supersede('B1', 'B2');
    await supersede('B1', 'B3');
    await supersede('B1', 'B3');
    expect((await chainOf('B1')).chain).toEqual(['B3']);
    const audited = await query(
      test.dependencies.database.reader(),
      `select before ->> 'successorNumber' as before, after ->> 'successorNumber' as after
       from audit_entry where subject_id = 'B1' and action = 'supersession.set' order by id`,
    );
    expect(audited).toEqual([
      { before: null, after: 'B2' },
      { before: 'B2', after: 'B3' },
    ]);
  });

  it('ends when it is taken back', async () => {
    await make('E1', 'E2');
    await supersede('E1', 'E2');
    expect((await specialist.delete('/v1/parts/E1/supersession')).body).toMatchObject({
      successorNumber: null,
      currentNumber: 'E1',
    });
    expect(await specialist.delete('/v1/parts/E1/supersession')).toMatchObject({
      status: 404,
      body: { code: 'SUPERSESSION_NOT_FOUND' },
    });
  });
});

describe('a successor that is not in the catalog', () => {
  it('dangles, and is linked with everybody who waits for it when it arrives', async () => {
    await make('W1', 'W2');
    await supersede('W1', 'W9');
    await supersede('W2', 'W9');
    expect(await chainOf('W1')).toMatchObject({ chain: ['W9'], currentNumber: 'W1', dangling: true });
    await make('W9');
    for (const number of ['W1', 'W2'])
      expect(await chainOf(number)).toMatchObject({ chain: ['W9'], currentNumber: 'W9', dangling: false });
    expect((await supersede('W9', 'W1')).body.code).toBe('SUPERSESSION_LOOP');
  });

  it('stands in from the day it arrives, not from the day it was named', async () => {
    await make('N1');
    await supersede('N1', 'N9');
    test.setNow('2026-03-20T02:00:00Z');
    await make('N9');
    test.setNow('2026-03-10T02:00:00Z');
    const [row] = await query(
      test.dependencies.database.reader(),
      `select s.created_at = '2026-03-20T02:00:00Z' as arrived from supersession s join part p on p.id = s.part_id where p.part_number = 'N1'`,
    );
    expect(row).toEqual({ arrived: true });
  });

  it('is never missed, when it arrives while it is being named', async () => {
    const numbers = Array.from({ length: 12 }, (_, at) => `M${at}`);
    await make(...numbers);
    const arrivals = numbers.map(number => make(`${number}-NEW`));
    await Promise.all([...numbers.map(number => supersede(number, `${number}-NEW`)), ...arrivals]);
    for (const number of numbers) expect(await chainOf(number)).toMatchObject({ dangling: false });
  });
});

describe('a dealer', () => {
  it('sees of a chain only numbers it may see', async () => {
    await make('P1', 'P2-CORE', 'P3', 'P4');
    await supersede('P1', 'P2-CORE');
    await supersede('P2-CORE', 'P3');
    await supersede('P3', 'P-LATER');
    await supersede('P4', 'P2-CORE');
    const dealer = await test.as('dealer', 'D1');
    expect(await chainOf('P1', dealer)).toEqual({
      partNumber: 'P1',
      successorNumber: 'P3',
      chain: ['P3'],
      currentNumber: 'P3',
      dangling: false,
    });
    expect((await chainOf('P1')).chain).toEqual(['P2-CORE', 'P3', 'P-LATER']);
    expect((await chainOf('P2-CORE', dealer)).code).toBe('PART_NOT_FOUND');
  });

  it('records none', async () => {
    const dealer = await test.as('dealer', 'D1');
    expect((await dealer.post('/v1/supersessions', { partNumber: 'P1', successorNumber: 'P3' })).status).toBe(403);
    expect((await dealer.delete('/v1/parts/P1/supersession')).status).toBe(403);
  });
});
