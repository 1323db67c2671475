import { Refusal } from '#platform/errors.ts';

/** Places for work that would take all of the machine: so many run, so many wait in order, the next is told to come later. */
export interface Slots {
  /** @throws Refusal 429 with `retryAfter` in seconds when nobody more may wait. */
  run<T>(act: () => Promise<T>): Promise<T>;
}

export function slots(places: { readonly running: number; readonly waiting: number }): Slots {
  let running = 0;
  const queue: (() => void)[] = [];
  return {
    async run(act) {
      if (running >= places.running) {
        if (queue.length >= places.waiting)
          throw new Refusal(429, 'busy', 'Too many heavy queries are running; try again in a few seconds.', {
            retryAfter: 5,
          });
        await new Promise<void>((resolve) => queue.push(resolve));
      } else running += 1;
      try {
        return await act();
      } finally {
        const next = queue.shift();
        if (next) next();
        else running -= 1;
      }
    },
  };
}
