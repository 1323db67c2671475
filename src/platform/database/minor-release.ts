/**
 * The least minor number that PostgreSQL has for a major version by its published schedule: the first in November of the
 * version's year, then one on the second Thursday of each February, May, August and November. Releases out of turn only make
 * the true number higher. https://www.postgresql.org/developer/roadmap/
 *
 * @param major such as 18, which appeared in 2025.
 */
export function promisedMinor(major: number, now: Date): number {
  let count = 0;
  for (let month = 10; ; month += 3) {
    // In the afternoon, when they are out everywhere.
    if (secondThursday(major + 2007, month) > now.getTime()) return count;
    count += 1;
  }
}

/** What to say of a server that is behind that schedule; null: nothing. `version` as in server_version_num. */
export function oldMinor(version: number, now: Date): string | null {
  const [major, minor] = [Math.floor(version / 10_000), version % 10_000];
  const promised = promisedMinor(major, now);
  if (minor >= promised) return null;
  return `PostgreSQL ${major}.${minor} is old: ${major}.${promised} or newer is out, with mended faults`;
}

function secondThursday(year: number, month: number): number {
  const first = new Date(Date.UTC(year, month, 1, 18));
  return Date.UTC(year, month, 1 + ((11 - first.getUTCDay()) % 7) + 7, 18);
}
