/** One server for the whole run and one migrated template, cloned by each test file. DATABASE_URL names an own server instead. */
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { ensureFirm } from '../../src/firm/index.ts';
import { migrate } from '../../src/platform/migrate.ts';
import { startThrowawayServer } from './throwaway-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    adminUrl: string;
    template: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const own = process.env['DATABASE_URL'];
  const server = own === undefined ? await startThrowawayServer() : { adminUrl: own, stop: async () => {} };
  const template = `partledger_template_${process.pid}`;
  const admin = new pg.Client({ connectionString: server.adminUrl });
  await admin.connect();
  await admin.query(`create database ${template}`);
  const url = new URL(server.adminUrl);
  url.pathname = `/${template}`;
  await migrate(url.href, async database => {
    await ensureFirm(
      database,
      {
        nameZh: '测试农机',
        nameEn: 'Test Machinery',
        timeZone: 'Asia/Shanghai',
        currency: 'CNY',
        createdAt: new Date(),
      },
      true,
    );
  });
  project.provide('adminUrl', server.adminUrl);
  project.provide('template', template);
  return async () => {
    if (own !== undefined) {
      const { rows } = await admin.query<{ datname: string }>(
        `select datname from pg_database where datname like 'partledger_test_${process.pid}_%' or datname = $1`,
        [template],
      );
      for (const { datname } of rows) await admin.query(`drop database if exists ${datname} with (force)`);
    }
    await admin.end();
    await server.stop();
  };
}
