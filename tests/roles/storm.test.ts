/**
 * A storm of orders and shipments while the service is killed again and again: afterwards every accepted request is
 * there exactly once, what was not answered can be sent again, and every figure agrees.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  environment,
  killHard,
  newDataDir,
  type Running,
  readyAddress,
  removeDataDir,
  run,
  start,
} from '../support/processes.ts';

/** 5 in `npm test`, 50 in the second tier. */
const KILLS = Number(process.env['KILLS'] ?? '5');
const SENDERS = 6;
const PASSWORD = 'partledger-demo';

type Session = { cookie: string; csrf: string };
type Reply = { status: number; body: { number?: string; code?: string } };

let dataDir = '';
let service: Running;
let address = '';
let stopped = false;
beforeAll(async () => {
  dataDir = newDataDir();
  await launch();
});
afterAll(async () => {
  stopped = true;
  service.child.kill('SIGTERM');
  await service.finished;
  removeDataDir(dataDir);
});

async function launch(): Promise<void> {
  service = start(['serve'], environment(dataDir, { DEMO: '1', DEMO_TODAY: '2026-03-20', LOG_LEVEL: 'error' }));
  address = await readyAddress(service);
}

async function signIn(login: string): Promise<Session> {
  const reply = await fetch(`${address}/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login, password: PASSWORD }),
  });
  const cookie = reply.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const { csrfToken } = (await reply.json()) as { csrfToken: string };
  return { cookie, csrf: csrfToken };
}

/** Sends until it is answered: the key makes that safe. */
async function insist(session: Session, path: string, key: string, body: unknown): Promise<Reply> {
  for (;;) {
    try {
      const reply = await fetch(`${address}${path}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          cookie: session.cookie,
          'x-csrf-token': session.csrf,
          'idempotency-key': key,
          'accept-language': 'en',
        },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(15_000),
      });
      const parsed = (await reply.json()) as Reply['body'];
      if (reply.status < 500 && parsed.code !== 'IDEMPOTENCY_KEY_IN_USE') return { status: reply.status, body: parsed };
    } catch {
      // cut off in the middle: nobody knows whether it was done, so it is sent again
    }
    if (stopped) throw new Error('the storm is over');
    await sleep(50);
  }
}

it('loses and doubles nothing', async () => {
  const dealer = await signIn('demo-dealer');
  const keeper = await signIn('demo-warehouse');
  const orders = new Map<string, string>();
  const shipments: string[] = [];
  let storming = true;
  const senders = Array.from({ length: SENDERS }, async (_, sender) => {
    for (let turn = 0; storming; turn += 1) {
      const document = `STORM-${sender}-${turn}`;
      const lines = [
        { partNumber: 'GB6170-M12', quantity: '10' },
        { partNumber: 'T80-101', quantity: '1' },
      ];
      const ordered = await insist(dealer, '/v1/orders', document, {
        dealerDocument: document,
        locationCode: 'WH1-SJZ',
        lines,
      });
      expect(ordered.status, JSON.stringify(ordered.body)).toBe(201);
      orders.set(document, ordered.body.number ?? '');
      const shipped = await insist(keeper, '/v1/shipments', `ship-${document}`, { orderNumber: ordered.body.number });
      if (shipped.status === 201) shipments.push(shipped.body.number ?? '');
      // stock runs out one day: then the order waits, and says so
      else expect(shipped.body.code, JSON.stringify(shipped.body)).toBe('NOTHING_TO_SHIP');
    }
  });
  for (let kill = 0; kill < KILLS; kill += 1) {
    await sleep(300 + Math.random() * 1_200);
    await killHard(service);
    await launch();
  }
  storming = false;
  await Promise.all(senders);
  expect(orders.size).toBeGreaterThan(KILLS);

  const seen = await listAll(dealer, '/v1/orders');
  for (const [document, number] of orders) {
    expect(
      seen.filter(order => order['dealerDocument'] === document).map(order => order['number']),
      document,
    ).toEqual([number]);
  }
  expect(seen.filter(order => String(order['dealerDocument']).startsWith('STORM-'))).toHaveLength(orders.size);
  const sent = (await listAll(keeper, '/v1/shipments')).map(shipment => shipment['number']);
  for (const number of shipments) expect(sent.filter(found => found === number)).toHaveLength(1);

  const verified = await run(['verify', '--json'], environment(dataDir));
  expect(verified.code, verified.stdout + verified.stderr).toBe(0);
});

async function listAll(session: Session, path: string): Promise<Array<Record<string, unknown>>> {
  const rows: Array<Record<string, unknown>> = [];
  for (let cursor: string | null = null; ; ) {
    const query: string = cursor === null ? '' : `&cursor=${cursor}`;
    const reply = await fetch(`${address}${path}?limit=200${query}`, { headers: { cookie: session.cookie } });
    const page = (await reply.json()) as { items: Array<Record<string, unknown>>; nextCursor: string | null };
    rows.push(...page.items);
    if (page.nextCursor === null) return rows;
    cursor = page.nextCursor;
  }
}
