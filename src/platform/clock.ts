/** Where the time comes from. Domain code is given one of these and never reads the machine's clock itself. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands still until it is moved: for tests, and for making a demo year in seconds. */
export interface ManualClock extends Clock {
  set(instant: Date | string): void;
  /** Moves forward by milliseconds. */
  advance(milliseconds: number): void;
}

export function manualClock(start: Date | string): ManualClock {
  let current = new Date(start).getTime();
  return {
    now: () => new Date(current),
    set: (instant) => {
      current = new Date(instant).getTime();
    },
    advance: (milliseconds) => {
      current += milliseconds;
    },
  };
}
