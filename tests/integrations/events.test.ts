import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NOUN_PERMISSIONS } from '../../src/integrations/event-feed.ts';
import { openTestApp, type TestApp } from '../support/test-app.ts';

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
  const specialist = await test.as('parts_specialist');
  for (const code of ['E1', 'E2']) await specialist.post('/v1/dealers', { code, currency: 'CNY', nameZh: code });
});
afterAll(() => test.close());

describe('the event feed', () => {
  it('shows a dealer its own stream and nobody else’s', async () => {
    const dealer = await test.as('dealer', 'E1');
    const { body } = await dealer.get('/v1/events');
    expect(body.items.map((event: { type: string }) => event.type)).toEqual(['dealer.created']);
    expect(body.items[0].subject).toMatchObject({ code: 'E1' });
    expect(await dealer.get('/v1/events?dealerCode=E2')).toMatchObject({
      status: 404,
      body: { code: 'DEALER_NOT_FOUND' },
    });
  });

  it('shows a dealer called like the firm its own stream only', async () => {
    const specialist = await test.as('parts_specialist');
    for (const code of ['firm', 'FIRM']) {
      expect((await specialist.post('/v1/dealers', { code, currency: 'CNY', nameZh: code })).status).toBe(201);
      const { items } = (await (await test.as('dealer', code)).get('/v1/events')).body;
      expect(items.map((event: { subject: unknown }) => event.subject)).toEqual([{ code }]);
    }
  });

  it('goes on where it was left, and is empty at its end', async () => {
    const auditor = await test.as('auditor');
    const first = (await auditor.get('/v1/events?limit=1')).body;
    expect(first.items).toHaveLength(1);
    const rest = (await auditor.get(`/v1/events?after=${first.next}`)).body;
    expect(rest.items[0].sequence).toBe('2');
    expect((await auditor.get(`/v1/events?after=${rest.next}`)).body).toEqual({ items: [], next: rest.next });
  });

  it('numbers each stream without a gap in commit order, however many write at once', async () => {
    const specialist = await test.as('parts_specialist');
    await specialist.post('/v1/dealers', { code: 'E3', currency: 'CNY', nameZh: 'E3' });
    const levels = Array.from({ length: 20 }, (_, index) =>
      specialist.post('/v1/dealers/E3/levels', { level: 'A', fromOn: `2027-01-${String(index + 1).padStart(2, '0')}` }),
    );
    await Promise.all(levels);
    const { items } = (await (await test.as('auditor')).get('/v1/events?dealerCode=E3&limit=200')).body;
    expect(items.map((event: { sequence: string }) => Number(event.sequence))).toEqual(
      items.map((_: unknown, index: number) => index + 1),
    );
    expect(items.length).toBeGreaterThan(1);
  });

  it('tells nobody of what they may not read', async () => {
    const specialist = await test.as('parts_specialist');
    await specialist.post('/v1/price-lists', { code: 'L1', kind: 'guidance', currency: 'CNY', taxInclusive: true });
    const typesFor = async (role: 'parts_specialist' | 'warehouse_keeper') =>
      (await (await test.as(role)).get('/v1/events')).body.items.map((event: { type: string }) => event.type);
    expect(await typesFor('parts_specialist')).toContain('price-list.created');
    expect(await typesFor('warehouse_keeper')).not.toContain('price-list.created');
  });

  it('has a reader for every kind of event there is', () => {
    const source = join(import.meta.dirname, '..', '..', 'src');
    const types = globSync('**/*.ts', { cwd: source }).flatMap(file => [
      ...readFileSync(join(source, file), 'utf8').matchAll(/\btype: '([a-z-]+)\.[a-z-]+'/g),
    ]);
    expect(types.length).toBeGreaterThan(15);
    expect(
      [...new Set(types.map(([, noun]) => noun))].filter(noun => !Object.hasOwn(NOUN_PERMISSIONS, noun ?? '')),
    ).toEqual([]);
  });
});
