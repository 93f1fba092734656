/**
 * One executable, several roles. Each role is loaded only when it is asked for; exit status 0 = done,
 * 1 = refused with problems, 2 = wrong usage.
 */
import { parseArgs } from 'node:util';
import { ConfigError, readConfig } from './config.ts';
import { Problem } from './core/problem.ts';
import { describeProblem, Usage } from './roles/command-line.ts';

type Role = {
  readonly summary: string;
  readonly usage: string;
  load(): Promise<{ run(config: ReturnType<typeof readConfig>, args: string[]): Promise<number> }>;
};

const ROLES: Readonly<Record<string, Role>> = {
  serve: {
    summary: 'API, docs and worker in one process',
    usage: 'serve [--no-worker]',
    load: () => import('./roles/serve.ts'),
  },
  worker: {
    summary: 'jobs only; any number beside the service',
    usage: 'worker',
    load: () => import('./roles/worker.ts'),
  },
  migrate: {
    summary: 'brings the database to this release',
    usage: 'migrate',
    load: () => import('./roles/migrate.ts'),
  },
  demo: { summary: 'loads the demo company', usage: 'demo', load: () => import('./roles/demo.ts') },
  verify: {
    summary: 'proves that figures agree; exit 1 and a list when one does not',
    usage: 'verify [--json]',
    load: () => import('./roles/verify.ts'),
  },
  import: {
    summary: 'checks a file, and loads it with --apply',
    usage: 'import <kind> <file> [--apply] [--json] [options of the kind: see import --help]',
    load: () => import('./roles/import.ts'),
  },
  'close-period': {
    summary: 'closes a fiscal period and freezes its statements',
    usage: 'close-period 2011-03 [--json]',
    load: () => import('./roles/close-period.ts'),
  },
  export: {
    summary: 'writes the frozen statements of a period, a file each',
    usage:
      'export statements --period 2011-03 --format xlsx|pdf|csv [--language zh|en] [--dealer CODE] --out DIR [--json]',
    load: () => import('./roles/export.ts'),
  },
};

function help(): string {
  const lines = Object.entries(ROLES).map(
    ([name, { summary, usage }]) => `  ${name.padEnd(13)} ${summary}\n${' '.repeat(16)}node src/main.ts ${usage}`,
  );
  return `Partledger 配件账: spare-parts back office\n\nUsage: node src/main.ts <role> [options]\n\nRoles\n${lines.join('\n')}\n\nSettings come from the environment: see .env.example.\n`;
}

async function main(): Promise<number> {
  const [name, ...args] = process.argv.slice(2);
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(help());
    return name === undefined ? 2 : 0;
  }
  const role = Object.hasOwn(ROLES, name) ? ROLES[name] : undefined;
  if (role === undefined) throw new Usage(`There is no role "${name}".\n\n${help()}`);
  if (name !== 'import' && wantsHelp(args)) {
    process.stdout.write(`${role.summary}\n\nUsage: node src/main.ts ${role.usage}\n`);
    return 0;
  }
  const { run } = await role.load();
  return await run(readConfig(process.env), args);
}

function wantsHelp(args: string[]): boolean {
  return parseArgs({ args, strict: false, options: { help: { type: 'boolean', short: 'h' } } }).values['help'] === true;
}

function exitCodeOf(error: unknown): number {
  if (error instanceof Usage) {
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
  if (error instanceof ConfigError) {
    process.stderr.write(
      `The settings are not right:\n${error.complaints.map(complaint => `  - ${complaint}`).join('\n')}\n`,
    );
    return 2;
  }
  if (error instanceof Problem) {
    if (process.argv.includes('--json'))
      process.stdout.write(`${JSON.stringify({ ok: false, problem: describeProblem(error) })}\n`);
    process.stderr.write(`${error.title('en')} / ${error.title('zh')} (${error.code})\n${error.detail('en')}\n`);
    return 1;
  }
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 1;
}

process.exitCode = await main().catch(exitCodeOf);
