/** price-query-20, price-query-100: POST /v1/price-queries with an API key on 1,000,000 prices, beside the bare route. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { answersPerSecond, oneAnswer, postRequest } from './http-load.ts';
import { openPriceDatabase, PARTS, type PriceDatabase, SUPERSEDED_EVERY } from './price-query-data.ts';
import { FLOOR_SOURCE } from './price-query-server.ts';
import { type BenchRow, median } from './row.ts';

const CONNECTIONS = 16;
const RUNS = 11;
const RUN_SECONDS = 3;
/** Before that the compiler of V8 is still at work, on our side longer than on the floor's. */
const WARM_UP_LINES = 200_000;
const BODIES = 200;
const ON = '2026-03-10';
const TARGET = 0.8;
/** Prime to the number of parts. */
const STRIDE = 7_919;

export const priceQuery20 = () => priceQuery('price-query-20', 20);
export const priceQuery100 = () => priceQuery('price-query-100', 100);

let shared: Promise<PriceDatabase> | null = null;

/** Both rows use one database; it goes with the process. */
function database(): Promise<PriceDatabase> {
  shared ??= openPriceDatabase();
  return shared;
}

/** Answers per second, c = 16. */
async function priceQuery(row: string, lines: number): Promise<BenchRow> {
  const { url, token } = await database();
  const requests = bodies(lines).map(body =>
    postRequest('/v1/price-queries', body, { authorization: `Bearer ${token}` }),
  );
  const servers = { ours: await startServer('ours', url), floor: await startServer('floor', url) };
  try {
    await expectSameBytes(servers.ours.port, servers.floor.port, requests.slice(0, 10));
    const run = (port: number, seconds = RUN_SECONDS) =>
      answersPerSecond({ port, connections: CONNECTIONS, seconds, requests });
    for (const { port } of Object.values(servers)) {
      for (let answered = 0; answered * lines < WARM_UP_LINES; ) answered += 2 * (await run(port, 2));
    }
    const rates = { ours: [] as number[], floor: [] as number[] };
    for (let at = 0; at < RUNS; at += 1) {
      const [ours, floor] = [await run(servers.ours.port), await run(servers.floor.port)];
      rates.ours.push(ours);
      rates.floor.push(floor);
      process.stderr.write(`  ${row} ${ours.toFixed(0)} / ${floor.toFixed(0)} per second\n`);
    }
    const [ours, floor] = [median(rates.ours), median(rates.floor)];
    return {
      row,
      ours,
      floor,
      ratio: ours / floor,
      target: TARGET,
      unit: 'requests/s',
      runs: RUNS,
      floorSource: FLOOR_SOURCE,
    };
  } finally {
    for (const { child } of Object.values(servers)) child.kill('SIGKILL');
  }
}

/** Parts spread over the whole table, other ones in each body. */
function bodies(lines: number) {
  return Array.from({ length: BODIES }, (_, body) => ({
    on: ON,
    lines: Array.from({ length: lines }, (_, line) => ({
      partNumber: partNumberOf(((body * lines + line) * STRIDE) % PARTS),
      quantity: String((line % 9) + 1),
    })),
  }));
}

function partNumberOf(at: number): string {
  const number = (at + 1) % SUPERSEDED_EVERY === 0 ? at : at + 1;
  return `YL-${String(number).padStart(6, '0')}`;
}

async function startServer(side: 'ours' | 'floor', url: string): Promise<{ child: ChildProcess; port: number }> {
  const script = join(import.meta.dirname, 'price-query-server.ts');
  const child = spawn(process.execPath, [script, side, url], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [port] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  return { child, port: Number(port.toString()) };
}

/** A ratio of two different answers would say nothing. */
async function expectSameBytes(ours: number, floor: number, requests: readonly Buffer[]): Promise<void> {
  for (const request of requests) {
    const [a, b] = [await oneAnswer(ours, request), await oneAnswer(floor, request)];
    if (a !== b) throw new Error(`the answers differ:\n${a}\n${b}`);
  }
}
