import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pricingChecks } from '../../src/pricing/index.ts';
import { openTestApp, type TestApp } from '../support/test-app.ts';
import { addParts, addPriceList, approvedRelease, publishPrices, reclassify } from './builders.ts';

let test: TestApp;
let owner: pg.Client;
beforeAll(async () => {
  test = await openTestApp();
  owner = new pg.Client({ connectionString: test.ownerUrl });
  await owner.connect();
  await addPriceList(test, { code: 'S' });
  await addParts(test, [{ partNumber: 'A' }, { partNumber: 'B' }, { partNumber: 'C' }]);
  await publishPrices(test, 'S', '2026-01-01', { A: '1', B: '1', C: '1' });
  await publishPrices(test, 'S', '2026-02-01', { A: '2' }, '2026-02-01');
  await publishPrices(test, 'S', '2026-05-01', { A: '3', C: '3' });
  await approvedRelease(test, 'S', '2026-06-01', { A: '4' });
  await reclassify(test, 'C', 'core');
});
afterAll(async () => {
  await owner.end();
  await test.close();
});

const disagreements = async () => {
  const em = test.dependencies.database.reader();
  const found = await Promise.all(pricingChecks.map(async check => [check.name, await check.run(em, 10)] as const));
  return Object.fromEntries(found.filter(([, list]) => list.length > 0));
};

/** Breaks a rule the way only an owner with the triggers off can, looks, and undoes it. */
async function whileBroken(sql: string, look: () => Promise<void>): Promise<void> {
  const undo = await owner.query(
    'select id, price_list_id, part_id, unit_price, valid::text, release_id, core_on from price',
  );
  await owner.query('set session_replication_role = replica');
  await owner.query(sql);
  try {
    await look();
  } finally {
    await owner.query('truncate price');
    for (const row of undo.rows)
      await owner.query(
        'insert into price overriding system value values ($1, $2, $3, $4, $5, $6, $7)',
        Object.values(row),
      );
    await owner.query(`update part set part_class = 'functional' where part_number = 'A'`);
    await owner.query('set session_replication_role = origin');
  }
}

it('prices are clean after releases and a reclassification', async () => {
  expect(await disagreements()).toEqual({});
});

it('a published line without its price, or with another, is found', async () => {
  await whileBroken(`delete from price where unit_price = 2`, async () => {
    const found = await disagreements();
    expect(Object.keys(found)).toContain('prices-match-releases');
    expect(found['prices-match-releases']).toMatchObject([
      { subject: expect.stringMatching(/^S A P2026-/), found: 'no price' },
    ]);
  });
  await whileBroken(`update price set unit_price = 9 where unit_price = 2`, async () => {
    expect((await disagreements())['prices-match-releases']).toMatchObject([
      { expected: '2.0000 published', found: '9.0000' },
    ]);
  });
});

it('a gap between two windows, and one that begins on another day, is found', async () => {
  await whileBroken(`update price set valid = '[2026-02-01,2026-04-01)' where unit_price = 2`, async () => {
    expect(await disagreements()).toEqual({
      'price-windows-match-releases': [
        {
          subject: expect.stringMatching(/^S A P2026-/),
          expected: '[2026-02-01,2026-05-01)',
          found: '[2026-02-01,2026-04-01)',
        },
      ],
    });
  });
  await whileBroken(
    `update price set valid = '[2026-01-02,)' where part_id = (select id from part where part_number = 'B')`,
    async () => {
      expect(Object.keys(await disagreements())).toEqual(['price-windows-match-releases']);
    },
  );
});

it('a core part with a price is found', async () => {
  await whileBroken(`update part set part_class = 'core' where part_number = 'A'`, async () => {
    expect(Object.keys(await disagreements())).toEqual(['core-parts-have-no-price']);
  });
});

it('a core part with a price that ends one day is found, every window that reaches today or later', async () => {
  const partA = `part_id = (select id from part where part_number = 'A')`;
  const ended = `update price set valid = '[2026-05-01,2026-06-01)' where unit_price = 3 and ${partA}`;
  await whileBroken(`${ended}; update part set part_class = 'core' where part_number = 'A'`, async () => {
    const found = (await disagreements())['core-parts-have-no-price'] ?? [];
    expect(found.map(window => window.found).sort()).toEqual(['[2026-02-01,2026-05-01)', '[2026-05-01,2026-06-01)']);
  });
});

it('lists no more than it is asked for', async () => {
  await whileBroken(`delete from price`, async () => {
    const em = test.dependencies.database.reader();
    expect(await pricingChecks[0]?.run(em, 2)).toHaveLength(2);
  });
});
