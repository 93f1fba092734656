/** Structured logs that hold no secrets and no personal data: cookies and keys are cut out, database errors lose their values. */
import pino, { type DestinationStream, type Logger } from 'pino';

const REDACTED = ['authorization', 'cookie', 'set-cookie', 'password', 'token', 'csrfToken'];

/** JSON lines with a name for what happened in `msg` and dotted fields beside it. */
export function openLog(level: string, destination: DestinationStream): Logger {
  const paths = REDACTED.flatMap(name => [`["${name}"]`, `*["${name}"]`, `*.headers["${name}"]`]);
  return pino(
    { level, base: null, redact: { paths, censor: '[redacted]' }, serializers: { err: logError } },
    destination,
  );
}

type LoggedError = {
  type: string;
  message: string;
  stack?: string;
  code?: string;
  constraint?: string;
  cause?: LoggedError;
};

/** PostgreSQL repeats values in its messages (`Key (login)=(…)`, `invalid input: "…"`): they are masked, codes and names stay. */
function logError(error: unknown): LoggedError | string {
  if (!(error instanceof Error)) return 'not an error';
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  const fromDatabase = typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code);
  const message = fromDatabase ? mask(error.message) : error.message;
  const stack = fromDatabase ? frames(error.stack) : error.stack;
  const cause = error.cause === undefined ? undefined : logError(error.cause);
  return {
    type: error.name,
    message,
    ...(stack === undefined ? {} : { stack }),
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof constraint === 'string' ? { constraint } : {}),
    ...(cause === undefined || typeof cause === 'string' ? {} : { cause }),
  };
}

function mask(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/"[^"]*"/g, '"…"').replace(/\([^)]*\)/g, '(…)');
}

function frames(stack: string | undefined): string | undefined {
  return stack
    ?.split('\n')
    .filter(line => /^\s+at /.test(line))
    .join('\n');
}
