/** API, docs and (unless told otherwise) the worker in one process, on the embedded database or an own one. */
import type { AddressInfo } from 'node:net';
import { anybodyCanSignIn, ensureAdministrator } from '../access/index.ts';
import { buildApp } from '../app.ts';
import { jobKinds, schedules } from '../composition.ts';
import { type Config, isLoopback } from '../config.ts';
import { openQueue } from '../platform/queue.ts';
import { startWorker } from '../worker.ts';
import { readArgs, say } from './command-line.ts';
import { listenForStop } from './stop.ts';
import { dependenciesOf, openSystem, type System } from './system.ts';

export async function run(config: Config, args: string[]): Promise<number> {
  const { values } = readArgs(args, { 'no-worker': { type: 'boolean' } }, 0);
  let system: System | null = null;
  const stop = listenForStop(() => system?.log ?? null);
  const closing: Array<() => Promise<void>> = [];
  const starting = (async () => {
    system = await openSystem(config, { as: 'service', migrate: true, say, onLost: stop.fail });
    closing.unshift(system.close);
    const queue = await openQueue({ databaseUrl: system.databaseUrl, redisUrl: config.redisUrl, log: system.log });
    closing.unshift(queue.close);
    const dependencies = dependenciesOf(system, queue);
    if (config.admin !== null) await ensureAdministrator(dependencies.database, config.admin, system.clock.now());
    const logins = await demoLogins(config, system);
    const app = await buildApp(dependencies);
    closing.unshift(() => app.close());
    if (values['no-worker'] !== true) {
      const worker = await startWorker(dependencies, { jobKinds, schedules, queue });
      closing.unshift(worker.stop);
    }
    await app.listen({ host: config.host, port: config.port });
    announce(config, (app.server.address() as AddressInfo).port, logins);
    if (!(await anybodyCanSignIn(dependencies.database)))
      say('Nobody can sign in yet: start once with ADMIN_LOGIN and ADMIN_PASSWORD set.');
  })();
  const closeAll = async () => {
    for (const close of closing.splice(0)) await close();
  };
  try {
    await Promise.race([starting, stop.asked]);
  } catch (error) {
    await closeAll();
    throw error;
  }
  await stop.asked;
  return await stop.finish(async () => {
    await starting.catch(() => {});
    await closeAll();
  });
}

async function demoLogins(config: Config, system: System): Promise<readonly string[]> {
  const { ensureDemo, openDemoLogins } = await import('../demo/index.ts');
  const { database, clock, timeZone } = system;
  if (config.demo) await ensureDemo({ database, clock, timeZone, today: config.demoToday, say });
  return await openDemoLogins(database, config.demo && isLoopback(config.host), clock.now());
}

function announce(config: Config, port: number, logins: readonly string[]): void {
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  const lines = [`Partledger is ready: http://${host}:${port}`, `  API description: http://${host}:${port}/docs`];
  if (logins.length > 0) lines.push('  Demo logins (this machine only):', ...logins.map(login => `    ${login}`));
  process.stdout.write(`${lines.join('\n')}\n`);
}
