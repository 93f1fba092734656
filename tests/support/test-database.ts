/** A database of one's own, cloned from the migrated template in a tenth of a second. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

/** Makes a fresh database and returns the URL of its owner. Throwaway: the cluster goes at the end of the run. */
export async function freshDatabase(): Promise<string> {
  const name = `partledger_test_${inject('template').split('_').at(-1)}_${randomBytes(6).toString('hex')}`;
  const admin = new pg.Client({ connectionString: inject('adminUrl') });
  await admin.connect();
  try {
    await admin.query(`create database ${name} template ${inject('template')}`);
  } finally {
    await admin.end();
  }
  const url = new URL(inject('adminUrl'));
  url.pathname = `/${name}`;
  return url.href;
}
