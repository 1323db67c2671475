import type { Platform } from '#platform/system.ts';
import { runOneLoad } from './loads.ts';

/** A load with the bytes of its file; null: none was asked for. */
interface Asked {
  readonly load: string | null;
  readonly content: { readonly bytes: number };
}

/** Files up to this size are loaded while whoever sent them waits, in bytes. */
const largestAtOnce = 5 * 1024 * 1024;
/** So many at a time in one process. */
const seats = 2;
let taken = 0;
const waiting: (() => void)[] = [];
/** Whoever waits longer for a seat, in milliseconds, leaves the load to its job. */
const patience = 10_000;

/** @returns whether there is a seat; whoever has one gives it back by `leave`. */
function seat(): Promise<boolean> {
  if (taken < seats) {
    taken += 1;
    return Promise.resolve(true);
  }
  return new Promise((resolve) => {
    const come = () => {
      clearTimeout(late);
      resolve(true);
    };
    const late = setTimeout(() => {
      waiting.splice(waiting.indexOf(come), 1);
      resolve(false);
    }, patience);
    waiting.push(come);
  });
}

function leave(): void {
  const next = waiting.shift();
  if (next) next();
  else taken -= 1;
}

/**
 * Loads small files that have just become files of resources, so that their senders hear at once what became of them and their
 * addresses answer rightly from the first request on. Call it after the transaction. It throws nothing: the job that was asked
 * for with the load finds what is left to do.
 */
export async function loadAtOnce(platform: Platform, asked: readonly Asked[]): Promise<void> {
  for (const { load, content } of asked) {
    if (load === null || content.bytes > largestAtOnce || !(await seat())) continue;
    await runOneLoad(platform, load)
      .catch(() => {})
      .finally(leave);
  }
}
