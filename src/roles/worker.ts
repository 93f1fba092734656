import { jobKinds, schedules } from '../composition.ts';
import type { Config } from '../config.ts';
import { openQueue } from '../platform/queue.ts';
import { startWorker } from '../worker.ts';
import { readArgs, say } from './command-line.ts';
import { listenForStop } from './stop.ts';
import { dependenciesOf, openSystem } from './system.ts';

/** Jobs only. Stands beside a service on the same database; refuses a schema of another release. */
export async function run(config: Config, args: string[]): Promise<number> {
  readArgs(args, {}, 0);
  const stop = listenForStop(() => null);
  const system = await openSystem(config, { as: 'tool', migrate: false, say, onLost: stop.fail });
  const queue = await openQueue({ databaseUrl: system.databaseUrl, redisUrl: config.redisUrl, log: system.log });
  const worker = await startWorker(dependenciesOf(system, queue), { jobKinds, schedules, queue });
  say('Partledger worker is ready.');
  await stop.asked;
  return await stop.finish(async () => {
    await worker.stop();
    await queue.close();
    await system.close();
  });
}
