import { describe, expect, it } from 'vitest';
import { Conflict, Forbidden, Invalid, NotFound, Refusal } from '#platform/errors.ts';
import { ApiError, absent, errorDocument, Faults, toApiError } from './errors.ts';
import { write } from './format.ts';

describe('errors', () => {
  it('come all at once, in both formats, each naming its parameter', () => {
    const faults = new Faults();
    faults.add(403, 'api_key', 'missing');
    faults.add(400, 'description', 'longer than 4000 characters');
    const error = catchOf(() => faults.check());
    expect(write('xml', errorDocument(error.faults))).toContain(
      '<errors><error><code>403</code><description>api_key: missing</description></error>' +
        '<error><code>400</code><description>description: longer than 4000 characters</description></error></errors>',
    );
    expect(JSON.parse(write('json', errorDocument(error.faults)))).toEqual([
      { code: 403, description: 'api_key: missing' },
      { code: 400, description: 'description: longer than 4000 characters' },
    ]);
  });
  it('answer with the weightiest code', () => {
    const status = (...codes: number[]) =>
      new ApiError(codes.map((code) => ({ code, description: 'x' }))).status;
    expect(status(400, 403)).toBe(403);
    expect(status(400, 404)).toBe(404);
    expect(status(404, 403)).toBe(403);
    expect(status(400)).toBe(400);
    expect(absent('token', 'unknown').status).toBe(404);
  });
  it('say what the domain refused', () => {
    expect(toApiError(new NotFound('request'))?.status).toBe(404);
    expect(toApiError(new Forbidden('contact-centre:accept'))?.status).toBe(403);
    expect(toApiError(new Conflict('move', 'not from closed'))?.status).toBe(400);
    expect(toApiError(new Refusal(429, 'limit', 'later', { retryAfter: 9 }))).toMatchObject({
      status: 429,
      retryAfter: 9,
    });
    const invalid = toApiError(
      new Invalid([
        { field: 'a', message: 'b' },
        { field: 'c', message: 'd' },
      ]),
    );
    expect(invalid?.faults).toEqual([
      { code: 400, description: 'a: b' },
      { code: 400, description: 'c: d' },
    ]);
    expect(toApiError(new Error('disk'))).toBeNull();
  });
});

function catchOf(act: () => void): ApiError {
  try {
    act();
  } catch (error) {
    if (error instanceof ApiError) return error;
  }
  throw new Error('nothing was refused');
}
