import { Invalid, Refusal } from '#platform/errors.ts';
import type { Document } from './format.ts';

/** One fault of a call, in the standard's own shape. */
export interface ApiFault {
  readonly code: number;
  /** `parameter: what to do`. */
  readonly description: string;
}

/** A refused call with all its faults at once. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly faults: readonly ApiFault[];
  /** Seconds until trying again makes sense. */
  readonly retryAfter: number | undefined;
  constructor(faults: readonly ApiFault[], retryAfter?: number) {
    super(faults.map((fault) => fault.description).join('; '));
    this.faults = faults;
    this.retryAfter = retryAfter;
  }

  get status(): number {
    return statusOf(this.faults);
  }
}

/** Collects the faults of one call, so that a client can mend all of them before it tries again. */
export class Faults {
  readonly #found: ApiFault[] = [];

  add(code: number, parameter: string, message: string): void {
    this.#found.push({ code, description: `${parameter}: ${message}` });
  }

  /** Runs a step whose refusal is one more fault; null when it was refused. */
  async collect<T>(step: () => Promise<T>): Promise<T | null> {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#found.push(...error.faults);
      return null;
    }
  }

  get any(): boolean {
    return this.#found.length > 0;
  }

  /** @throws ApiError when there are faults. */
  check(): void {
    if (this.any) throw new ApiError(this.#found);
  }
}

// A wrong key outweighs the rest: nothing else helps until it is mended. Then what is absent, then what is wrong.
const weight = [503, 500, 429, 403, 404, 400];

function statusOf(faults: readonly ApiFault[]): number {
  return weight.find((code) => faults.some((fault) => fault.code === code)) ?? 400;
}

/** One absent thing. */
export function absent(parameter: string, message: string): ApiError {
  return new ApiError([{ code: 404, description: `${parameter}: ${message}` }]);
}

/** One wrong thing. */
export function wrong(parameter: string, message: string): ApiError {
  return new ApiError([{ code: 400, description: `${parameter}: ${message}` }]);
}

export function errorDocument(faults: readonly ApiFault[]): Document {
  return {
    root: 'errors',
    item: 'error',
    value: faults.map((fault) => ({ code: fault.code, description: fault.description })),
  };
}

const known = new Set([403, 404, 429, 503]);

/** Turns any refusal of the domain into the standard's errors. Null: nothing that a client could mend. */
export function toApiError(error: unknown): ApiError | null {
  if (error instanceof ApiError) return error;
  if (error instanceof Invalid)
    return new ApiError(
      error.faults.map((fault) => ({ code: 400, description: `${fault.field}: ${fault.message}` })),
    );
  if (error instanceof Refusal) {
    const retryAfter = error.detail.retryAfter;
    return new ApiError(
      [
        {
          code: known.has(error.status) ? error.status : 400,
          description: `${error.code}: ${error.message}`,
        },
      ],
      typeof retryAfter === 'number' ? retryAfter : undefined,
    );
  }
  return null;
}
