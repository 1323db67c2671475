/** The only fields a log line may hold: no addresses, names, queries or bodies (platform.md §12). */
export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly event: string;
  readonly requestId?: string;
  readonly method?: string;
  /** The route's template, never the path with its values. */
  readonly route?: string;
  readonly status?: number;
  readonly ms?: number;
  readonly code?: string;
  /** Where in our code, for faults of ours; the message may quote data and stays out. */
  readonly at?: string;
}

export type Log = (line: LogLine) => void;

export const standardLog: Log = (line) => {
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), ...line })}\n`);
};

/** Name and code of the error and the places it passed, without its message: PostgreSQL's and Drizzle's quote values. */
export function placeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const places = (error.stack ?? '')
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 4)
    .map((line) => line.trim().replace(/\(?(?:file:\/\/)?\/\S*\/(?=[^/]+\))/, '('));
  const cause = error.cause instanceof Error ? ` < ${placeOf(error.cause)}` : '';
  const { code } = error as { code?: unknown };
  const name =
    typeof code === 'string' && /^[A-Z0-9_]{2,40}$/.test(code) ? `${error.name} ${code}` : error.name;
  return `${name} ${places.join(' ')}${cause}`;
}
