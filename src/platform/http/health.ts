/** For whoever keeps the service running: does the process answer, and may requests be sent to it? */
import { type Database, queryOne } from '../database.ts';
import type { Dependencies } from '../dependencies.ts';
import { problem } from '../errors.ts';
import { pendingMigrations } from '../migrate.ts';
import type { App } from './app-types.ts';
import { closed, oneOf } from './schemas.ts';

export function registerHealthRoutes(app: App, dependencies: Dependencies): void {
  const schemaIsOurs = onceTrue(async () => {
    const pending = await pendingMigrations(dependencies.database);
    if (pending.length > 0) throw problem('SCHEMA_NOT_MIGRATED', { pending: pending.join(', ') });
  });
  app.get(
    '/health/live',
    {
      config: { permission: 'public' },
      schema: {
        tags: ['operations'],
        summary: 'The process answers',
        response: { 200: closed({ status: oneOf(['live']) }) },
      },
    },
    async () => ({ status: 'live' as const }),
  );
  app.get(
    '/health/ready',
    {
      config: { permission: 'public', problems: ['DATABASE_UNREACHABLE', 'SCHEMA_NOT_MIGRATED'] },
      schema: {
        tags: ['operations'],
        summary: 'Requests may be sent: database reachable, schema of this release, not stopping',
        response: { 200: closed({ status: oneOf(['ready']) }) },
      },
    },
    async () => {
      if (app.isStopping()) throw problem('SHUTTING_DOWN');
      await requireDatabase(dependencies.database);
      await schemaIsOurs();
      return { status: 'ready' as const };
    },
  );
}

async function requireDatabase(database: Database): Promise<void> {
  try {
    await queryOne(database.reader(), 'select 1');
  } catch {
    throw problem('DATABASE_UNREACHABLE');
  }
}

/** A schema that was ours once stays ours while the process lives: it is asked for until it is, then never again. */
function onceTrue(check: () => Promise<void>): () => Promise<void> {
  let holds = false;
  return async () => {
    if (holds) return;
    await check();
    holds = true;
  };
}
