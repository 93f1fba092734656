/**
 * Refusals with a stable code (RFC 9457). Each module keeps one table in its `errors.ts`, made by
 * `defineProblems`; the tables register themselves so that docs/problems.md and /docs list every code.
 */
export type Language = 'zh' | 'en';
export type Facts = Readonly<Record<string, unknown>>;
export type LocalText = Readonly<Record<Language, string>>;

export type ProblemEntry = {
  /** HTTP status of the refusal. */
  readonly status: number;
  readonly title: LocalText;
  /** What to do about it; `{name}` is replaced by the fact of that name. */
  readonly detail?: LocalText;
};

const catalogue = new Map<string, ProblemEntry>();

/** A refused command: nothing changed, and `code` says why. Thrown, never returned. */
export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  readonly facts: Facts;
  readonly entry: ProblemEntry;

  constructor(code: string, entry: ProblemEntry, facts: Facts = {}) {
    super(`${code}: ${fill(entry.detail?.en ?? entry.title.en, facts)}`);
    this.name = 'Problem';
    this.code = code;
    this.status = entry.status;
    this.entry = entry;
    this.facts = facts;
  }

  title(language: Language): string {
    return this.entry.title[language];
  }

  detail(language: Language): string {
    return fill((this.entry.detail ?? this.entry.title)[language], this.facts);
  }
}

/** Registers a module's table and returns the function that makes its problems: `throw problem('CODE', facts)`. */
export function defineProblems<const Table extends Record<string, ProblemEntry>>(table: Table) {
  for (const [code, entry] of Object.entries(table)) {
    if (catalogue.has(code)) throw new Error(`problem code ${code} is defined twice`);
    catalogue.set(code, entry);
  }
  return (code: keyof Table & string, facts: Facts = {}): Problem =>
    new Problem(code, table[code] as ProblemEntry, facts);
}

/** Every registered code, sorted; what is listed is what has been imported. */
export function knownProblems(): ReadonlyArray<readonly [string, ProblemEntry]> {
  return [...catalogue].sort(([a], [b]) => (a < b ? -1 : 1));
}

function fill(template: string, facts: Facts): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => String(facts[name] ?? '?'));
}
