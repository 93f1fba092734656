/** A worker process that hangs just before it would commit, to be killed there. Arguments: database URL, files directory, lease in ms. */
import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { systemClock } from '../../src/core/clock.ts';
import { importJobs } from '../../src/exchange/index.ts';
import { openDatabase } from '../../src/platform/database.ts';
import { openFileStore } from '../../src/platform/file-store.ts';
import { silentQueue } from '../../src/platform/queue.ts';
import { startWorker } from '../../src/worker.ts';
import { widgetImport } from './widget-import.ts';

const HANG_MS = 120_000;
const [url = '', files = '', leaseMs = ''] = process.argv.slice(2);

const hanging: typeof widgetImport = {
  ...widgetImport,
  async run(tx, ...rest) {
    const findings = await widgetImport.run(tx, ...rest);
    process.stdout.write('before the commit\n');
    await sleep(HANG_MS);
    return findings;
  },
};

await startWorker(
  {
    clock: systemClock,
    timeZone: 'Asia/Shanghai',
    database: await openDatabase({ url, role: 'service', entities: [], poolMax: 5 }),
    queue: silentQueue,
    files: openFileStore(files),
    log: pino({ level: 'silent' }),
    sessionSecret: 'x'.repeat(32),
    secureCookies: false,
    requestsPerMinuteMax: 1_000,
  },
  { jobKinds: importJobs([hanging]), sweepEveryMs: 50, runner: { leaseMs: Number(leaseMs) } },
);
