import { Forbidden, Invalid, NotFound, Refusal } from '#platform/errors.ts';
import { placeOf, standardLog } from '#platform/http/log.ts';
import { problemOf } from '#platform/http/problems.ts';
import { Absent, Denied, Faulty } from '../../faults.ts';
import { SearchError } from '../../search/search.ts';

/** What a call that failed is answered: the `error` of the envelope. */
export interface Failure {
  readonly status: number;
  readonly error: Readonly<Record<string, unknown>> & { readonly __type: string };
  readonly retryAfter?: number;
}

/** A call that is no call of an action: the whole answer is one JSON string. */
export class BadRequest extends Error {
  override name = 'BadRequest';
  readonly status: number;
  constructor(message: string, status = 400) {
    super(`Bad request: ${message}`);
    this.status = status;
  }
}

/** Parameters of a search that nobody knows. */
export class SearchQueryError extends Error {
  override name = 'SearchQueryError';
}

/** A refusal in the words and shapes of CKAN. */
export function failureOf(error: unknown, requestId: string): Failure {
  const failed = (
    status: number,
    type: string,
    fields: Record<string, unknown>,
    retryAfter?: number,
  ): Failure => ({
    status,
    error: { ...fields, __type: type },
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
  if (error instanceof Denied)
    return failed(403, 'Authorization Error', {
      message: `Access denied${error.why ? `: ${error.why}` : ''}`,
    });
  if (error instanceof Forbidden) return failed(403, 'Authorization Error', { message: 'Access denied' });
  if (error instanceof Absent)
    return failed(404, 'Not Found Error', { message: `Not found${error.what ? `: ${error.what}` : ''}` });
  if (error instanceof NotFound) return failed(404, 'Not Found Error', { message: 'Not found' });
  if (error instanceof Faulty) {
    const { message, ...fields } = error.fields;
    return failed(409, 'Validation Error', {
      ...(message ? { message: Array.isArray(message) ? message[0] : message } : {}),
      ...fields,
    });
  }
  if (error instanceof Invalid)
    return failed(
      409,
      'Validation Error',
      Object.fromEntries(
        Object.entries(Object.groupBy(error.faults, (fault) => fault.field)).map(([field, faults]) => [
          field,
          faults!.map((fault) => fault.message),
        ]),
      ),
    );
  if (error instanceof SearchQueryError)
    return failed(400, 'Search Query Error', { message: `Search Query is invalid: ${error.message}` });
  if (error instanceof SearchError)
    return error.what === 'sort'
      ? failed(400, 'Search Query Error', { message: `Search Query is invalid: ${error.message}` })
      : failed(409, 'Search Error', { message: `Search error: ${error.message}` });
  if (error instanceof Refusal && error.status === 413)
    return failed(409, 'Validation Error', { upload: ['File upload too large'] });
  const broken = brokenRule(error);
  if (broken) return failed(400, 'Integrity Error', { message: 'Integrity Error', data: broken });
  const { status, code, retryAfter, detail } = problemOf(error);
  if (status === 429) return failed(429, 'Rate Limit Error', { message: detail }, retryAfter ?? 1);
  if (status < 500) return failed(409, 'Validation Error', { message: detail });
  const away = status === 503;
  standardLog({
    level: away ? 'warn' : 'error',
    event: 'open-data-api',
    requestId,
    status,
    code,
    at: placeOf(error),
  });
  return failed(
    away ? 503 : 500,
    'Internal Server Error',
    { message: away ? 'Not available for the moment' : `Internal Server Error (${requestId})` },
    retryAfter,
  );
}

/** The name of the database's rule that a change would have broken: two said at once what only one may say. */
function brokenRule(error: unknown): string | null {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { code, constraint } = at as Error & { code?: unknown; constraint?: unknown };
    if (code === '23505' || code === '23503' || code === '23514') return String(constraint ?? code);
  }
  return null;
}

/** Whether the same call may succeed at once: others were in the way. */
export function isBusy(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause)
    if (['40001', '40P01', '55P03'].includes(String((at as Error & { code?: unknown }).code))) return true;
  return false;
}
