import { countInWork } from '../http/counting.ts';
import type { Platform } from '../system.ts';
import type { Actor } from '../work.ts';

/** Bytes that one person may send in a day, or one network of those who have not signed in (platform.md §9.2). */
export const bytesPerDay = 200 * 1024 * 1024;
const limit = { name: 'bytes', count: bytesPerDay, seconds: 86_400 };

/**
 * Counts a file against what its sender may send in a day; one that would be too much is not counted.
 *
 * @param network of a visitor who has not signed in; null: nobody is counted, such as a program with a key, which has limits of its own.
 * @returns whether it may be kept.
 */
export async function countBytes(
  platform: Platform,
  actor: Actor,
  network: string | null,
  bytes: number,
): Promise<boolean> {
  const own = actor.kind === 'person' || actor.kind === 'staff';
  const who = own
    ? `person ${actor.id}`
    : actor.kind === 'anonymous' && network
      ? `network ${network}`
      : null;
  if (who === null) return true;
  return platform.work(actor, async (work) => {
    if ((await countInWork(work, limit, who, bytes)) === null) return true;
    await countInWork(work, limit, who, -bytes);
    return false;
  });
}
