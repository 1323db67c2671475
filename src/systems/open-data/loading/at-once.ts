import type { Platform } from '#platform/system.ts';
import { runOneLoad } from './loads.ts';

/** A load with the bytes of its file; null: none was asked for. */
interface Asked {
  readonly load: string | null;
  readonly content: { readonly bytes: number };
}

/** Files up to this size are loaded while whoever sent them waits, in bytes. */
const largestAtOnce = 5 * 1024 * 1024;
/** So many at a time in one process; others wait for the job, as larger files do. */
const seats = 2;
let taken = 0;

/**
 * Loads small files that have just become files of resources, so that their senders hear at once what became of them and their
 * addresses answer rightly from the first request on. Call it after the transaction. It throws nothing: the job that was asked
 * for with the load finds what is left to do.
 */
export async function loadAtOnce(platform: Platform, asked: readonly Asked[]): Promise<void> {
  for (const { load, content } of asked) {
    if (load === null || content.bytes > largestAtOnce || taken >= seats) continue;
    taken += 1;
    await runOneLoad(platform, load)
      .catch(() => {})
      .finally(() => {
        taken -= 1;
      });
  }
}
