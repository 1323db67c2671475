import { isDiskFull, noteDiskFull } from '../disk.ts';
import { Invalid, Refusal } from '../errors.ts';

/** How an error looks to the outside: never more than this. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly faults?: readonly { readonly field: string; readonly message: string }[];
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly retryAfter?: number;
}

const outages = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '08000',
  '08003',
  '08006',
]);
const busy = new Set(['55P03', '57014', '40001', '40P01']);

/** Turns whatever was thrown into what may be said of it. A full disk is noted for whoever runs the city. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Invalid)
    return { status: error.status, code: error.code, detail: error.message, faults: error.faults };
  if (error instanceof Refusal) {
    const { retryAfter, ...extra } = error.detail;
    return {
      status: error.status,
      code: error.code,
      detail: error.message,
      extra,
      ...(typeof retryAfter === 'number' ? { retryAfter } : {}),
    };
  }
  if (isHttpError(error))
    return { status: error.status, code: `http-${error.status}`, detail: error.message || 'refused' };
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const code = String((at as Error & { code?: unknown }).code ?? '');
    if (outages.has(code) || isLostConnection(at))
      return { status: 503, code: 'database-away', detail: 'the database does not answer', retryAfter: 5 };
    if (isDiskFull(code)) {
      noteDiskFull();
      return { status: 503, code: 'disk-full', detail: 'nothing can be stored now', retryAfter: 60 };
    }
    if (isUnwrittenTrace(at))
      return {
        status: 503,
        code: 'trace-unwritten',
        detail: 'the audit log cannot be written',
        retryAfter: 60,
      };
    // A NUL, which PostgreSQL cannot hold, in a query or a path: nothing there can be meant.
    if (code === '22021' || code === '22P05')
      return { status: 400, code: 'unreadable', detail: 'the address holds a character that no text has' };
    if (busy.has(code))
      return { status: 503, code: 'busy', detail: 'too much at once; try again', retryAfter: 1 };
  }
  return { status: 500, code: 'internal', detail: 'an error on our side' };
}

/** The body of `application/problem+json` (RFC 9457). */
export function problemJson(problem: Problem, requestId: string): Record<string, unknown> {
  return {
    type: `urn:misto:problem:${problem.code}`,
    title: problem.code,
    status: problem.status,
    detail: problem.detail,
    instance: `urn:uuid:${requestId}`,
    requestId,
    ...(problem.faults ? { errors: problem.faults } : {}),
    ...problem.extra,
  };
}

function isHttpError(error: unknown): error is Error & { status: number } {
  return (
    error instanceof Error &&
    'getResponse' in error &&
    typeof (error as Error & { status?: unknown }).status === 'number'
  );
}

/** What was to be done left no trace in the audit log, so it was not done. */
function isUnwrittenTrace(error: Error): boolean {
  const { severity, table } = error as Error & { severity?: string; table?: string };
  return severity !== undefined && (table === 'audit_pending' || /\baudit_pending\b/.test(error.message));
}

/** `pg` gives these no code. */
function isLostConnection(error: Error): boolean {
  return /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|pool after calling end/.test(
    error.message,
  );
}
