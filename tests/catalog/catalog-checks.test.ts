import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogChecks } from '../../src/catalog/index.ts';
import { openTestApp, type TestApp } from '../support/test-app.ts';

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
  const specialist = await test.as('parts_specialist');
  for (const partNumber of ['A', 'B', 'C', 'D', 'E'])
    await specialist.post('/v1/parts', { partNumber, nameEn: partNumber, partClass: 'functional' });
  await specialist.post('/v1/supersessions', { partNumber: 'A', successorNumber: 'B' });
  await specialist.post('/v1/supersessions', { partNumber: 'B', successorNumber: 'C' });
  await specialist.post('/v1/supersessions', { partNumber: 'D', successorNumber: 'LATER' });
  await specialist.post('/v1/machine-models', { code: 'M', nameZh: '机' });
  const place = (position: string) => ({ figure: '1', position, partNumber: 'A', quantity: '1' });
  await specialist.post('/v1/machine-models/M/bom-lines', {
    lines: [place('1'), { ...place('2'), parent: { figure: '1', position: '1' } }],
  });
});
afterAll(() => test.close());

/** Every disagreement, by the name of its check. */
async function disagreements(): Promise<Record<string, unknown[]>> {
  const found: Record<string, unknown[]> = {};
  for (const check of catalogChecks) {
    const list = await check.run(test.dependencies.database.reader(), 10);
    if (list.length > 0) found[check.name] = list;
  }
  return found;
}

/** Damage no constraint or trigger stands against. */
async function damage(sql: string): Promise<void> {
  const owner = new pg.Client({ connectionString: test.ownerUrl });
  await owner.connect();
  try {
    await owner.query('set session_replication_role = replica');
    await owner.query(sql);
  } finally {
    await owner.end();
  }
}

const partId = (number: string) => `(select id from part where part_number = '${number}')`;

describe('the proofs of the catalog', () => {
  it('find nothing where nothing is wrong', async () => {
    expect(await disagreements()).toEqual({});
  });

  it('find a loop, a successor under another number, one that could be linked, and an assembly in itself', async () => {
    await damage(`
      insert into supersession values (${partId('C')}, 'A', ${partId('A')}, now());
      update supersession set successor_number = 'E' where part_id = ${partId('D')};
      insert into supersession values (${partId('E')}, 'X', ${partId('D')}, now());
      update service_bom_line set parent_id = (select id from service_bom_line where position = '2') where position = '1'`);
    expect(await disagreements()).toEqual({
      'supersessions-have-no-loop': ['A', 'B', 'C'].map(subject => ({
        subject,
        expected: 'a chain that ends',
        found: 'back at itself after 3 steps',
      })),
      'supersession-numbers-match': [{ subject: 'E', expected: 'X', found: 'D' }],
      'supersessions-are-linked': [{ subject: 'D', expected: 'linked with E', found: 'dangling' }],
      'service-bom-has-no-loop': ['1', '2'].map(position => ({
        subject: `M 1/${position}`,
        expected: 'an assembly above it',
        found: 'part of itself',
      })),
    });
  });
});
