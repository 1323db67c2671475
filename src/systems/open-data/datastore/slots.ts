import { Refusal } from '#platform/errors.ts';

/** Places for work that would take all of the machine: so many run, so many wait in order, the next is told to come later. */
export interface Slots {
  /**
   * Waits for a place.
   *
   * @returns what gives it back.
   * @throws Refusal 429 with `retryAfter` in seconds when nobody more may wait.
   */
  take(): Promise<() => void>;
  /** The same around an act. */
  run<T>(act: () => Promise<T>): Promise<T>;
}

export function slots(places: { readonly running: number; readonly waiting: number }): Slots {
  let running = 0;
  const queue: (() => void)[] = [];
  const free = () => {
    const next = queue.shift();
    if (next) next();
    else running -= 1;
  };
  const take = async () => {
    if (running < places.running) running += 1;
    else if (queue.length >= places.waiting)
      throw new Refusal(429, 'busy', 'Too many heavy queries are running; try again in a few seconds.', {
        retryAfter: 5,
      });
    else await new Promise<void>((resolve) => queue.push(resolve));
    let isGivenBack = false;
    return () => {
      if (!isGivenBack) free();
      isGivenBack = true;
    };
  };
  return {
    take,
    async run(act) {
      const giveBack = await take();
      try {
        return await act();
      } finally {
        giveBack();
      }
    },
  };
}
