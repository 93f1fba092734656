import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { query } from '../../src/platform/database.ts';
import { type Client, openTestApp, TEST_NOW, type TestApp } from '../support/test-app.ts';

let test: TestApp;
let auditor: Client;
beforeAll(async () => {
  test = await openTestApp();
  auditor = await test.as('auditor');
  const specialist = await test.as('parts_specialist');
  for (const code of ['D1', 'D2', 'D3']) await specialist.post('/v1/dealers', { code, currency: 'CNY', nameZh: '甲' });
  test.setNow('2026-03-11T02:00:00Z');
  await specialist.patch('/v1/dealers/D1', { zone: 'north' }, { 'if-match': '"1"' });
  await specialist.post('/v1/dealers', { code: 'D1', currency: 'CNY', nameZh: '甲' });
  test.setNow(TEST_NOW);
});
afterAll(() => test.close());

const list = async (filter: string) => (await auditor.get(`/v1/audit-entries?${filter}`)).body.items;

describe('audit entries', () => {
  it('show before and after, latest first, without internal ids', async () => {
    const items = await list('subjectKind=dealer&subjectId=D1');
    expect(items).toMatchObject([
      { action: 'dealer.changed', before: { zone: null, version: 1 }, after: { zone: 'north', version: 2 } },
      { action: 'dealer.created', before: null, after: { code: 'D1' } },
    ]);
    expect(JSON.stringify(items)).not.toMatch(/"id"|dealerId/);
  });

  it('keep what was refused, with the code and not the body', async () => {
    const [refused] = await list('action=POST%20%2Fv1%2Fdealers');
    expect(refused).toMatchObject({ outcome: 'refused', after: { code: 'DEALER_CODE_TAKEN', path: '/v1/dealers' } });
    expect(refused.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('are filtered by who and when', async () => {
    expect(await list('from=2026-03-11T00:00:00Z')).toHaveLength(2);
    expect(await list('to=2026-03-11T00:00:00Z&action=dealer.created')).toHaveLength(3);
    expect(await list('actor=machine%3Anobody')).toHaveLength(0);
    const [{ actor }] = await list('limit=1');
    expect((await list(`actor=${encodeURIComponent(actor)}`)).length).toBeGreaterThanOrEqual(5);
  });

  it('are paged without a gap', async () => {
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body } = await auditor.get(`/v1/audit-entries?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      seen.push(...body.items.map((item: { action: string; subjectId: string }) => `${item.action} ${item.subjectId}`));
      cursor = body.nextCursor;
    }
    expect(seen).toHaveLength((await list('limit=200')).length);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it.each(['2026-02-31T00:00:00Z', '2026-13-01T00:00:00Z', '0000-01-01T00:00:00Z'])(
    'refuse %s as an instant',
    async from => {
      expect(await auditor.get(`/v1/audit-entries?from=${from}`)).toMatchObject({
        status: 400,
        body: { code: 'INSTANT_INVALID' },
      });
    },
  );

  it('can be neither changed nor removed, not even by the service itself', async () => {
    const reader = test.dependencies.database.reader();
    await expect(query(reader, `update audit_entry set actor = 'x'`)).rejects.toThrow(/permission denied/);
    await expect(query(reader, 'delete from audit_entry')).rejects.toThrow(/permission denied/);
  });
});
