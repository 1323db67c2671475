import type { Reader } from './pool.ts';

/** From here on a total is kept: a few more or fewer do not matter to who leafs, and counting anew costs more than the page. */
const large = 1_000;
/** No older than a page that the anonymous cache answers. */
const lifetime = 2_000;
/** So many filters are remembered per database. */
const capacity = 500;

const kept = new WeakMap<Reader, Map<string, { readonly at: number; readonly total: number }>>();

/**
 * How many rows a list has. A total under a thousand is counted every time; a larger one is answered from memory for two
 * seconds, in each process by itself.
 *
 * @param what names the list and its filter: the same words, the same total.
 * @param count asks the database.
 * @param milliseconds a monotonic clock: a jump of the machine's time must not keep a total.
 */
export async function totalOf(
  reader: Reader,
  what: string,
  count: () => Promise<number>,
  milliseconds: () => number = () => performance.now(),
): Promise<number> {
  const totals = kept.get(reader) ?? new Map();
  kept.set(reader, totals);
  const known = totals.get(what);
  if (known && milliseconds() - known.at < lifetime) return known.total;
  const at = milliseconds();
  const total = await count();
  totals.delete(what);
  if (total >= large) totals.set(what, { at, total });
  if (totals.size > capacity) totals.delete(totals.keys().next().value!);
  return total;
}
