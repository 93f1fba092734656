/** Writes docs/problems.md from the tables of problems in the code: `npm run problems`. */
import { globSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { knownProblems, type ProblemEntry } from '../src/core/problem.ts';

const PROJECT = join(import.meta.dirname, '..');
export const PROBLEMS_PAGE = join(PROJECT, 'docs', 'problems.md');

const HEAD = `# Problems

Made by \`npm run problems\` from the tables in \`src/**/errors.ts\`; a test fails when it is stale.

Every refusal is an RFC 9457 document (\`application/problem+json\`). \`code\` is stable: programs decide by it. \`title\` and
\`detail\` follow Accept-Language (zh or en); \`{…}\` below stands for a fact, which the document also carries as a field of its own.
A list of findings about a file uses the same codes, one for each line.

每个拒绝都是 RFC 9457 文档；程序以 \`code\` 判断，\`title\` 与 \`detail\` 随 Accept-Language 为中文或英文。
`;

/** Every code with its module (the folder of its table), in the order of the modules' folders. */
async function problemsByModule(): Promise<Map<string, Array<readonly [string, ProblemEntry]>>> {
  const tables = globSync('src/**/errors.ts', { cwd: PROJECT }).sort();
  const seen = new Set<string>();
  const modules = new Map<string, Array<readonly [string, ProblemEntry]>>();
  for (const table of tables) {
    await import(pathToFileURL(join(PROJECT, table)).href);
    const added = knownProblems().filter(([code]) => !seen.has(code));
    for (const [code] of added) seen.add(code);
    modules.set(relative('src', dirname(table)), added);
  }
  return modules;
}

function describe([code, entry]: readonly [string, ProblemEntry]): string {
  const line = (language: 'zh' | 'en') =>
    entry.detail === undefined ? entry.title[language] : `${entry.title[language]} — ${entry.detail[language]}`;
  return `### ${code} · ${entry.status}\n\n${line('zh')}\n\n${line('en')}\n`;
}

/** The page as it should be. */
export async function problemsPage(): Promise<string> {
  const modules = await problemsByModule();
  const sections = [...modules]
    .filter(([, entries]) => entries.length > 0)
    .map(([name, entries]) => `## ${name}\n\n${entries.map(describe).join('\n')}`);
  return `${HEAD}\n${sections.join('\n')}`;
}

if (process.argv[1] === import.meta.filename) writeFileSync(PROBLEMS_PAGE, await problemsPage());
